//! A checked message on its way to its topic: it is accepted and delivered, and its publisher answered.

use std::sync::Arc;

use super::Sns;
use super::delivery::fan_out::{select, select_at_once};
use super::error::Error;
use super::hosted_topic::Topic;
use super::message::Message;
use super::message_input::{Contents, GroupIds};
use super::signing::signature::SignatureVersion;
use super::topic::{Accepted, Selection, ThroughputScope};
use super::topic_attributes::{Kind, TopicAttributes};
use crate::aws::Caller;
use crate::aws::message::SequenceNumber;
use crate::ids::MessageId;
use crate::trace::What;

/// Tells the log's line about loops from others about a topic.
const LOOP: u64 = 1 << 32;

/// The answer to a publisher.
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

    /// Publishes a message to a topic, unless it is the end of a loop. A duplicate is answered like its original, and is not delivered.
    pub(super) async fn publish(
        &self,
        caller: &Caller<'_>,
        topic: &Topic,
        attributes: &TopicAttributes,
        contents: Contents,
        ids: GroupIds,
    ) -> Result<Published, Error> {
        let id = self.ids.message_id();
        self.lineage.follow(caller, id).inspect_err(|_| {
            if let Some(count) = self.deliveries.complaints.count(&topic.arn, LOOP) {
                let topic = &*topic.arn;
                tracing::warn!(
                    topic,
                    count,
                    "a loop was stopped: a subscription's endpoint publishes to topiq itself"
                );
            }
        })?;
        let trace_header = caller.trace_header.map(Arc::from);
        let message = self.message(id, topic, attributes, contents, ids, trace_header);
        match topic.kind {
            Kind::Standard => {
                let message = Arc::new(message);
                self.trace(Some(caller), &message);
                if self.is_doubled(caller, topic) {
                    self.fan_out(topic, attributes, &message).await;
                }
                self.fan_out(topic, attributes, &message).await;
                Ok(Published {
                    id,
                    sequence_number: None,
                })
            }
            Kind::Fifo => {
                // Before the lock, since it can take long.
                let selection = select(topic, &message).await;
                Ok(self.publish_in_order(Some(caller), topic, attributes, message, &selection))
            }
        }
    }

    /// Publishes a message to a topic without letting others' requests pass meanwhile.
    pub(super) fn publish_at_once(
        &self,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: Message,
    ) -> Published {
        match topic.kind {
            Kind::Standard => {
                let message = Arc::new(message);
                self.trace(None, &message);
                self.fan_out_whole(topic, attributes, &message);
                Published {
                    id: message.id,
                    sequence_number: None,
                }
            }
            Kind::Fifo => {
                let selection = select_at_once(topic, &message);
                self.publish_in_order(None, topic, attributes, message, &selection)
            }
        }
    }

    /// Records that a topic has accepted a message, of a caller or of another service.
    fn trace(&self, caller: Option<&Caller<'_>>, message: &Arc<Message>) {
        self.traces
            .record(message.published_at, message.id, || What::Published {
                topic: Arc::clone(&message.topic_arn),
                by: caller.map(|caller| self.traces.by(caller)),
                message: Arc::clone(message) as _,
                bytes: message.size(),
            });
    }

    fn publish_in_order(
        &self,
        caller: Option<&Caller<'_>>,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: Message,
        selection: &Selection,
    ) -> Published {
        // Held until the message is delivered: a group's messages reach their queues in order.
        let mut memory = topic.memory.lock();
        let scope = attributes.fifo_throughput_scope;
        match memory.accept(scope.unwrap_or(ThroughputScope::Topic), message) {
            Accepted::New(message) => {
                self.trace(caller, &message);
                self.fan_out_at_once(topic, attributes, &message, selection, &mut memory);
                Published {
                    id: message.id,
                    sequence_number: message.sequence_number,
                }
            }
            Accepted::Duplicate(original) => {
                tracing::debug!(topic = &*topic.arn, message_id = %original.id, "a duplicate was not delivered");
                self.traces
                    .record(self.now(), original.id, || What::Duplicate {
                        topic: Arc::clone(&topic.arn),
                    });
                Published {
                    id: original.id,
                    sequence_number: Some(original.sequence_number),
                }
            }
        }
    }

    /// A message for a topic.
    pub(super) fn message(
        &self,
        id: MessageId,
        topic: &Topic,
        attributes: &TopicAttributes,
        contents: Contents,
        ids: GroupIds,
        trace_header: Option<Arc<str>>,
    ) -> Message {
        Message {
            id,
            topic_arn: topic.arn.clone(),
            subject: contents.subject,
            text: contents.text,
            texts: contents.texts,
            published: contents.published,
            attributes: contents.attributes,
            published_at: self.now(),
            sequence_number: None,
            group_id: ids.group_id,
            deduplication_id: ids.deduplication_id,
            trace_header,
            signature_version: attributes.signature_version.unwrap_or_default(),
        }
    }
}
