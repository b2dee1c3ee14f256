//! Messages, as they are published and delivered.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::aws::message::{AttributeValue, MessageAttributes, SequenceNumber};
use crate::clock::Timestamp;
use crate::ids::MessageId;

/// A message that a topic or endpoint accepted: immutable, shared by all its deliveries.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) topic_arn: Arc<str>,
    pub(crate) subject: Option<Box<str>>,
    /// The text for subscribers whose protocol has none of its own.
    pub(crate) text: Arc<str>,
    /// `MessageStructure` json: the texts of single protocols by their key (`sqs`, `http`, `APNS`, …).
    pub(crate) texts: BTreeMap<Box<str>, Arc<str>>,
    /// The whole message as it was published, where it has structure.
    pub(crate) published: Option<Arc<str>>,
    pub(crate) attributes: Option<Arc<MessageAttributes>>,
    pub(crate) published_at: Timestamp,
    /// FIFO topics only.
    pub(crate) sequence_number: Option<SequenceNumber>,
    pub(crate) group_id: Option<Arc<str>>,
    pub(crate) deduplication_id: Option<Arc<str>>,
    /// The `X-Amzn-Trace-Id` header of the call that published it.
    pub(crate) trace_header: Option<Arc<str>>,
    pub(crate) signature_version: SignatureVersion,
}

impl Message {
    /// The text for subscribers of a protocol, or for a push platform, by its key in messages of structure `json`.
    pub(crate) fn text_for(&self, key: &str) -> &Arc<str> {
        self.texts.get(key).unwrap_or(&self.text)
    }

    /// The bytes of its texts and attributes, about.
    pub(crate) fn size(&self) -> usize {
        let texts = self.texts.values().chain(&self.published);
        let texts = texts.map(|text| text.len()).sum::<usize>();
        let subject = self.subject.as_ref().map_or(0, |subject| subject.len());
        let attributes = self.attributes.iter().flat_map(|all| &all.attributes);
        let attributes = attributes.map(|attribute| {
            let value = match &attribute.value {
                AttributeValue::Text(text) => text.len(),
                AttributeValue::Binary(bytes) => bytes.len(),
            };
            attribute.name.len() + attribute.data_type.len() + value
        });
        self.text.len() + texts + subject + attributes.sum::<usize>()
    }
}

/// How a topic's messages are signed: its attribute `SignatureVersion`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SignatureVersion {
    /// RSA over SHA-1.
    #[default]
    V1,
    /// RSA over SHA-256.
    V2,
}

impl SignatureVersion {
    /// The version whose text is `text`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "1" => Some(Self::V1),
            "2" => Some(Self::V2),
            _ => None,
        }
    }

    /// Its text in messages and attributes.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "1",
            Self::V2 => "2",
        }
    }
}
