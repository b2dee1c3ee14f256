//! Queues as other services deliver to them.

use std::sync::{Arc, Weak};

use super::hosted_queue::HostedQueue;
use super::queue::{Kind, NewMessage, input};
use super::queues::Queues;
use crate::clock::Timestamp;
use crate::delivery::{QueueDestination, QueueMessage, Undelivered};
use crate::ids::Ids;

/// All queues.
#[derive(Debug)]
pub(crate) struct QueueDestinations {
    queues: Arc<Queues>,
    ids: Arc<Ids>,
}

impl QueueDestinations {
    pub(super) fn new(queues: Arc<Queues>, ids: Arc<Ids>) -> Self {
        Self { queues, ids }
    }

    /// The queue with this ARN.
    pub(crate) fn by_arn(&self, arn: &str) -> Option<Arc<dyn QueueDestination>> {
        let queue = self.queues.by_arn(arn)?;
        Some(Arc::new(Destination {
            kind: queue.kind(),
            queue: Arc::downgrade(&queue),
            ids: self.ids.clone(),
        }))
    }
}

/// One queue. Whoever keeps it does not keep a deleted queue's messages.
#[derive(Debug)]
struct Destination {
    queue: Weak<HostedQueue>,
    kind: Kind,
    ids: Arc<Ids>,
}

impl QueueDestination for Destination {
    fn deliver(&self, now: Timestamp, message: QueueMessage) -> Result<(), Undelivered> {
        let is_fifo = self.kind == Kind::Fifo;
        if is_fifo && (message.group_id.is_none() || message.deduplication_id.is_none()) {
            return Err(Undelivered::Refused);
        }
        let message = NewMessage {
            id: message.id.unwrap_or_else(|| self.ids.message_id()),
            body: message.body,
            attributes: message.attributes,
            trace_header: message.trace_header,
            sender: message.sender,
            delay_seconds: None,
            group_id: message.group_id,
            deduplication_id: message.deduplication_id.filter(|_| is_fifo),
        };
        let queue = self.queue.upgrade().ok_or(Undelivered::QueueGone)?;
        let sent = queue.waiting.apply(now, input::Send(message));
        sent.map(|_| ()).ok_or(Undelivered::QueueGone)
    }

    fn policy(&self) -> Option<Arc<str>> {
        let queue = self.queue.upgrade()?;
        queue.attributes().policy.as_deref().map(Arc::from)
    }
}
