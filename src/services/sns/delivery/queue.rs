//! Delivery to SQS queues: in this process, without HTTP; and to the dead-letter queue where that fails.

use std::sync::Arc;

use super::envelope::Envelopes;
use super::fan_out::Outgoing;
use crate::aws::message::{Body, DeferredBody, Sender};
use crate::clock::Timestamp;
use crate::delivery::{Destinations, QueueDestination, QueueMessage, Undelivered};
use crate::services::sns::endpoint::FIFO_SUFFIX;
use crate::services::sns::message::Message;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::{Identity, Subscription};
use crate::services::sns::topic_attributes::Kind;

/// The `SenderId` of messages that SNS sends: a principal of AWS's own.
pub(super) const SENDER: Sender = Sender::Service("AIDAIENQZJOLO23YVJ4VO");

/// How many attributes a queue's message has at most; a raw message with more is not delivered (Amazon SNS raw message
/// delivery).
const QUEUE_ATTRIBUTES: usize = 10;

/// An envelope that is written when somebody receives it.
#[derive(Debug)]
struct EnvelopeBody {
    envelopes: Arc<Envelopes>,
    identity: Arc<Identity>,
}

impl DeferredBody for EnvelopeBody {
    fn text(&self) -> Arc<str> {
        let envelope = self
            .envelopes
            .notification(Protocol::Sqs.as_str(), &self.identity.links);
        envelope.text().into()
    }
}

/// Why a message is not on the queue that it was for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error("there is no such queue")]
    NoQueue,
    #[error("the queue refuses it: it has no message group")]
    Refused,
    #[error("a raw message with more than ten attributes")]
    TooManyAttributes,
    #[error("access denied: {0}")]
    Denied(String),
}

pub(super) fn deliver(outgoing: &Outgoing<'_>, subscription: &Subscription) {
    let Err(failed) = send(outgoing, subscription) else {
        return;
    };
    let identity = &subscription.identity;
    let count = identity.queue.count_failure();
    let (arn, endpoint) = (&*identity.arn, &*identity.endpoint);
    tracing::warn!(subscription = arn, endpoint, count, %failed, "a message was not delivered");
    if let Some(redrive) = &subscription.attributes.redrive_policy {
        let message = queue_message(outgoing, subscription);
        let target = &redrive.dead_letter_target_arn;
        bury(&*outgoing.sns.destinations, outgoing.now, target, message);
    }
}

/// Puts what was not delivered on the dead-letter queue, just as it would have been delivered: AWS adds nothing.
pub(super) fn bury(
    destinations: &dyn Destinations,
    now: Timestamp,
    target_arn: &str,
    message: QueueMessage,
) {
    let delivered = destinations
        .queue(target_arn)
        .is_some_and(|queue| queue.deliver(now, message).is_ok());
    if !delivered {
        tracing::warn!(
            target_arn,
            "the dead-letter queue cannot take a message, which is lost"
        );
    }
}

/// A message for a dead-letter queue, of one that was for another kind of endpoint.
pub(super) fn dead_letter(body: String, message: &Message) -> QueueMessage {
    QueueMessage {
        id: None,
        body: Body::new(body),
        attributes: None,
        trace_header: message.trace_header.clone(),
        sender: SENDER,
        group_id: message.group_id.clone(),
        deduplication_id: message.deduplication_id.clone(),
    }
}

/// The message for a subscription's queue. It is made anew where it is needed twice, which is seldom: a copy for that
/// case would cost every delivery.
fn queue_message(outgoing: &Outgoing<'_>, subscription: &Subscription) -> QueueMessage {
    let message = outgoing.message;
    let (body, attributes) = if subscription.attributes.is_raw {
        (outgoing.raw_queue_body(), message.attributes.clone())
    } else {
        let body = EnvelopeBody {
            envelopes: Arc::clone(&outgoing.envelopes),
            identity: Arc::clone(&subscription.identity),
        };
        (Body::Deferred(Arc::new(body)), None)
    };
    // A standard queue gets the group of a standard topic's message, but nothing of a FIFO topic's (recorded).
    let is_fifo_queue = message.group_id.is_some() && is_fifo(&subscription.identity.endpoint);
    let has_group = is_fifo_queue || outgoing.topic.kind == Kind::Standard;
    QueueMessage {
        id: Some(outgoing.queue_message_id()),
        body,
        attributes,
        trace_header: message.trace_header.clone(),
        sender: SENDER,
        group_id: message.group_id.clone().filter(|_| has_group),
        deduplication_id: message.deduplication_id.clone().filter(|_| is_fifo_queue),
    }
}

/// Whether an ARN is that of a FIFO queue: their names say it.
pub(crate) fn is_fifo(queue_arn: &str) -> bool {
    queue_arn.ends_with(FIFO_SUFFIX)
}

fn send(outgoing: &Outgoing<'_>, subscription: &Subscription) -> Result<(), Failed> {
    let attributes = outgoing.message.attributes.as_ref();
    let has_too_many =
        attributes.is_some_and(|attributes| attributes.attributes.len() > QUEUE_ATTRIBUTES);
    if subscription.attributes.is_raw && has_too_many {
        return Err(Failed::TooManyAttributes);
    }
    let arn = &subscription.identity.endpoint;
    let deliver = |queue: Arc<dyn QueueDestination>| {
        outgoing.sns.check_delivery(outgoing.topic, arn, &*queue)?;
        let message = queue_message(outgoing, subscription);
        match queue.deliver(outgoing.now, message) {
            Ok(()) => Ok(()),
            Err(Undelivered::Refused) => Err(Failed::Refused),
            Err(Undelivered::QueueGone) => Err(Failed::NoQueue),
        }
    };
    let cache = &subscription.identity.queue;
    match cache.known().map(deliver) {
        Some(Ok(())) => Ok(()),
        // The queue that was known is deleted; there may be a new one of its name.
        None | Some(Err(Failed::NoQueue)) => {
            let found = cache.find(&*outgoing.sns.destinations, arn);
            deliver(found.ok_or(Failed::NoQueue)?)
        }
        Some(Err(failed)) => Err(failed),
    }
}
