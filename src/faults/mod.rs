//! Faults: what goes wrong on purpose, so that a test sees what its program does then.
//!
//! A fault is a match, an effect and limits. In reading order: [`definition`] is what a user asks for, read from JSON with
//! `members`, [`scope`] which calls, entries, messages or requests it matches, [`effect`] what it does to them; `draw`
//! decides by chance, and the same for the same seed; [`error`] is the error that it answers with; [`clients`] says what
//! today's SDKs make of it; [`chaos`] are sets of faults to start with. Here, [`Faults`] is all that are set, and counts
//! how often each struck.
//!
//! Apart from its lock it is pure: callers say what time it is, and carry out the effects. Where no fault is set, asking costs
//! one load.

pub mod chaos;
pub mod clients;
pub mod definition;
mod draw;
pub mod effect;
pub mod error;
mod members;
pub mod scope;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use crate::clock::Timestamp;
use crate::wire::ErrorInfo;

pub use chaos::Chaos;
use definition::Definition;
use draw::Draw;
use effect::{Effect, EndpointFault, Injected};
use scope::Facts;

/// How many faults there may be at once.
const MOST: usize = 1000;

/// All faults that are set.
#[derive(Debug, Default)]
pub struct Faults {
    is_any: AtomicBool,
    /// In the order in which they were set, which is that in which they are asked.
    list: RwLock<Vec<Arc<Fault>>>,
    chaos: Option<Chaos>,
}

/// A fault that is set.
#[derive(Debug)]
pub struct Fault {
    name: String,
    definition: Definition,
    /// When it ends, by the services' clock.
    ends: Option<Timestamp>,
    tally: Mutex<Tally>,
}

/// How often a fault has been asked, and how often it struck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What it matched while it was in force: calls, entries, messages or requests.
    pub matched: u64,
    /// What it struck of them.
    pub struck: u64,
}

/// There are as many faults as there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There are {MOST} faults already.")]
pub struct TooMany;

/// What becomes of a call.
#[derive(Debug, Default)]
pub struct CallFault {
    /// How long its answer takes, besides what it takes anyway.
    pub latency: Duration,
    /// What happens instead of its answer.
    pub instead: Option<Instead>,
}

/// What happens instead of an answer.
#[derive(Debug)]
pub enum Instead {
    /// An error; nothing is done.
    Error(Injected),
    /// The connection is closed, before the call is carried out or after it.
    Reset {
        /// Whether the call is carried out.
        is_after: bool,
    },
}

impl Faults {
    /// No faults but those of `chaos`, if there is one.
    pub fn new(chaos: Option<Chaos>) -> Self {
        let faults = Self {
            chaos,
            ..Self::default()
        };
        faults.reset();
        faults
    }

    /// Whether there is any fault.
    pub fn are_set(&self) -> bool {
        self.is_any.load(Ordering::Relaxed)
    }

    /// Sets a fault. One of its name is replaced, in its place.
    pub fn set(
        &self,
        name: &str,
        definition: Definition,
        now: Timestamp,
    ) -> Result<Arc<Fault>, TooMany> {
        let fault = Arc::new(Fault::new(name, definition, now));
        let mut list = self.list.write();
        match list.iter().position(|old| old.name == name) {
            Some(place) => list[place] = fault.clone(),
            None if list.len() < MOST => list.push(fault.clone()),
            None => return Err(TooMany),
        }
        self.is_any.store(true, Ordering::Relaxed);
        Ok(fault)
    }

    /// The fault of this name.
    pub fn get(&self, name: &str) -> Option<Arc<Fault>> {
        let list = self.list.read();
        list.iter().find(|fault| fault.name == name).cloned()
    }

    /// All faults, in the order in which they were set.
    pub fn all(&self) -> Vec<Arc<Fault>> {
        self.list.read().clone()
    }

    /// Removes the fault of this name; false if there is none.
    pub fn remove(&self, name: &str) -> bool {
        let mut list = self.list.write();
        let before = list.len();
        list.retain(|fault| fault.name != name);
        self.is_any.store(!list.is_empty(), Ordering::Relaxed);
        list.len() < before
    }

    /// Removes all faults, and says how many there were.
    pub fn clear(&self) -> usize {
        let removed = std::mem::take(&mut *self.list.write());
        self.is_any.store(false, Ordering::Relaxed);
        removed.len()
    }

    /// Makes them what they were at the start: those of the chaos, as if they had never struck, and no others.
    pub fn reset(&self) {
        let initial = self.chaos.map(Chaos::faults).unwrap_or_default();
        let mut list = self.list.write();
        // They have no end, so that their beginning does not matter.
        let faults = initial
            .into_iter()
            .map(|(name, definition)| Arc::new(Fault::new(name, definition, Timestamp::default())));
        *list = faults.collect();
        self.is_any.store(!list.is_empty(), Ordering::Relaxed);
    }

    /// What becomes of a call: latencies add up, and the first error or reset ends the search.
    pub fn of_call(&self, now: Timestamp, facts: &Facts<'_>) -> CallFault {
        let mut outcome = CallFault::default();
        for fault in &*self.list.read() {
            let effect = &fault.definition.effect;
            if !effect.is_of_calls() {
                continue;
            }
            let Some(draw) = fault.strike(now, facts) else {
                continue;
            };
            match effect {
                Effect::Latency { least, jitter } => {
                    outcome.latency += draw.between(*least, *jitter);
                }
                Effect::Error(error) => outcome.instead = Some(Instead::Error(error.clone())),
                Effect::Reset { is_after } => {
                    let is_after = *is_after;
                    outcome.instead = Some(Instead::Reset { is_after });
                }
                _ => {}
            }
            if outcome.instead.is_some() {
                break;
            }
        }
        outcome
    }

    /// The error of a batch's entry, if it is to fail.
    pub fn of_entry(&self, now: Timestamp, facts: &Facts<'_>) -> Option<Injected> {
        self.find(now, facts, |effect, _| match effect {
            Effect::PartialBatch(error) => Some(error.clone()),
            _ => None,
        })
    }

    /// Whether a message comes twice.
    pub fn doubles(&self, now: Timestamp, facts: &Facts<'_>) -> bool {
        let found = self.find(now, facts, |effect, _| {
            matches!(effect, Effect::Duplicate).then_some(())
        });
        found.is_some()
    }

    /// How many messages a receive passes over.
    pub fn passed_over(&self, now: Timestamp, facts: &Facts<'_>) -> usize {
        let found = self.find(now, facts, |effect, draw| match effect {
            Effect::Reorder { within } => Some(draw.up_to(*within)),
            _ => None,
        });
        found.unwrap_or(0)
    }

    /// How long a received message stays hidden, if it is shown again too early.
    pub fn visibility(&self, now: Timestamp, facts: &Facts<'_>) -> Option<Duration> {
        self.find(now, facts, |effect, _| match effect {
            Effect::LoseVisibility { after } => Some(*after),
            _ => None,
        })
    }

    /// How old the counts of a queue are that are shown.
    pub fn staleness(&self, now: Timestamp, facts: &Facts<'_>) -> Option<Duration> {
        self.find(now, facts, |effect, _| match effect {
            Effect::StaleCounts { age } => Some(*age),
            _ => None,
        })
    }

    /// How old counts may be shown at most: nothing where none are.
    pub fn stalest(&self) -> Option<Duration> {
        let list = self.list.read();
        let ages = list
            .iter()
            .filter_map(|fault| match fault.definition.effect {
                Effect::StaleCounts { age } => Some(age),
                _ => None,
            });
        ages.max()
    }

    /// What becomes of a request to an HTTP endpoint.
    pub fn of_endpoint(&self, now: Timestamp, url: &str) -> Option<EndpointFault> {
        self.find(now, &Facts::of_url(url), |effect, _| match effect {
            Effect::Endpoint(fault) => Some(*fault),
            _ => None,
        })
    }

    /// The first fault that has such an effect and strikes. Those that have another are not asked.
    fn find<T>(
        &self,
        now: Timestamp,
        facts: &Facts<'_>,
        pick: impl Fn(&Effect, Draw) -> Option<T>,
    ) -> Option<T> {
        let list = self.list.read();
        list.iter().find_map(|fault| {
            let effect = &fault.definition.effect;
            // Whether the effect is meant does not depend on the draw.
            pick(effect, Draw::default())?;
            pick(effect, fault.strike(now, facts)?)
        })
    }
}

impl Fault {
    fn new(name: &str, definition: Definition, now: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            ends: definition.lasting.map(|duration| now + duration),
            definition,
            tally: Mutex::default(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }

    /// When it ends, if it does by itself.
    pub const fn ends(&self) -> Option<Timestamp> {
        self.ends
    }

    /// How often it was asked, and struck.
    pub fn tally(&self) -> Tally {
        *self.tally.lock()
    }

    /// Whether it will strike no more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.is_used_up(now, *self.tally.lock())
    }

    fn is_used_up(&self, now: Timestamp, tally: Tally) -> bool {
        let has_ended = self.ends.is_some_and(|ends| ends <= now);
        let limit = self.definition.count;
        has_ended || limit.is_some_and(|limit| tally.struck >= limit)
    }

    /// The chance for what it does, if it strikes what the facts are of.
    fn strike(&self, now: Timestamp, facts: &Facts<'_>) -> Option<Draw> {
        let scope = &self.definition.scope;
        if !scope.matches(facts) {
            return None;
        }
        let mut tally = self.tally.lock();
        if self.is_used_up(now, *tally) {
            return None;
        }
        tally.matched += 1;
        let draw = Draw::new(scope.seed, tally.matched);
        if !scope.selects(tally.matched, draw) {
            return None;
        }
        tally.struck += 1;
        drop(tally);
        tracing::debug!(fault = &*self.name, "a fault struck");
        Some(draw.next())
    }
}

impl Injected {
    /// The error as a service answers it; `known` are the errors of that service's own tables.
    pub fn info(&self, service: &str, known: &[ErrorInfo]) -> ErrorInfo {
        error::info(self, service, known)
    }
}

#[cfg(test)]
mod tests;
