//! The resources of an account in a region, as both formats see them.

use std::collections::BTreeMap;

use crate::aws::{AccountId, Region};
use crate::services::resource::Resource;
use crate::services::sns::inspect::{SUBSCRIPTION, TOPIC};
use crate::services::sqs::inspect::QUEUE;

/// The resources of an account in a region.
#[derive(Clone, Debug)]
pub struct Held {
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// Its resources; those of each kind are in the order in which they are written.
    pub resources: Vec<Resource>,
}

/// A topic and its subscriptions.
pub(super) struct TopicHeld<'a> {
    pub(super) topic: &'a Resource,
    pub(super) subscriptions: Vec<&'a Resource>,
}

impl Held {
    pub(super) fn queues(&self) -> impl Iterator<Item = &Resource> {
        self.of_kind(QUEUE)
    }

    pub(super) fn topics(&self) -> impl Iterator<Item = &Resource> {
        self.of_kind(TOPIC)
    }

    /// The topics, each with its subscriptions.
    pub(super) fn topics_with_subscriptions(&self) -> Vec<TopicHeld<'_>> {
        let mut by_topic: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
        for subscription in self.of_kind(SUBSCRIPTION) {
            let topic_arn = subscription.attribute("TopicArn").unwrap_or_default();
            by_topic.entry(topic_arn).or_default().push(subscription);
        }
        let topics = self.topics().map(|topic| TopicHeld {
            topic,
            subscriptions: by_topic.remove(topic.arn.as_str()).unwrap_or_default(),
        });
        topics.collect()
    }

    /// Resources of kinds that neither format writes.
    pub(super) fn others(&self) -> impl Iterator<Item = &Resource> {
        let written = [QUEUE, TOPIC, SUBSCRIPTION];
        let all = self.resources.iter();
        all.filter(move |resource| !written.contains(&resource.kind))
    }

    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &Resource> {
        let all = self.resources.iter();
        all.filter(move |resource| resource.kind == kind)
    }
}
