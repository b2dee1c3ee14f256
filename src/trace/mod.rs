//! Traces: what became of each message, kept so that somebody can ask why one did not arrive.
//!
//! In reading order: `step` is one thing that happened; here, [`Traces`] keeps the latest of them; `agents` shares the names
//! of callers' programs; `lineage` joins steps into the lives of messages; `whereabouts` is what services say when they are
//! asked, and `story` tells a life in the sentences of `told`.
//!
//! Recording costs a fixed-size value and one short lock: no text is written, nothing is looked up. All the rest happens when
//! somebody asks. So it is not recorded who did *not* get a message: it is kept what was published, and each subscription
//! and rule that changes is kept as it was, and the policies are asked again later, as they were at the time.

mod agents;
pub(crate) mod lineage;
mod step;
pub(crate) mod story;
pub(crate) mod told;
pub(crate) mod whereabouts;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock};

use agents::Agents;
use lineage::Recorded;
pub(crate) use step::{By, Content, End, Step, What};
use whereabouts::Witness;

use crate::aws::Caller;
use crate::aws::access::Denied;
use crate::clock::Timestamp;
use crate::ids::Id;

/// How many steps are kept by default.
pub(crate) const STEPS: usize = 10_000;

/// The most bytes of messages that the steps keep; many of them are in queues anyway, and are not held twice.
const BYTES: usize = 32 << 20;

/// How many steps are copied under one lock when somebody asks.
const AT_ONCE: usize = 1000;

/// A message whose steps others record for its service.
#[derive(Clone, Debug)]
pub(crate) struct Traced {
    pub(crate) traces: Arc<Traces>,
    pub(crate) id: Id,
    /// How often its endpoint was called for it before.
    pub(crate) earlier_attempts: u32,
}

/// The latest steps of all services.
pub(crate) struct Traces {
    /// How many steps are kept; none are recorded if it is zero.
    capacity: usize,
    ring: Mutex<Ring>,
    agents: Mutex<Agents>,
    witnesses: RwLock<Vec<Weak<dyn Witness>>>,
}

#[derive(Default)]
struct Ring {
    steps: VecDeque<Step>,
    /// How many came before the first of them, which are forgotten.
    forgotten: u64,
    bytes: usize,
}

impl Traces {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            ring: Mutex::default(),
            agents: Mutex::default(),
            witnesses: RwLock::default(),
        }
    }

    /// The same without any steps.
    pub(crate) fn emptied(&self) -> Self {
        Self::new(self.capacity)
    }

    /// Whether steps are recorded.
    pub(crate) const fn are_on(&self) -> bool {
        self.capacity > 0
    }

    /// Records a step in the life of the message with this id; `what` is asked only if steps are recorded.
    #[inline]
    pub(crate) fn record(&self, at: Timestamp, id: Id, what: impl FnOnce() -> What) {
        if self.are_on() {
            self.keep(Step {
                at,
                id,
                what: what(),
            });
        }
    }

    /// Records a step that is of no single message.
    #[inline]
    pub(crate) fn note(&self, at: Timestamp, what: impl FnOnce() -> What) {
        self.record(at, Step::OF_NO_MESSAGE, what);
    }

    /// Records that the policy of a resource refused a call.
    pub(crate) fn deny(&self, at: Timestamp, caller: &Caller<'_>, resource: &str, denied: &Denied) {
        self.note(at, || What::Denied {
            resource: resource.into(),
            action: denied.action.as_str().into(),
            reason: denied.reason.as_str().into(),
            by: self.by(caller),
        });
    }

    /// Who calls.
    pub(crate) fn by(&self, caller: &Caller<'_>) -> By {
        let agent = caller.user_agent;
        By {
            account: caller.account,
            agent: agent.map(|agent| self.agents.lock().shared(agent)),
        }
    }

    fn keep(&self, step: Step) {
        let forgotten = self.ring.lock().push(step, self.capacity);
        // Outside of the lock: it may be the last that holds a message.
        drop(forgotten);
    }

    /// Makes a service known that can say more of steps than they hold.
    pub(crate) fn register(&self, witness: Weak<dyn Witness>) {
        self.witnesses.write().push(witness);
    }

    pub(crate) fn witnesses(&self) -> Vec<Arc<dyn Witness>> {
        let witnesses = self.witnesses.read();
        witnesses.iter().filter_map(Weak::upgrade).collect()
    }

    /// All steps that are kept, the oldest first.
    pub(crate) fn recorded(&self) -> Vec<Recorded> {
        let mut recorded = Vec::new();
        let mut passed = 0;
        while self.ring.lock().copy(&mut passed, &mut recorded) {}
        recorded
    }

    /// How many steps have been forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.ring.lock().forgotten
    }
}

impl Default for Traces {
    fn default() -> Self {
        Self::new(STEPS)
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

impl Ring {
    /// Adds a step, and returns those that it leaves no room for.
    fn push(&mut self, step: Step, capacity: usize) -> (Option<Step>, Vec<Step>) {
        let forgotten = if self.steps.len() < capacity {
            None
        } else {
            self.forget()
        };
        self.bytes += step.what.bytes();
        self.steps.push_back(step);
        // Seldom: messages are small.
        let mut more = Vec::new();
        while self.bytes > BYTES && self.steps.len() > 1 {
            more.extend(self.forget());
        }
        (forgotten, more)
    }

    fn forget(&mut self) -> Option<Step> {
        let step = self.steps.pop_front()?;
        self.forgotten += 1;
        self.bytes -= step.what.bytes();
        Some(step)
    }

    /// Copies some steps after the first `passed` ones, counting those that are forgotten. Says whether there are more.
    fn copy(&self, passed: &mut u64, to: &mut Vec<Recorded>) -> bool {
        let start = self.forgotten.max(*passed);
        let skipped = usize::try_from(start - self.forgotten).unwrap_or(usize::MAX);
        // Numbers begin with one.
        let steps = (start + 1..).zip(self.steps.iter().skip(skipped));
        to.extend(steps.take(AT_ONCE).map(|(sequence, step)| Recorded {
            sequence,
            step: step.clone(),
        }));
        *passed = start + AT_ONCE as u64;
        *passed < self.forgotten + self.steps.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purged(traces: &Traces, queue: &str) {
        traces.note(Timestamp::from_secs(1), || What::Purged {
            queue: queue.into(),
        });
    }

    fn sequences(traces: &Traces) -> Vec<u64> {
        let recorded = traces.recorded().into_iter();
        recorded.map(|recorded| recorded.sequence).collect()
    }

    #[test]
    fn the_latest_steps_are_kept() {
        let traces = Traces::new(3);
        for queue in ["a", "b", "c", "d", "e"] {
            purged(&traces, queue);
        }
        assert_eq!(sequences(&traces), [3, 4, 5]);
        assert_eq!(traces.forgotten(), 2);
        assert!(sequences(&traces.emptied()).is_empty());
    }

    #[test]
    fn nothing_is_asked_for_where_nothing_is_kept() {
        let traces = Traces::new(0);
        traces.note(Timestamp::default(), || {
            unreachable!("it would not be kept")
        });
        assert!(sequences(&traces).is_empty());
    }

    #[test]
    fn large_messages_take_the_place_of_more_steps() {
        let traces = Traces::new(100);
        let text: Arc<str> = "x".repeat(BYTES / 4).into();
        for _ in 0..10 {
            traces.note(Timestamp::default(), || What::Arrived {
                bus: "bus".into(),
                event: text.clone(),
            });
        }
        assert_eq!(sequences(&traces), [7, 8, 9, 10]);
        let larger: Arc<str> = "x".repeat(2 * BYTES).into();
        traces.note(Timestamp::default(), || What::Arrived {
            bus: "bus".into(),
            event: larger,
        });
        assert_eq!(sequences(&traces), [11]);
    }

    #[test]
    fn many_steps_are_copied_in_parts() {
        let traces = Traces::new(2 * AT_ONCE + 5);
        for _ in 0..3 * AT_ONCE {
            purged(&traces, "q");
        }
        let first = AT_ONCE as u64 - 4;
        let expected: Vec<_> = (first..=3 * AT_ONCE as u64).collect();
        assert_eq!(sequences(&traces), expected);
    }
}
