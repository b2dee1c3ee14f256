//! Delivery to SQS queues, in this process and without HTTP, and to the dead-letter queue where that fails.

use std::sync::Arc;

use super::dead_letter::{self, SENDER};
use super::envelope::Envelopes;
use super::fan_out::Outgoing;
use crate::aws::message::{Body, DeferredBody};
use crate::delivery::{Delivered, Message, Outcome, Source, Target, Undelivered};
use crate::services::sns::Sns;
use crate::services::sns::endpoint::FIFO_SUFFIX;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::{Identity, Subscription};
use crate::services::sns::topic_attributes::Kind;
use crate::trace::What;

/// The principal that delivers.
const PRINCIPAL: &str = "sns.amazonaws.com";

/// An envelope that is written when it is received.
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

    fn fits(&self, bytes: usize) -> bool {
        let key = Protocol::Sqs.as_str();
        self.envelopes.fit(key, &self.identity.links, bytes)
    }

    fn is_xml(&self) -> bool {
        self.envelopes.are_xml(Protocol::Sqs.as_str())
    }
}

pub(super) fn deliver(outgoing: &Outgoing<'_>, subscription: &Subscription) {
    let identity = &subscription.identity;
    let undelivered = match send(outgoing, subscription) {
        Ok(Delivered::As(id)) => {
            let traces = &outgoing.sns.traces;
            traces.record(outgoing.now, outgoing.message.id, || What::Delivered {
                by: Arc::clone(&identity.arn),
                to: Arc::clone(&identity.endpoint),
                id: Some(id),
            });
            return;
        }
        Ok(_) => return,
        Err(undelivered) => undelivered,
    };
    dead_letter::give_up(
        &outgoing.traced(),
        &outgoing.sns.deliveries,
        outgoing.now,
        identity,
        &undelivered,
        subscription.attributes.redrive_policy.as_deref(),
        || queue_message(outgoing, subscription),
    );
}

/// The message for a subscription's queue. It is made again in the rare case that it is needed twice: a copy kept for
/// that would cost every delivery.
fn queue_message<'a>(outgoing: &'a Outgoing<'_>, subscription: &Subscription) -> Message<'a> {
    let message = outgoing.message;
    let (body, attributes, examined) = if subscription.attributes.is_raw {
        (
            outgoing.raw_queue_body(),
            message.attributes.clone(),
            &outgoing.examined_raw,
        )
    } else {
        let body = EnvelopeBody {
            envelopes: Arc::clone(&outgoing.envelopes),
            identity: Arc::clone(&subscription.identity),
        };
        let body = Body::Deferred(Arc::new(body));
        (body, None, &outgoing.examined_envelope)
    };
    // A standard queue gets the group of a standard topic's message, but no ids of a FIFO topic's (recorded).
    let is_fifo_queue = message.group_id.is_some() && is_fifo(&subscription.identity.endpoint);
    let has_group = is_fifo_queue || outgoing.topic.kind == Kind::Standard;
    Message {
        id: Some(outgoing.queue_message_id()),
        body,
        attributes,
        examined,
        trace_header: message.trace_header.clone(),
        sender: SENDER,
        group_id: message.group_id.clone().filter(|_| has_group),
        deduplication_id: message.deduplication_id.clone().filter(|_| is_fifo_queue),
    }
}

/// Whether an ARN is that of a FIFO queue, by its name.
pub(crate) fn is_fifo(queue_arn: &str) -> bool {
    queue_arn.ends_with(FIFO_SUFFIX)
}

fn send(outgoing: &Outgoing<'_>, subscription: &Subscription) -> Outcome {
    let deliver = |queue: Arc<dyn Target>| {
        check_permission(outgoing.sns, outgoing.topic, &*queue)?;
        queue.deliver(outgoing.now, queue_message(outgoing, subscription))
    };
    let Identity {
        queue, endpoint, ..
    } = &*subscription.identity;
    queue.deliver(&outgoing.sns.deliveries.targets, endpoint, deliver)
}

/// Whether a queue's policy lets a topic deliver there; checked only where policies are enforced.
pub(super) fn check_permission(
    sns: &Sns,
    topic: &Topic,
    queue: &dyn Target,
) -> Result<(), Undelivered> {
    if !sns.settings.enforce_policies {
        return Ok(());
    }
    queue.permits(&Source {
        principal: PRINCIPAL,
        arn: &topic.arn,
        account: topic.name.account,
    })
}
