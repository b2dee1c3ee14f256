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
use crate::services::sns::topic::{Memory, ReplayId, Subscriber as _};

/// The attribute that marks replayed messages. (Message archiving and replay for FIFO topics.)
const REPLAYED: &str = "Replayed";

/// How many messages a turn delivers while the topic is locked.
const MESSAGES: usize = 500;

/// A replay under way. If nobody waits for it any more, it goes on all the same.
#[must_use]
pub(crate) struct Replaying<'a> {
    sns: &'a Sns,
    topic: Arc<Topic>,
    id: ReplayId,
    now: Timestamp,
    is_over: bool,
}

impl Sns {
    /// Begins to deliver the archived messages that a subscription's `ReplayPolicy` asks for and its filter policy wants.
    /// Called when the policy is set; messages published meanwhile wait and come after them.
    ///
    /// The caller has held the topic's memory since before the policy was set, so that no live message comes in
    /// between.
    pub(crate) fn begin_replay<'a>(
        &'a self,
        topic: &Arc<Topic>,
        memory: &mut Memory,
        subscription: &Arc<Subscription>,
    ) -> Option<Replaying<'a>> {
        let now = self.now();
        let window = subscription.replay_window();
        let (id, held_back) = memory.begin_replay(now, subscription.identity.id, window);
        self.deliver_live(topic, subscription, &held_back);
        Some(Replaying {
            sns: self,
            topic: topic.clone(),
            id: id?,
            now,
            is_over: false,
        })
    }

    fn deliver_live(
        &self,
        topic: &Topic,
        subscription: &Arc<Subscription>,
        messages: &[Arc<Message>],
    ) {
        let attributes = topic.attributes();
        for message in messages {
            let now = message.published_at;
            Outgoing::new(self, topic, &attributes, now, message).deliver(subscription);
        }
    }
}

impl Replaying<'_> {
    /// Delivers all, in turns: others' messages are published in between.
    pub(crate) async fn finish(mut self) {
        while self.turn() {
            tokio::task::yield_now().await;
        }
    }

    /// Delivers some; whether any may be left.
    fn turn(&mut self) -> bool {
        self.is_over = self.is_over || self.deliver_some().is_none();
        !self.is_over
    }

    fn deliver_some(&self) -> Option<()> {
        let Self {
            sns,
            topic,
            id,
            now,
            ..
        } = self;
        let mut turn = topic.memory.lock().next_turn(*now, *id, MESSAGES)?;
        let subscription = || topic.subscribers.read().get(id.subscription()).cloned();
        // Under no lock, since it can take long.
        if let Some(one) = subscription() {
            turn.archived
                .retain(|message| one.filter_lets_through(message));
        }
        let mut memory = topic.memory.lock();
        let Some(subscription) = subscription() else {
            memory.end_replay(*id);
            return None;
        };
        // Another replay may have taken its place.
        if !memory.is_replaying(*id) {
            return None;
        }
        let attributes = topic.attributes();
        for message in &turn.archived {
            let replayed = Arc::new(replayed(message, *now));
            Outgoing::new(sns, topic, &attributes, *now, &replayed).deliver(&subscription);
        }
        sns.deliver_live(topic, &subscription, &turn.held_back);
        Some(())
    }
}

impl Drop for Replaying<'_> {
    fn drop(&mut self) {
        while self.turn() {}
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
