//! Recipients that are not on this machine, and deliveries to them in the form of the log of captured deliveries.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::aws::message::{AttributeValue, MessageAttributes};
use crate::aws::{AccountId, Caller, Region};
use crate::clock::Timestamp;
use crate::delivery::captured::{Attribute, CapturedDelivery};
use crate::ids::MessageId;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::message::Message;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::Identity;
use crate::wire::DateTime;

/// Where a message goes, and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Recipient {
    account: AccountId,
    region: Region,
    topic_arn: Option<Arc<str>>,
    subscription_arn: Option<Arc<str>>,
    protocol: Protocol,
    endpoint: Arc<str>,
}

impl Recipient {
    /// A topic's subscriber.
    pub(crate) fn subscribed(topic: &Topic, identity: &Identity) -> Self {
        Self {
            account: topic.name.account,
            region: topic.name.region,
            topic_arn: Some(topic.arn.clone()),
            subscription_arn: Some(identity.arn.clone()),
            protocol: identity.protocol,
            endpoint: identity.endpoint.clone(),
        }
    }

    /// A phone or an endpoint that is published to directly.
    pub(crate) fn direct(caller: &Caller<'_>, protocol: Protocol, endpoint: Arc<str>) -> Self {
        Self {
            account: caller.account,
            region: caller.region,
            topic_arn: None,
            subscription_arn: None,
            protocol,
            endpoint,
        }
    }

    /// The delivery of a message: the text for this recipient, and the payload that AWS would deliver.
    pub(crate) fn notification(
        self,
        message: &Message,
        text: Arc<str>,
        payload: impl Into<Arc<str>>,
    ) -> CapturedDelivery {
        let published = message.published.as_ref().unwrap_or(&message.text);
        let is_json = message.published.is_some();
        let attributes = message.attributes.as_deref();
        CapturedDelivery {
            subject: message.subject.as_deref().map(Arc::from),
            published_message: published.clone(),
            message_structure: is_json.then(|| "json".into()),
            message_attributes: Arc::new(attributes.map(shown).unwrap_or_default()),
            payload: payload.into(),
            ..self.plain_text(message.published_at, message.id, text)
        }
    }

    /// The delivery of a text of SNS's own.
    pub(crate) fn plain_text(
        self,
        at: Timestamp,
        id: MessageId,
        text: Arc<str>,
    ) -> CapturedDelivery {
        CapturedDelivery {
            at: DateTime(at),
            account: self.account,
            region: self.region,
            source: "sns",
            source_arn: self.topic_arn,
            subscription_arn: self.subscription_arn,
            target_kind: self.protocol.as_str(),
            target: self.endpoint,
            message_id: id.to_string().into(),
            subject: None,
            message: text.clone(),
            published_message: text.clone(),
            message_structure: None,
            message_attributes: Arc::default(),
            payload: text,
            invocation: None,
        }
    }
}

/// Attributes in the form of `Publish`'s input.
fn shown(attributes: &MessageAttributes) -> BTreeMap<String, Attribute> {
    let attributes = attributes.attributes.iter();
    attributes
        .map(|attribute| {
            let (string_value, binary_value) = match &attribute.value {
                AttributeValue::Text(text) => (Some(text.to_string()), None),
                AttributeValue::Binary(bytes) => (None, Some(BASE64.encode(bytes))),
            };
            let shown = Attribute {
                data_type: attribute.data_type.to_string(),
                string_value,
                binary_value,
            };
            (attribute.name.to_string(), shown)
        })
        .collect()
}
