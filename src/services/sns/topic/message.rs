//! Messages: what was published, as it is delivered.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::aws::message::{MessageAttributes, SequenceNumber};
use crate::clock::Timestamp;
use crate::ids::MessageId;
use crate::pattern::Event;

use crate::services::sns::signing::signature::SignatureVersion;

/// A message that a topic or endpoint accepted: immutable, shared by all its deliveries.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) topic_arn: Arc<str>,
    pub(crate) subject: Option<Box<str>>,
    /// What subscribers get whose protocol has no text of its own.
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
    /// Its attributes as filter policies see them.
    pub(crate) fn attributes_event(&self) -> Event<'_> {
        let attributes = self.attributes.as_ref();
        let attributes = attributes.into_iter().flat_map(|all| &all.attributes);
        Event::from_attributes(attributes.map(|attribute| {
            (
                &*attribute.name,
                &*attribute.data_type,
                attribute.value.as_text(),
            )
        }))
    }

    /// The text for subscribers of a protocol, or for a push platform, by its key in messages of structure `json`.
    pub(crate) fn text_for(&self, key: &str) -> &Arc<str> {
        self.texts.get(key).unwrap_or(&self.text)
    }
}
