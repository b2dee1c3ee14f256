//! From a topic to its subscribers: a message goes to each whose filter policy accepts it, by that subscriber's
//! protocol.
//!
//! The parts that subscribers share are made once per publish: the raw body with its digest, and the envelope's common
//! parts, which are written when the first message is received.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use super::envelope::Envelopes;
use super::{captured, post, queue};
use crate::aws::message::Body;
use crate::budget::Held;
use crate::clock::Timestamp;
use crate::delivery::Examined;
use crate::ids::{MessageId, MessageIds};
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::message::Message;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::publish::log_withheld;
use crate::services::sns::subscription::Subscription;
use crate::services::sns::topic_attributes::TopicAttributes;

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

impl Sns {
    /// Delivers a message to all its recipients. For a FIFO topic the caller holds its memory, which keeps the order.
    pub(crate) fn fan_out(
        &self,
        topic: &Topic,
        attributes: &TopicAttributes,
        message: &Arc<Message>,
    ) {
        let now = message.published_at;
        let outgoing = Outgoing::new(self, topic, attributes, now, message);
        let subscribers = topic.subscribers.read();
        for subscription in subscribers.recipients(now, message) {
            outgoing.deliver(subscription);
        }
        log_withheld(&subscribers, message);
    }
}
