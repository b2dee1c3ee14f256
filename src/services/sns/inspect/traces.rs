//! What topics say to those who ask what became of a message: who did not get it, and why not.

use std::any::Any;
use std::sync::Arc;

use crate::aws::message::AttributeValue;
use crate::services::sns::Sns;
use crate::services::sns::message::Message;
use crate::services::sns::subscription::Subscription;
use crate::services::sns::topic::{Events, withheld};
use crate::services::sns::topics::TopicName;
use crate::trace::whereabouts::{Changed, Withheld, Witness};
use crate::trace::{Content, What};

impl Content for Message {
    fn contains(&self, text: &str) -> bool {
        let texts = self.texts.values().chain([&self.text]);
        let attributes = self.attributes.iter().flat_map(|all| &all.attributes);
        let values = attributes.filter_map(|attribute| match &attribute.value {
            AttributeValue::Text(value) => Some(&**value),
            AttributeValue::Binary(_) => None,
        });
        let subject = self.subject.as_deref();
        let mut all = texts.map(|text| &**text).chain(values).chain(subject);
        all.any(|one| one.contains(text))
    }
}

impl Witness for Sns {
    fn withheld(&self, arrival: &What, changed: &Changed<'_>) -> Vec<Withheld> {
        let What::Published { topic, message, .. } = arrival else {
            return Vec::new();
        };
        let message: &dyn Any = &**message;
        let Some(message) = message.downcast_ref::<Message>() else {
            return Vec::new();
        };
        let mut events = Events::new(message);
        let subscriptions = self.subscriptions_then(topic, changed);
        let withheld = subscriptions.iter().filter_map(|one| {
            let reason = withheld(message.published_at, &**one, &mut events)?;
            Some(Withheld {
                by: Arc::clone(&one.identity.arn),
                to: Some(Arc::clone(&one.identity.endpoint)),
                reason: reason.to_string(),
            })
        });
        withheld.collect()
    }
}

impl Sns {
    /// The subscriptions of a topic, with those that have been changed since as they were before.
    fn subscriptions_then(&self, topic: &str, changed: &Changed<'_>) -> Vec<Arc<Subscription>> {
        let before = changed.values().copied().flatten();
        let before = before.filter_map(|before| Arc::clone(before).downcast().ok());
        let mut all: Vec<Arc<Subscription>> = before.collect();
        if let Some(topic) = TopicName::parse(topic).and_then(|name| self.topics.by_arn(&name)) {
            let subscribers = topic.subscribers.read();
            let is_changed = |arn: &str| changed.contains_key(arn);
            let unchanged = subscribers
                .all()
                .filter(|one| !is_changed(&one.identity.arn));
            all.extend(unchanged.cloned());
        }
        all
    }
}
