//! What faults do to queues and their messages, where the service has them. Without faults, each asks with one load.

use super::Sqs;
use super::error::Error;
use super::hosted_queue::HostedQueue;
use super::queue::input::{ChangeVisibility, Count, Receive, Send};
use super::queue::{Counts, Delivery, Kind, NewMessage};
use crate::aws::Caller;
use crate::clock::Timestamp;
use crate::faults::Faults;
use crate::faults::scope::{Facts, Resource};
use crate::wire::{ErrorInfo, Speaks};

/// Puts a message on a standard queue before it comes, if it is to come twice: the copy has the same id, and a life of its
/// own. The caller is none where another service delivers it.
pub(super) fn double(
    faults: &Faults,
    caller: Option<&Caller<'_>>,
    queue: &HostedQueue,
    now: Timestamp,
    message: &NewMessage,
) {
    if !faults.are_set() || queue.kind() == Kind::Fifo {
        return;
    }
    let (service, resources) = (Sqs::MODEL.name, [queue_of(queue)]);
    let facts = match caller {
        Some(caller) => Facts::of_call(service, caller, &resources),
        None => Facts {
            service: Some(service),
            account: Some(queue.name.account),
            resources: &resources,
            ..Facts::default()
        },
    };
    if faults.doubles(now, &facts) {
        queue.waiting.apply(now, Send(message.clone()));
    }
}

fn queue_of(queue: &HostedQueue) -> Resource<'_> {
    Resource::Queue(&queue.name.name)
}

impl Sqs {
    /// Refuses an entry of a batch that is to fail.
    pub(super) fn check_entry(
        &self,
        caller: &Caller<'_>,
        queue: &HostedQueue,
    ) -> Result<(), Box<ErrorInfo>> {
        if !self.faults.are_set() {
            return Ok(());
        }
        let resources = [queue_of(queue)];
        let facts = Facts::of_call(Self::MODEL.name, caller, &resources);
        match self.faults.of_entry(self.now(), &facts) {
            None => Ok(()),
            Some(error) => {
                let info = error.info(Self::MODEL.name, &Error::known());
                Err(Box::new(info))
            }
        }
    }

    /// Makes a receive pass over messages, if it is to be out of order.
    pub(super) fn out_of_order(
        &self,
        caller: &Caller<'_>,
        queue: &HostedQueue,
        request: Receive,
    ) -> Receive {
        if !self.faults.are_set() || queue.kind() == Kind::Fifo {
            return request;
        }
        let resources = [queue_of(queue)];
        let facts = Facts::of_call(Self::MODEL.name, caller, &resources);
        Receive {
            passed_over: self.faults.passed_over(self.now(), &facts),
            ..request
        }
    }

    /// Shows messages again too early that were received for so many seconds, if they are to lose their visibility timeout.
    pub(super) fn lose_visibility(
        &self,
        caller: &Caller<'_>,
        queue: &HostedQueue,
        seconds: u32,
        received: &[Delivery],
    ) {
        if !self.faults.are_set() {
            return;
        }
        let resources = [queue_of(queue)];
        let facts = Facts::of_call(Self::MODEL.name, caller, &resources);
        let now = self.now();
        for delivery in received {
            let Some(after) = self.faults.visibility(now, &facts) else {
                continue;
            };
            let after = u32::try_from(after.as_secs()).unwrap_or(u32::MAX);
            let change = ChangeVisibility {
                receipt: delivery.receipt,
                visibility_timeout: after.min(seconds),
            };
            // A message that is gone by now has nothing to lose, nor has a queue.
            let _ = queue.waiting.apply(now, change);
        }
    }

    /// Takes note of a queue's counts before a call changes them, if old ones are to be shown.
    pub(super) fn note_counts(&self, queue: &HostedQueue) {
        let Some(age) = self.faults.stalest() else {
            return;
        };
        let now = self.now();
        let noted = *queue.noted_counts.lock();
        if noted.is_some_and(|(at, _)| now < at + age) {
            return;
        }
        let counts = queue.waiting.apply(now, Count);
        *queue.noted_counts.lock() = counts.map(|counts| (now, counts));
    }

    /// The counts of a queue as they were a moment ago, if these are to be shown.
    pub(super) fn stale_counts(&self, caller: &Caller<'_>, queue: &HostedQueue) -> Option<Counts> {
        if !self.faults.are_set() {
            return None;
        }
        let resources = [queue_of(queue)];
        let facts = Facts::of_call(Self::MODEL.name, caller, &resources);
        let now = self.now();
        let age = self.faults.staleness(now, &facts)?;
        let (at, counts) = (*queue.noted_counts.lock())?;
        (now < at + age).then_some(counts)
    }
}
