//! Message move tasks: what brings dead letters back.
//!
//! A task moves in steps, each when its alarm comes: as many messages as its rate allows by then, or a thousand at a time
//! where it has no rate, so that no queue is locked for long.

use std::sync::{Arc, Weak};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use serde::Deserialize;

use super::hosted_queue::HostedQueue;
use super::queue::NewMessage;
use super::queues::Queues;
use crate::agenda::{Agenda, Sleeper};
use crate::clock::Timestamp;
use crate::ids::{Id, Ids};

/// Messages that a task without a rate moves between two looks at the clock.
const STEP: usize = 1000;

/// Finished tasks that are kept to be listed, the running one included: as many as can be listed at once.
pub(crate) const KEPT: usize = 10;

/// How far a task is.
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

/// What a task has done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    pub(crate) status: Status,
    pub(crate) moved: u64,
}

/// What a task was told, and how far it is.
#[derive(Debug)]
pub(crate) struct MoveTask {
    pub(crate) id: Id,
    pub(crate) source_arn: Arc<str>,
    /// Where all messages go; each goes back to where it came from when absent.
    pub(crate) destination_arn: Option<Arc<str>>,
    /// Messages a second, where the caller said so.
    pub(crate) rate: Option<u32>,
    pub(crate) started_at: Timestamp,
    /// The messages that were visible in the source at the start.
    pub(crate) to_move: u64,
    progress: Mutex<Progress>,
    machinery: Machinery,
    myself: Weak<Self>,
}

/// What a task works with.
#[derive(Debug)]
pub(crate) struct Machinery {
    pub(crate) source: Weak<HostedQueue>,
    pub(crate) queues: Weak<Queues>,
    pub(crate) agenda: Arc<Agenda>,
    pub(crate) ids: Arc<Ids>,
}

/// What a caller asked for, checked.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) source: Arc<HostedQueue>,
    pub(crate) destination_arn: Option<Arc<str>>,
    pub(crate) rate: Option<u32>,
}

impl MoveTask {
    /// Starts a task; its first step comes with the next alarm.
    pub(crate) fn start(order: Order, now: Timestamp, id: Id, machinery: Machinery) -> Arc<Self> {
        let to_move = order.source.waiting.look(|core| core.counts(now)).visible as u64;
        let task = Arc::new_cyclic(|myself| Self {
            id,
            source_arn: order.source.arn.clone(),
            destination_arn: order.destination_arn,
            rate: order.rate,
            started_at: now,
            to_move,
            progress: Mutex::new(Progress {
                status: Status::Running,
                moved: 0,
            }),
            machinery,
            myself: myself.clone(),
        });
        task.set_alarm(now);
        task
    }

    pub(crate) fn progress(&self) -> Progress {
        *self.progress.lock()
    }

    /// Ends the task if it runs. What was moved stays moved; says how much that is.
    pub(crate) fn cancel(&self) -> Option<u64> {
        let mut progress = self.progress.lock();
        (progress.status == Status::Running).then(|| {
            progress.status = Status::Cancelled;
            progress.moved
        })
    }

    /// The text by which a caller cancels the task.
    pub(crate) fn handle(&self) -> String {
        let source = serde_json::Value::from(&*self.source_arn);
        STANDARD.encode(format!(
            r#"{{"taskId":"{}","sourceArn":{source}}}"#,
            self.id
        ))
    }

    /// One step: moves what may be moved by now. The progress stays locked, so that a cancelled task moves nothing more.
    fn step(&self, now: Timestamp) {
        let mut progress = self.progress.lock();
        if progress.status != Status::Running {
            return;
        }
        let (Some(source), Some(queues)) = (
            self.machinery.source.upgrade(),
            self.machinery.queues.upgrade(),
        ) else {
            return;
        };
        let allowed = self.allowed(now, progress.moved);
        let mut failure = None;
        let mut targets = Vec::new();
        let taken = source.waiting.change(now, |core, now| {
            core.take_for_move(now, allowed, &mut |letter_source| {
                match self.target(&queues, letter_source) {
                    Ok(target) => targets.push(target),
                    Err(reason) => failure = Some(reason),
                }
                failure.is_none()
            })
        });
        // The source was deleted, and its task with it.
        let Some(taken) = taken else { return };
        let count = taken.messages.len();
        for ((message, _), target) in taken.messages.into_iter().zip(targets) {
            let message = NewMessage {
                id: self.machinery.ids.message_id(),
                ..message
            };
            target
                .waiting
                .change(now, |core, now| core.send(now, message));
        }
        progress.moved += count as u64;
        if let Some(reason) = failure {
            progress.status = Status::Failed(reason);
        } else if count < allowed || progress.moved >= self.to_move {
            progress.status = Status::Completed;
        } else {
            self.set_alarm(self.next_step(now, progress.moved));
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

    /// The queue that a message goes to, or why the task fails.
    fn target(
        &self,
        queues: &Queues,
        letter_source: Option<&Arc<str>>,
    ) -> Result<Arc<HostedQueue>, &'static str> {
        let arn = self.destination_arn.as_ref().or(letter_source);
        let arn = arn.ok_or("CouldNotDetermineMessageSource")?;
        queues
            .by_arn(arn)
            .ok_or("AWS.SimpleQueueService.NonExistentQueue")
    }

    fn set_alarm(&self, moment: Timestamp) {
        let myself: Weak<dyn Sleeper> = self.myself.clone();
        self.machinery.agenda.set(moment, myself);
    }
}

impl Sleeper for MoveTask {
    fn wake(self: Arc<Self>, now: Timestamp) {
        self.step(now);
    }
}

/// What a task's handle holds.
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
