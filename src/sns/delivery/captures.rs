//! Delivery to what is not on this machine: mailboxes, phones, push services, functions and streams. What they would get
//! is kept in the [log of captures](super::captured).

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::captured::{Attribute, Handover};
use super::fan_out::Outgoing;
use super::{email, firehose, lambda};
use crate::aws::message::AttributeValue;
use crate::sns::message::Message;
use crate::sns::protocol::Protocol;
use crate::sns::subscription::Subscription;
use crate::wire::DateTime;

pub(super) fn deliver(outgoing: &Outgoing<'_>, subscription: &Subscription) {
    let identity = &subscription.identity;
    let message = outgoing.message;
    let display_name = &outgoing.attributes.display_name;
    let links = &identity.links;
    let payload = match identity.protocol {
        Protocol::Email => email::notification(message, display_name, links).body,
        Protocol::EmailJson => {
            let envelope = outgoing.envelopes.notification("email-json", links);
            email::json_notification(message, display_name, envelope).body
        }
        Protocol::Lambda => lambda::event(&outgoing.envelopes, &identity.arn, links),
        Protocol::Firehose if subscription.attributes.is_raw => {
            message.text_for("firehose").to_string()
        }
        Protocol::Firehose => firehose::record(message, links),
        _ => return,
    };
    outgoing
        .sns
        .captured
        .keep(handover(outgoing, subscription, payload));
}

/// What is kept of a delivery to a subscriber.
pub(super) fn handover(
    outgoing: &Outgoing<'_>,
    subscription: &Subscription,
    payload: String,
) -> Handover {
    let identity = &subscription.identity;
    let message = outgoing.message;
    Handover {
        at: DateTime(outgoing.now),
        account: outgoing.topic.name.account,
        region: outgoing.topic.name.region,
        topic_arn: Some(outgoing.topic.arn.clone()),
        subscription_arn: Some(identity.arn.clone()),
        protocol: identity.protocol.as_str(),
        endpoint: identity.endpoint.clone(),
        message_id: message.id.to_string().into(),
        subject: message.subject.as_deref().map(Arc::from),
        message: message.text_for(identity.protocol.as_str()).clone(),
        published_message: message.published().clone(),
        message_structure: message.has_structure().then(|| "json".into()),
        message_attributes: Arc::new(attributes(message)),
        payload: payload.into(),
    }
}

/// A message's attributes as `Publish` takes them.
pub(super) fn attributes(message: &Message) -> BTreeMap<String, Attribute> {
    let attributes = message.attributes.as_ref();
    let attributes = attributes.into_iter().flat_map(|all| &all.attributes);
    let shown = attributes.map(|attribute| {
        let (string_value, binary_value) = match &attribute.value {
            AttributeValue::Text(text) => (Some(text.to_string()), None),
            AttributeValue::Binary(bytes) => (None, Some(STANDARD.encode(bytes))),
        };
        let shown = Attribute {
            data_type: attribute.data_type.to_string(),
            string_value,
            binary_value,
        };
        (attribute.name.to_string(), shown)
    });
    shown.collect()
}
