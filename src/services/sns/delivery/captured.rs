//! Delivery to recipients that are not on this machine: mailboxes, phones, push services, functions and streams. Their
//! messages are kept in the [log of captured deliveries](crate::delivery::captured).

use std::sync::Arc;

use super::fan_out::Outgoing;
use super::recipient::Recipient;
use super::{dead_letter, email, firehose, lambda};
use crate::delivery::{Delivered, Examined, Outcome, Undelivered};
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::Subscription;
use crate::trace::{End, What};

pub(super) fn deliver(outgoing: &Outgoing<'_>, subscription: &Subscription) {
    match capture(outgoing, subscription) {
        Ok(_) => {
            let (identity, id) = (&subscription.identity, outgoing.message.id);
            let traces = &outgoing.sns.traces;
            traces.record(outgoing.now, id, || What::Captured {
                by: Arc::clone(&identity.arn),
                to: Arc::clone(&identity.endpoint),
            });
        }
        // A number that has opted out is skipped: that is no failure.
        Err(undelivered @ Undelivered::OptedOut) => skip(outgoing, subscription, &undelivered),
        Err(undelivered) => give_up(outgoing, subscription, &undelivered),
    }
}

fn capture(outgoing: &Outgoing<'_>, subscription: &Subscription) -> Outcome {
    let (sns, topic, message) = (outgoing.sns, outgoing.topic, outgoing.message);
    let identity = &subscription.identity;
    match identity.protocol {
        Protocol::Application => sns.deliver_push(topic, identity, message),
        Protocol::Sms => sns.deliver_sms(topic, identity, message),
        protocol => {
            let text = message.text_for(protocol.as_str()).clone();
            let payload = payload(outgoing, subscription);
            let recipient = Recipient::subscribed(topic, identity);
            let captured = recipient.notification(message, text, payload);
            let number = sns.deliveries.captured.keep(captured);
            Ok(Delivered::Captured(number))
        }
    }
}

/// The payload for a mailbox, a function or a stream.
fn payload(outgoing: &Outgoing<'_>, subscription: &Subscription) -> String {
    let (message, identity) = (outgoing.message, &subscription.identity);
    let display_name = &outgoing.attributes.display_name;
    let links = &identity.links;
    match identity.protocol {
        Protocol::EmailJson => {
            let envelope = outgoing.envelopes.notification("email-json", links);
            email::json_notification(message, display_name, envelope).body
        }
        Protocol::Lambda => lambda::event(&outgoing.envelopes, &identity.arn, links),
        Protocol::Firehose if subscription.attributes.is_raw => {
            message.text_for("firehose").to_string()
        }
        Protocol::Firehose => firehose::record(message, links),
        _ => email::notification(message, display_name, links).body,
    }
}

fn skip(outgoing: &Outgoing<'_>, subscription: &Subscription, why: &Undelivered) {
    let (identity, id) = (&subscription.identity, outgoing.message.id);
    let traces = &outgoing.sns.traces;
    traces.record(outgoing.now, id, || What::GivenUp {
        by: Arc::clone(&identity.arn),
        to: Arc::clone(&identity.endpoint),
        reason: why.to_string().into(),
        end: Box::new(End::Skipped),
    });
}

/// Puts a message for a deleted or disabled endpoint on the dead-letter queue, in the envelope.
fn give_up(outgoing: &Outgoing<'_>, subscription: &Subscription, undelivered: &Undelivered) {
    let identity = &subscription.identity;
    let examined = Examined::default();
    dead_letter::give_up(
        &outgoing.traced(),
        &outgoing.sns.deliveries,
        outgoing.now,
        identity,
        undelivered,
        subscription.attributes.redrive_policy.as_deref(),
        || {
            let key = identity.protocol.as_str();
            let envelope = outgoing.envelopes.notification(key, &identity.links).text();
            dead_letter::message(envelope, outgoing.message, &examined)
        },
    );
}
