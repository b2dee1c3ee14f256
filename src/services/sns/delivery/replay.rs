//! Replays: a FIFO topic's archived messages are delivered again, to one subscriber.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::fan_out::Outgoing;
use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};
use crate::clock::Timestamp;
use crate::hex;
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::message::Message;
use crate::services::sns::subscription::Subscription;
use crate::services::sns::topic::Memory;

/// The attribute that marks replayed messages. (Message archiving and replay for FIFO topics.)
const REPLAYED: &str = "Replayed";

impl Sns {
    /// Delivers the archived messages that a subscription's `ReplayPolicy` asks for and its filter policy wants. Called
    /// when the policy is set; messages published meanwhile wait and come after them.
    ///
    /// The caller has held the topic's memory since before the policy was set, so that no live message comes in
    /// between.
    pub(crate) fn replay(
        &self,
        topic: &Topic,
        memory: &mut Memory,
        subscription: &Arc<Subscription>,
    ) {
        let now = self.now();
        let attributes = topic.attributes();
        for message in memory.replay(now, &**subscription) {
            let replayed = Arc::new(replayed(&message, now));
            Outgoing::new(self, topic, &attributes, now, &replayed).deliver(subscription);
        }
    }
}

/// A deduplication id for the message of this id, replayed at this time: 64 characters, where 128 are allowed.
fn replayed_id(id: &str, now: Timestamp) -> String {
    hex::encode(&Sha256::digest(format!("{id}/replayed/{now}")))
}

/// The message as it is replayed: with its ids, its time and its sequence number. Only its deduplication id differs,
/// since the queue has seen the original one and would drop the message. (AWS does not say how it does that.)
fn replayed(message: &Message, now: Timestamp) -> Message {
    let attribute = Attribute {
        name: REPLAYED.into(),
        data_type: "String".into(),
        value: AttributeValue::Text("true".into()),
    };
    let present = message.attributes.as_ref();
    let mut attributes: Vec<_> = present
        .into_iter()
        .flat_map(|present| present.attributes.iter().cloned())
        .filter(|present| present.name != attribute.name)
        .collect();
    attributes.push(attribute);
    attributes.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let deduplication_id = message
        .deduplication_id
        .as_ref()
        .map(|id| replayed_id(id, now).into());
    Message {
        attributes: Some(Arc::new(MessageAttributes::new(attributes))),
        deduplication_id,
        ..message.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replayed_messages_have_ids_of_their_own_that_queues_take() {
        let longest = "x".repeat(128);
        let first = replayed_id(&longest, Timestamp::from_millis(1));
        assert!((1..=128).contains(&first.len()));
        assert_ne!(first, replayed_id(&longest, Timestamp::from_millis(2)));
        assert_ne!(first, replayed_id("other", Timestamp::from_millis(1)));
    }
}
