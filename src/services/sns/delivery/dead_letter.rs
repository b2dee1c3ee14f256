//! Undelivered messages: each is logged and put on the subscription's dead-letter queue, exactly as it would have been
//! delivered. AWS adds nothing.

use std::sync::Arc;

use crate::aws::message::{Body, Sender};
use crate::clock::Timestamp;
use crate::delivery::{self, Deliveries, Examined, Undelivered};
use crate::services::sns::message::Message;
use crate::services::sns::subscription::{Identity, RedrivePolicy};
use crate::trace::{End, Traced, What};

/// The `SenderId` of messages that SNS sends: a principal of AWS's own.
pub(super) const SENDER: Sender = Sender::Service("AIDAIENQZJOLO23YVJ4VO");

/// Gives a message up: puts it on the dead-letter queue of a subscription that has one, and logs what became of it. That
/// queue makes the same checks as any other: a message that it refuses too is lost.
pub(super) fn give_up<'m>(
    traced: &Traced,
    deliveries: &Deliveries,
    now: Timestamp,
    identity: &Identity,
    undelivered: &Undelivered,
    redrive: Option<&RedrivePolicy>,
    message: impl FnOnce() -> delivery::Message<'m>,
) {
    let queue = redrive.map(|redrive| &*redrive.dead_letter_target_arn);
    let moved = queue.map(|queue| deliveries.targets.deliver(queue, now, message()));
    traced.traces.record(now, traced.id, || What::GivenUp {
        by: Arc::clone(&identity.arn),
        to: Arc::clone(&identity.endpoint),
        reason: undelivered.to_string().into(),
        end: Box::new(End::of(queue, moved.as_ref())),
    });
    // What became of it tells lines apart too, from those about confirmations among others.
    let (end, cause) = match &moved {
        None => (1, 0),
        Some(Ok(_)) => (2, 0),
        Some(Err(refusal)) => (3, refusal.cause()),
    };
    let cause = undelivered.cause() | end << 32 | cause << 34;
    let Some(count) = deliveries.complaints.count(&identity.arn, cause) else {
        return;
    };
    let (subscription, endpoint) = (&*identity.arn, &*identity.endpoint);
    let dead_letter_queue = queue.unwrap_or_default();
    match moved {
        None => {
            tracing::warn!(subscription, endpoint, reason = %undelivered, count, "a message was not delivered: it is lost, there is no dead-letter queue");
        }
        Some(Ok(_)) => {
            tracing::warn!(subscription, endpoint, reason = %undelivered, dead_letter_queue, count, "a message was not delivered: it moved to the dead-letter queue");
        }
        Some(Err(refusal)) => {
            tracing::warn!(subscription, endpoint, reason = %undelivered, dead_letter_queue, %refusal, count, "a message was not delivered: it is lost, the dead-letter queue did not take it");
        }
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
