//! From a checked message to its topic: what it is answered with, and that it is handed over.

use std::sync::Arc;

use super::Sns;
use super::hosted_topic::Topic;
use super::message::Message;
use super::message_input::{Contents, GroupIds};
use super::signing::signature::SignatureVersion;
use super::topic::deduplication::Accepted;
use super::topic_attributes::{ThroughputScope, TopicAttributes};
use crate::aws::Caller;
use crate::aws::message::SequenceNumber;
use crate::ids::MessageId;

/// What a publisher is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) id: MessageId,
    /// FIFO topics only.
    pub(super) sequence_number: Option<SequenceNumber>,
}

impl Sns {
    /// A message that goes straight to an endpoint or a phone number, without a topic.
    pub(super) fn direct_message(&self, caller: &Caller<'_>, contents: Contents) -> Message {
        Message {
            id: self.ids.message_id(),
            topic_arn: "".into(),
            subject: contents.subject,
            text: contents.text,
            texts: contents.texts,
            published: contents.published,
            attributes: contents.attributes,
            published_at: self.now(),
            sequence_number: None,
            group_id: None,
            deduplication_id: None,
            trace_header: caller.trace_header.map(Arc::from),
            signature_version: SignatureVersion::default(),
        }
    }

    /// Publishes a message to a topic. A duplicate is answered like its original, and goes nowhere.
    pub(super) fn publish(
        &self,
        caller: &Caller<'_>,
        topic: &Topic,
        attributes: &TopicAttributes,
        contents: Contents,
        ids: GroupIds,
    ) -> Published {
        let now = self.now();
        let id = self.ids.message_id();
        let message = Message {
            id,
            topic_arn: topic.arn.clone(),
            subject: contents.subject,
            text: contents.text,
            texts: contents.texts,
            published: contents.published,
            attributes: contents.attributes,
            published_at: now,
            sequence_number: None,
            group_id: ids.group_id,
            deduplication_id: ids.deduplication_id,
            trace_header: caller.trace_header.map(Arc::from),
            signature_version: attributes.signature_version.unwrap_or_default(),
        };
        if let (Some(group_id), Some(deduplication_id)) =
            (&message.group_id, &message.deduplication_id)
        {
            // Held until the message is handed over: a group's messages reach their queues in order.
            let mut fifo = topic.fifo.lock();
            let scope = attributes
                .fifo_throughput_scope
                .unwrap_or(ThroughputScope::Topic);
            let Accepted {
                id,
                sequence_number,
                is_duplicate,
            } = fifo.accept(now, id, scope, group_id, deduplication_id);
            let sequence_number = Some(sequence_number);
            if !is_duplicate {
                let message = Arc::new(Message {
                    sequence_number,
                    ..message
                });
                fifo.archive.keep(now, &message);
                self.fan_out(topic, attributes, now, &message);
            }
            Published {
                id,
                sequence_number,
            }
        } else {
            self.fan_out(topic, attributes, now, &Arc::new(message));
            Published {
                id,
                sequence_number: None,
            }
        }
    }
}
