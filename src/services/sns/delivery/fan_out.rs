//! From a topic to its subscribers: a message goes to each whose filter policy accepts it, by that subscriber's
//! protocol.
//!
//! The parts that subscribers share are made once per publish: the raw body with its digest, and the envelope's common
//! parts, which are written when the first message is received.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use super::envelope::Envelopes;
use super::{captured, log, post, queue};
use crate::aws::message::Body;
use crate::budget::Held;
use crate::clock::Timestamp;
use crate::delivery::Examined;
use crate::ids::{MessageId, MessageIds};
use crate::pattern::Work;
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::message::Message;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::{Subscribers, Subscription};
use crate::services::sns::topic::{Events, Memory, Selection};
use crate::services::sns::topic_attributes::TopicAttributes;
use crate::trace::Traced;

/// One message on its way from its topic.
#[derive(Debug)]
pub(super) struct Outgoing<'a> {
    pub(super) sns: &'a Sns,
    pub(super) topic: &'a Topic,
    pub(super) attributes: &'a TopicAttributes,
    pub(super) now: Timestamp,
    pub(super) message: &'a Arc<Message>,
    pub(super) envelopes: Arc<Envelopes>,
    /// The queues' findings about the raw message.
    pub(super) examined_raw: Examined,
    /// The queues' findings about the envelope.
    pub(super) examined_envelope: Examined,
    raw_queue_body: OnceCell<Body>,
    held: OnceCell<Option<Arc<Held>>>,
    ids: RefCell<MessageIds>,
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(
        sns: &'a Sns,
        topic: &'a Topic,
        attributes: &'a TopicAttributes,
        now: Timestamp,
        message: &'a Arc<Message>,
    ) -> Self {
        Self {
            sns,
            topic,
            attributes,
            now,
            message,
            envelopes: Arc::new(Envelopes::new(Arc::clone(message), Arc::clone(&sns.signer))),
            examined_raw: Examined::default(),
            examined_envelope: Examined::default(),
            raw_queue_body: OnceCell::new(),
            held: OnceCell::new(),
            ids: RefCell::new(sns.ids.message_ids()),
        }
    }

    /// The message, for what is recorded of it.
    pub(super) fn traced(&self) -> Traced {
        Traced {
            traces: Arc::clone(&self.sns.traces),
            id: self.message.id,
            earlier_attempts: 0,
        }
    }

    /// The body of a queue's raw message, shared by all queues.
    pub(super) fn raw_queue_body(&self) -> Body {
        self.raw_queue_body
            .get_or_init(|| Body::new(Arc::clone(self.message.text_for(Protocol::Sqs.as_str()))))
            .clone()
    }

    /// What the message holds of the memory budget while it waits for endpoints: itself, and the envelope, which is kept
    /// from its first attempt on. Nothing if there is no room.
    pub(super) fn held(&self) -> Option<Arc<Held>> {
        self.held
            .get_or_init(|| self.sns.http.hold(2 * self.message.size()))
            .clone()
    }

    /// The id of the next queue's message.
    pub(super) fn queue_message_id(&self) -> MessageId {
        self.ids.borrow_mut().next_id()
    }

    /// Delivers to one subscriber.
    pub(super) fn deliver(&self, subscription: &Arc<Subscription>) {
        match subscription.identity.protocol {
            Protocol::Sqs => queue::deliver(self, subscription),
            Protocol::Http | Protocol::Https => post::deliver(self, subscription),
            _ => captured::deliver(self, subscription),
        }
    }
}

/// How many recipients are delivered to before others' requests are served: a few milliseconds.
const RECIPIENTS: usize = 1000;

/// Selects the subscriptions whose filter policies let a message through. Where that takes long, others' requests are
/// served meanwhile.
pub(crate) async fn select(topic: &Topic, message: &Message) -> Selection {
    let mut events = Events::new(message);
    let mut work = Work::of_a_turn();
    let selection = topic.subscribers.read().select(&mut events, &mut work);
    if selection.is_complete() {
        return selection;
    }
    Box::pin(complete(selection, events)).await
}

/// The same for one that cannot wait.
pub(crate) fn select_at_once(topic: &Topic, message: &Message) -> Selection {
    let mut events = Events::new(message);
    let subscribers = topic.subscribers.read();
    subscribers.select(&mut events, &mut Work::unlimited())
}

async fn complete(mut selection: Selection, mut events: Events<'_>) -> Selection {
    while !selection.is_complete() {
        tokio::task::yield_now().await;
        selection.proceed(&mut events, &mut Work::of_a_turn());
    }
    selection
}

impl Sns {
    /// Delivers a message to all its recipients, in parts if they are many or hard to find.
    pub(crate) async fn fan_out(
        &self,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: &Arc<Message>,
    ) {
        let mut events = Events::new(message);
        let selection = {
            let subscribers = topic.subscribers.read();
            let selection = subscribers.select(&mut events, &mut Work::of_a_turn());
            let recipients = subscribers.unfiltered() + selection.len();
            if selection.is_complete() && recipients <= RECIPIENTS {
                self.deliver(topic, attributes, message, &subscribers, &selection, |_| {
                    false
                });
                return;
            }
            selection
        };
        Box::pin(self.fan_out_in_parts(topic, attributes, message, events, selection)).await;
    }

    /// Delivers a message to all its recipients, all at once.
    pub(crate) fn fan_out_whole(
        &self,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: &Arc<Message>,
    ) {
        let mut events = Events::new(message);
        let subscribers = topic.subscribers.read();
        let selection = subscribers.select(&mut events, &mut Work::unlimited());
        self.deliver(topic, attributes, message, &subscribers, &selection, |_| {
            false
        });
    }

    /// Delivers a FIFO topic's message to the selected recipients, all at once. The caller holds the topic's memory, which
    /// keeps the order; it also keeps the message for those that have a replay.
    pub(crate) fn fan_out_at_once(
        &self,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: &Arc<Message>,
        selection: &Selection,
        memory: &mut Memory,
    ) {
        let subscribers = topic.subscribers.read();
        let is_held_back =
            |subscription: &Subscription| memory.hold_back(subscription.identity.id, message);
        self.deliver(
            topic,
            attributes,
            message,
            &subscribers,
            selection,
            is_held_back,
        );
    }

    fn deliver(
        &self,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: &Arc<Message>,
        subscribers: &Subscribers,
        selection: &Selection,
        mut is_held_back: impl FnMut(&Subscription) -> bool,
    ) {
        let now = message.published_at;
        let outgoing = Outgoing::new(self, topic, attributes, now, message);
        let mut recipients = 0;
        for subscription in subscribers.recipients(now, selection) {
            if !is_held_back(subscription) {
                outgoing.deliver(subscription);
            }
            recipients += 1;
        }
        log::withheld(&self.deliveries, topic, subscribers, message, recipients);
    }

    async fn fan_out_in_parts(
        &self,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: &Arc<Message>,
        events: Events<'_>,
        selection: Selection,
    ) {
        let selection = complete(selection, events).await;
        let now = message.published_at;
        let recipients: Vec<_> = {
            let subscribers = topic.subscribers.read();
            let recipients = subscribers.recipients(now, &selection);
            let recipients: Vec<_> = recipients.map(Arc::clone).collect();
            let count = recipients.len();
            log::withheld(&self.deliveries, topic, &subscribers, message, count);
            recipients
        };
        let mut remaining = Remaining {
            outgoing: Outgoing::new(self, topic, attributes, now, message),
            recipients: recipients.into_iter(),
        };
        while remaining.deliver(RECIPIENTS) {
            tokio::task::yield_now().await;
        }
    }
}

/// Recipients that have not got their message yet. A publisher that hangs up takes it from none of them.
struct Remaining<'a> {
    outgoing: Outgoing<'a>,
    recipients: std::vec::IntoIter<Arc<Subscription>>,
}

impl Remaining<'_> {
    /// Delivers to so many of them, as far as they are still there: what waits for an ended one is not forgotten a second
    /// time. Says whether any are left.
    fn deliver(&mut self, count: usize) -> bool {
        let subscribers = self.outgoing.topic.subscribers.read();
        for subscription in self.recipients.by_ref().take(count) {
            if subscribers.get(subscription.identity.id).is_some() {
                self.outgoing.deliver(&subscription);
            }
        }
        !self.recipients.as_slice().is_empty()
    }
}

impl Drop for Remaining<'_> {
    fn drop(&mut self) {
        self.deliver(usize::MAX);
    }
}
