//! Delivery to what is not on this machine: mailboxes, phones, push services, functions and streams. What they would get
//! is kept in the [log of captures](crate::delivery::captured).

use super::capture::Recipient;
use super::direct::Outcome;
use super::fan_out::Outgoing;
use super::{email, firehose, lambda, queue};
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::Subscription;

pub(super) fn deliver(outgoing: &Outgoing<'_>, subscription: &Subscription) {
    let (sns, topic, message) = (outgoing.sns, outgoing.topic, outgoing.message);
    let identity = &subscription.identity;
    match identity.protocol {
        Protocol::Application => {
            if sns.deliver_push(topic, identity, message) == Outcome::Failed {
                bury(outgoing, subscription);
            }
        }
        Protocol::Sms => {
            sns.deliver_sms(topic, identity, message);
        }
        protocol => {
            let text = message.text_for(protocol.as_str()).clone();
            let payload = payload(outgoing, subscription);
            let recipient = Recipient::subscribed(topic, identity);
            sns.captured
                .keep(recipient.handover(message, text, payload));
        }
    }
}

/// What a mailbox, a function or a stream gets.
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

/// Puts what an endpoint that is gone or disabled would have got on the dead-letter queue, in the envelope.
fn bury(outgoing: &Outgoing<'_>, subscription: &Subscription) {
    let identity = &subscription.identity;
    let (arn, endpoint) = (&*identity.arn, &*identity.endpoint);
    tracing::warn!(
        subscription = arn,
        endpoint,
        "a message was not delivered: the endpoint is gone or disabled"
    );
    if let Some(redrive) = &subscription.attributes.redrive_policy {
        let key = identity.protocol.as_str();
        let envelope = outgoing.envelopes.notification(key, &identity.links);
        let letter = queue::dead_letter(envelope.text(), outgoing.message);
        let target = &redrive.dead_letter_target_arn;
        queue::bury(&*outgoing.sns.destinations, outgoing.now, target, letter);
    }
}
