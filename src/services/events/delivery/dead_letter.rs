//! Events that are given up: to the dead-letter queue of the target that did not get them, if it has one, with what AWS
//! says there of the reason. Each is logged.

use std::sync::Arc;

use super::attempt::Delivery;
use super::failure::Failure;
use super::retry::Condition;
use super::{PRINCIPAL, SENDER, trace};
use crate::aws::message::{Attribute, AttributeValue, Body, MessageAttributes};
use crate::delivery::{Examined, Message, Outcome, Source, Undelivered};
use crate::services::events::Events;

/// Gives a delivery up, because of its last failure; `exhausted` is what ended the retries, where there could have been
/// more.
pub(super) fn give_up(
    events: &Events,
    delivery: &Delivery,
    failure: &Failure,
    exhausted: Option<Condition>,
) {
    let queue = delivery.target.dead_letter_queue();
    let moved = queue.map(|queue| send(events, queue, delivery, failure, exhausted));
    trace::given_up(events, delivery, failure, moved.as_ref());
    // What became of it tells lines apart too.
    let (end, cause) = match &moved {
        None => (2, 0),
        Some(Ok(_)) => (3, 0),
        Some(Err(refusal)) => (4, refusal.cause()),
    };
    let cause = failure.cause() | end << 32 | cause << 35;
    let rule = &delivery.rule.arn;
    let Some(count) = events.deliveries.complaints.count(rule, cause) else {
        return;
    };
    let (rule, target, event) = (&**rule, delivery.target.arn(), delivery.event.id);
    let (reason, dead_letter_queue) = (&*failure.message, queue.unwrap_or_default());
    match moved {
        None => {
            tracing::warn!(rule, target, %event, reason, count, "an event was not delivered: it is lost, there is no dead-letter queue");
        }
        Some(Ok(_)) => {
            tracing::warn!(rule, target, %event, reason, dead_letter_queue, count, "an event was not delivered: it moved to the dead-letter queue");
        }
        Some(Err(refusal)) => {
            tracing::warn!(rule, target, %event, reason, dead_letter_queue, %refusal, count, "an event was not delivered: it is lost, the dead-letter queue did not take it");
        }
    }
}

fn send(
    events: &Events,
    queue: &str,
    delivery: &Delivery,
    failure: &Failure,
    exhausted: Option<Condition>,
) -> Outcome {
    let found = events.deliveries.targets.find(queue);
    let found = found.ok_or(Undelivered::NoTarget)?;
    if events.settings.enforce_policies {
        found.permits(&Source {
            principal: PRINCIPAL,
            arn: &delivery.rule.arn,
            account: delivery.bus.name.account,
        })?;
    }
    let attributes = attributes(delivery, failure, exhausted);
    let message = Message {
        id: None,
        body: Body::new(Arc::clone(&delivery.event.text)),
        attributes: Some(Arc::new(attributes)),
        examined: &Examined::default(),
        trace_header: delivery.event.trace_header.clone(),
        sender: SENDER,
        group_id: None,
        deduplication_id: None,
    };
    found.deliver(events.now(), message)
}

/// Ordered by name.
fn attributes(
    delivery: &Delivery,
    failure: &Failure,
    exhausted: Option<Condition>,
) -> MessageAttributes {
    let retries = delivery.retries.to_string();
    let attributes = [
        ("ERROR_CODE", Some(failure.code.as_str())),
        ("ERROR_MESSAGE", Some(&*failure.message)),
        (
            "EXHAUSTED_RETRY_CONDITION",
            exhausted.map(Condition::as_str),
        ),
        ("RETRY_ATTEMPTS", Some(&*retries)),
        ("RULE_ARN", Some(&*delivery.rule.arn)),
        ("TARGET_ARN", Some(delivery.target.arn())),
    ];
    let attribute = |(name, value): (&str, Option<&str>)| {
        Some(Attribute {
            name: name.into(),
            data_type: "String".into(),
            value: AttributeValue::Text(value?.into()),
        })
    };
    MessageAttributes::new(attributes.into_iter().filter_map(attribute).collect())
}
