//! Undelivered messages: each is logged and put on the subscription's dead-letter queue, exactly as it would have been
//! delivered. AWS adds nothing.

use crate::aws::message::{Body, Sender};
use crate::clock::Timestamp;
use crate::delivery::{self, Deliveries, Examined, Undelivered};
use crate::services::sns::message::Message;
use crate::services::sns::subscription::{Identity, RedrivePolicy};

/// The `SenderId` of messages that SNS sends: a principal of AWS's own.
pub(super) const SENDER: Sender = Sender::Service("AIDAIENQZJOLO23YVJ4VO");

/// Logs that a message was not delivered to a subscriber, and why.
pub(super) fn log(identity: &Identity, undelivered: &Undelivered) {
    let (subscription, endpoint) = (&*identity.arn, &*identity.endpoint);
    let count = identity.queue.count_failure();
    tracing::warn!(subscription, endpoint, count, %undelivered, "a message was not delivered");
}

/// Puts a message on the dead-letter queue of a subscription that has one. That queue makes the same checks as any
/// other: a message that it refuses too is lost.
pub(super) fn send(
    deliveries: &Deliveries,
    now: Timestamp,
    redrive: Option<&RedrivePolicy>,
    message: delivery::Message<'_>,
) {
    let Some(redrive) = redrive else {
        return;
    };
    let target_arn = &*redrive.dead_letter_target_arn;
    if let Err(undelivered) = deliveries.targets.deliver(target_arn, now, message) {
        tracing::warn!(
            target_arn,
            %undelivered,
            "a message for the dead-letter queue is lost"
        );
    }
}

/// The dead letter for a message whose subscriber is not a queue.
pub(super) fn message<'a>(
    body: String,
    published: &Message,
    examined: &'a Examined,
) -> delivery::Message<'a> {
    delivery::Message {
        id: None,
        body: Body::new(body),
        attributes: None,
        examined,
        trace_header: published.trace_header.clone(),
        sender: SENDER,
        group_id: published.group_id.clone(),
        deduplication_id: published.deduplication_id.clone(),
    }
}
