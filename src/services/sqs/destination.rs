//! Queues as targets of other services' deliveries.

use std::sync::{Arc, Weak};

use super::hosted_queue::HostedQueue;
use super::queue::{Kind, NewMessage};
use super::queues::Queues;
use crate::aws::policy::{Document, Principal, Request};
use crate::clock::Timestamp;
use crate::delivery::{Delivered, Message, Outcome, Source, Target, TargetService, Undelivered};
use crate::ids::Ids;

/// All queues.
#[derive(Debug)]
pub(super) struct QueueTargets {
    queues: Arc<Queues>,
    ids: Arc<Ids>,
}

impl QueueTargets {
    pub(super) fn new(queues: Arc<Queues>, ids: Arc<Ids>) -> Self {
        Self { queues, ids }
    }
}

impl TargetService for QueueTargets {
    fn target(&self, arn: &str) -> Option<Arc<dyn Target>> {
        let queue = self.queues.by_arn(arn)?;
        Some(Arc::new(QueueTarget {
            kind: queue.kind(),
            queue: Arc::downgrade(&queue),
            ids: self.ids.clone(),
        }))
    }
}

/// One queue. Keeping it does not keep a deleted queue's messages.
#[derive(Debug)]
struct QueueTarget {
    queue: Weak<HostedQueue>,
    kind: Kind,
    ids: Arc<Ids>,
}

impl Target for QueueTarget {
    fn deliver(&self, now: Timestamp, message: Message) -> Outcome {
        let queue = self.queue.upgrade().ok_or(Undelivered::NoTarget)?;
        let is_fifo = self.kind == Kind::Fifo;
        if is_fifo && (message.group_id.is_none() || message.deduplication_id.is_none()) {
            return Err(Undelivered::Refused("it has no message group".into()));
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
        let sent = queue
            .waiting
            .change(now, |core, now| core.send(now, message));
        let sent = sent.ok_or(Undelivered::NoTarget)?;
        Ok(Delivered::As(sent.id))
    }

    /// "It works here, and is dropped in production for want of a queue policy" is the classic trap.
    fn permits(&self, source: &Source<'_>) -> Result<(), Undelivered> {
        let queue = self.queue.upgrade().ok_or(Undelivered::NoTarget)?;
        let attributes = queue.attributes();
        let policy = attributes.policy.as_deref();
        // What is stored was only checked to be a JSON object; what is no policy allows nothing.
        let document = policy
            .and_then(|text| Document::parse(text).ok())
            .unwrap_or_default();
        let account = source.account.to_string();
        let request = Request {
            principal: Principal::Service(source.principal),
            action: "sqs:SendMessage",
            resource: &queue.arn,
            context: &[
                ("aws:SourceArn", source.arn),
                ("aws:SourceAccount", &account),
            ],
        };
        let decision = document.evaluate(&request);
        if decision.permits(&request.principal, queue.name.account) {
            Ok(())
        } else {
            Err(Undelivered::Denied(document.explain(&request)))
        }
    }
}
