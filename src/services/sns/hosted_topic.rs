//! One topic with everything that belongs to it: its name, its attributes and tags, and the two halves of its core,
//! each behind its lock. The order of these locks is the core's: see [`topic`](super::topic).

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::subscription::Subscribers;
use super::topic::Memory;
use super::topic_attributes::{Kind, TopicAttributes};
use super::topics::TopicName;
use crate::clock::Timestamp;

/// A topic as the service holds it.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) name: TopicName,
    pub(crate) arn: Arc<str>,
    pub(crate) kind: Kind,
    described: RwLock<Described>,
    /// The table of subscriptions. A publish holds it for reading until the message is delivered, and locks queues
    /// meanwhile.
    pub(crate) subscribers: RwLock<Subscribers>,
    /// A FIFO topic's memory. Locked until a message is delivered, which keeps the order of messages.
    pub(crate) memory: Mutex<Memory>,
}

/// The attributes, tags and data protection policy that callers have set.
#[derive(Debug)]
struct Described {
    attributes: Arc<TopicAttributes>,
    tags: BTreeMap<String, String>,
    data_protection_policy: Option<String>,
}

impl Topic {
    pub(crate) fn new(
        name: TopicName,
        attributes: TopicAttributes,
        tags: BTreeMap<String, String>,
        data_protection_policy: Option<String>,
    ) -> Self {
        Self {
            arn: name.arn().into(),
            name,
            kind: attributes.kind,
            described: RwLock::new(Described {
                attributes: Arc::new(attributes),
                tags,
                data_protection_policy,
            }),
            subscribers: RwLock::default(),
            memory: Mutex::default(),
        }
    }

    /// The topic is no longer there. A publish that has found it before finds nobody there now; one that is delivering has
    /// ended. Gives the subscriptions that end with it.
    pub(crate) fn end(&self) -> Subscribers {
        let ended = std::mem::take(&mut *self.subscribers.write());
        for subscription in ended.all() {
            subscription.forget_deliveries();
        }
        ended
    }

    pub(crate) fn attributes(&self) -> Arc<TopicAttributes> {
        self.described.read().attributes.clone()
    }

    /// Changes the attributes, all or none.
    pub(crate) fn change_attributes<E>(
        &self,
        change: impl FnOnce(&TopicAttributes) -> Result<TopicAttributes, E>,
    ) -> Result<(), E> {
        let mut described = self.described.write();
        described.attributes = Arc::new(change(&described.attributes)?);
        Ok(())
    }

    /// Opens, changes or closes the archive as the attributes say.
    pub(crate) fn keep_archive(&self, now: Timestamp) {
        let days = self
            .attributes()
            .archive_policy
            .as_ref()
            .map(|policy| policy.days);
        self.memory.lock().set_archive_days(now, days);
    }

    pub(crate) fn tags(&self) -> BTreeMap<String, String> {
        self.described.read().tags.clone()
    }

    pub(crate) fn change_tags<R>(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, String>) -> R,
    ) -> R {
        change(&mut self.described.write().tags)
    }

    pub(crate) fn data_protection_policy(&self) -> Option<String> {
        self.described.read().data_protection_policy.clone()
    }

    pub(crate) fn set_data_protection_policy(&self, policy: Option<String>) {
        self.described.write().data_protection_policy = policy;
    }
}
