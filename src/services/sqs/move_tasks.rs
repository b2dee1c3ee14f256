//! Message move tasks: they move messages back from a dead-letter queue.
//!
//! A task moves in steps, each when its alarm comes: as many messages as its rate allows by then, or a thousand at a
//! time if it has no rate, so that no queue is locked for long. A queue does not look up destinations: it keeps the
//! first message from a source that the task does not know yet, and the task looks that up and tries again.

use std::sync::{Arc, Weak};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use serde::Deserialize;

use super::hosted_queue::HostedQueue;
use super::queue::NewMessage;
use super::queue::input::{Count, KeptMessage, Movable, Send, TakeForMove, TakenMessage};
use super::queues::Queues;
use crate::agenda::{Agenda, Sleeper};
use crate::clock::Timestamp;
use crate::ids::{Id, Ids};
use crate::trace::{Traces, What};

/// Messages that a task without a rate moves in one step.
const STEP: usize = 1000;

/// Tasks that are kept to be listed, finished ones and the running one: as many as one listing can have.
pub(crate) const KEPT: usize = 10;

/// The state of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Running,
    Completed,
    Cancelled,
    Failed(&'static str),
}

impl Status {
    /// The status as AWS names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed(_) => "FAILED",
        }
    }
}

/// The progress of a task.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    pub(crate) status: Status,
    pub(crate) moved: u64,
}

/// A task: its request and its progress.
#[derive(Debug)]
pub(crate) struct MoveTask {
    pub(crate) id: Id,
    pub(crate) source_arn: Arc<str>,
    /// The destination of all messages; if absent, each goes back to its own source.
    pub(crate) destination_arn: Option<Arc<str>>,
    /// Messages per second, if the caller set a rate.
    pub(crate) rate: Option<u32>,
    pub(crate) started_at: Timestamp,
    /// The messages that were visible in the source at the start.
    pub(crate) to_move: u64,
    progress: Mutex<Progress>,
    resources: Resources,
    myself: Weak<Self>,
}

/// The parts of the service that a task uses.
#[derive(Debug)]
pub(crate) struct Resources {
    pub(crate) source: Weak<HostedQueue>,
    pub(crate) queues: Weak<Queues>,
    pub(crate) agenda: Arc<Agenda>,
    pub(crate) ids: Arc<Ids>,
    pub(crate) traces: Arc<Traces>,
}

/// A caller's request, checked.
#[derive(Debug)]
pub(crate) struct MoveRequest {
    pub(crate) source: Arc<HostedQueue>,
    pub(crate) destination_arn: Option<Arc<str>>,
    pub(crate) rate: Option<u32>,
}

impl MoveTask {
    /// Starts a task; its first step comes with the next alarm.
    pub(crate) fn start(
        request: MoveRequest,
        now: Timestamp,
        id: Id,
        resources: Resources,
    ) -> Arc<Self> {
        // A queue that has been deleted meanwhile has nothing to move.
        let counts = request.source.waiting.apply(now, Count);
        let to_move = counts.unwrap_or_default().visible as u64;
        let task = Arc::new_cyclic(|myself| Self {
            id,
            source_arn: request.source.arn.clone(),
            destination_arn: request.destination_arn,
            rate: request.rate,
            started_at: now,
            to_move,
            progress: Mutex::new(Progress {
                status: Status::Running,
                moved: 0,
            }),
            resources,
            myself: myself.clone(),
        });
        task.set_alarm(now);
        task
    }

    pub(crate) fn progress(&self) -> Progress {
        *self.progress.lock()
    }

    /// Ends the task if it is running, and returns how many messages it has moved; these stay moved.
    pub(crate) fn cancel(&self) -> Option<u64> {
        let mut progress = self.progress.lock();
        (progress.status == Status::Running).then(|| {
            progress.status = Status::Cancelled;
            progress.moved
        })
    }

    /// The text with which a caller cancels the task.
    pub(crate) fn handle(&self) -> String {
        let source = serde_json::Value::from(&*self.source_arn);
        STANDARD.encode(format!(
            r#"{{"taskId":"{}","sourceArn":{source}}}"#,
            self.id
        ))
    }

    /// One step: moves what its rate allows by now. The progress stays locked, so that a cancelled task moves nothing more.
    fn step(&self, now: Timestamp) {
        let mut progress = self.progress.lock();
        if progress.status != Status::Running {
            return;
        }
        let (Some(source), Some(queues)) = (
            self.resources.source.upgrade(),
            self.resources.queues.upgrade(),
        ) else {
            return;
        };
        let allowed = self.allowed(now, progress.moved);
        // The source was deleted, and its task with it.
        let Some((count, failure)) = self.move_messages(now, &source, &queues, allowed) else {
            return;
        };
        progress.moved += count as u64;
        if let Some(reason) = failure {
            progress.status = Status::Failed(reason);
        } else if count < allowed || progress.moved >= self.to_move {
            progress.status = Status::Completed;
        } else {
            self.set_alarm(self.next_step(now, progress.moved));
        }
    }

    /// Moves up to `max_messages`. Returns how many it has moved, and why the next one cannot be moved; `None` if the
    /// source is deleted.
    fn move_messages(
        &self,
        now: Timestamp,
        source: &HostedQueue,
        queues: &Queues,
        max_messages: usize,
    ) -> Option<(usize, Option<&'static str>)> {
        let mut destinations = Destinations::new(self.destination_arn.as_deref(), queues);
        let mut count = 0;
        loop {
            let take = TakeForMove {
                max_messages: max_messages - count,
                movable: destinations.movable(),
            };
            let taken = source.waiting.apply(now, take)?;
            count += taken.messages.len();
            for taken in taken.messages {
                self.send(now, &destinations, taken);
            }
            let Some(kept) = taken.kept else {
                return Some((count, None));
            };
            if let Err(reason) = destinations.find(&kept, queues) {
                tracing::debug!(message_id = %kept.id, reason, "a message cannot be moved");
                return Some((count, Some(reason)));
            }
        }
    }

    /// Sends a message to its destination as a new one. If that has been deleted meanwhile, the message is gone too.
    fn send(&self, now: Timestamp, destinations: &Destinations, taken: TakenMessage) {
        let (id, old_id) = (self.resources.ids.message_id(), taken.message.id);
        let message = NewMessage {
            id,
            ..taken.message
        };
        if let Some(destination) = destinations.of(taken.dead_letter_source.as_ref()) {
            destination.waiting.apply(now, Send(message));
            self.resources.traces.record(now, old_id, || What::Moved {
                from: Arc::clone(&self.source_arn),
                to: Arc::clone(&destination.arn),
                id,
            });
        }
    }

    /// How many messages may be moved now.
    fn allowed(&self, now: Timestamp, moved: u64) -> usize {
        let left = self.to_move.saturating_sub(moved);
        let by_now = match self.rate {
            None => STEP as u64,
            Some(rate) => {
                let elapsed = now.as_millis().saturating_sub(self.started_at.as_millis());
                (elapsed * u64::from(rate) / 1000).saturating_sub(moved)
            }
        };
        usize::try_from(left.min(by_now)).unwrap_or(usize::MAX)
    }

    fn next_step(&self, now: Timestamp, moved: u64) -> Timestamp {
        match self.rate {
            None => now,
            Some(rate) => {
                let due = ((moved + 1) * 1000).div_ceil(u64::from(rate));
                self.started_at + Duration::from_millis(due)
            }
        }
    }

    fn set_alarm(&self, moment: Timestamp) {
        let myself: Weak<dyn Sleeper> = self.myself.clone();
        self.resources.agenda.set(moment, myself);
    }
}

/// The known destinations of one step's messages.
enum Destinations {
    /// One queue for all, if it exists.
    One(Option<Arc<HostedQueue>>),
    /// For each message the queue that it came from.
    Sources(Vec<(Arc<str>, Arc<HostedQueue>)>),
}

impl Destinations {
    fn new(destination_arn: Option<&str>, queues: &Queues) -> Self {
        match destination_arn {
            Some(arn) => Self::One(queues.by_arn(arn)),
            None => Self::Sources(Vec::new()),
        }
    }

    /// The messages whose destination is known, and accepts them.
    fn movable(&self) -> Movable {
        match self {
            Self::One(Some(queue)) => Movable::All(queue.maximum_message_size()),
            Self::One(None) => Movable::DeadLettersOf(Vec::new()),
            Self::Sources(known) => {
                let known = known.iter();
                let known = known.map(|(arn, queue)| (arn.clone(), queue.maximum_message_size()));
                Movable::DeadLettersOf(known.collect())
            }
        }
    }

    fn of(&self, source: Option<&Arc<str>>) -> Option<&Arc<HostedQueue>> {
        match self {
            Self::One(destination) => destination.as_ref(),
            Self::Sources(known) => {
                let mut known = known.iter();
                let (_, destination) = known.find(|(arn, _)| Some(arn) == source)?;
                Some(destination)
            }
        }
    }

    /// Looks up the destination of a message that was kept, or returns why the task fails.
    fn find(&mut self, kept: &KeptMessage, queues: &Queues) -> Result<(), &'static str> {
        const MISSING: &str = "AWS.SimpleQueueService.NonExistentQueue";
        // The code of the error for a message that is too large. What AWS says here is not known.
        const TOO_LARGE: &str = "InvalidParameterValue";
        let known = match self {
            Self::One(None) => return Err(MISSING),
            Self::One(Some(_)) => return Err(TOO_LARGE),
            Self::Sources(known) => known,
        };
        let source = kept.dead_letter_source.as_ref();
        let source = source.ok_or("CouldNotDetermineMessageSource")?;
        if known.iter().any(|(arn, _)| arn == source) {
            return Err(TOO_LARGE);
        }
        known.push((source.clone(), queues.by_arn(source).ok_or(MISSING)?));
        Ok(())
    }
}

impl Sleeper for MoveTask {
    fn wake(self: Arc<Self>, now: Timestamp) {
        self.step(now);
    }
}

/// The contents of a task's handle.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskHandle {
    task_id: String,
    pub(crate) source_arn: String,
}

impl TaskHandle {
    pub(crate) fn read(handle: &str) -> Option<Self> {
        serde_json::from_slice(&STANDARD.decode(handle).ok()?).ok()
    }

    pub(crate) fn task_id(&self) -> Option<Id> {
        Id::parse(&self.task_id)
    }
}
