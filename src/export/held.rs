//! The resources of an account in a region, as both formats see them.

use std::collections::BTreeMap;

use crate::aws::{AccountId, Region};
use crate::services::events::inspect::{
    API_DESTINATION, ARCHIVE, CONNECTION, ENDPOINT, EVENT_BUS, RULE,
};
use crate::services::kinesis::inspect::STREAM;
use crate::services::logs::inspect::LOG_GROUP;
use crate::services::resource::Resource;
use crate::services::schemas::inspect::{DISCOVERER, REGISTRY, SCHEMA};
use crate::services::sns::inspect::{SUBSCRIPTION, TOPIC};
use crate::services::sqs::inspect::QUEUE;

/// The kinds of resources that have properties in JSON, in the order in which they are written.
pub(super) const DESCRIBED: [&str; 11] = [
    EVENT_BUS,
    RULE,
    ARCHIVE,
    CONNECTION,
    API_DESTINATION,
    ENDPOINT,
    LOG_GROUP,
    STREAM,
    REGISTRY,
    SCHEMA,
    DISCOVERER,
];

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

    /// The resources of a kind that has properties, except those that nothing can make again.
    pub(super) fn described(&self, kind: &'static str) -> impl Iterator<Item = &Resource> {
        self.of_kind(kind)
            .filter(|resource| self.can_be_made(resource))
    }

    /// Resources that neither format writes.
    pub(super) fn others(&self) -> impl Iterator<Item = &Resource> {
        let all = self.resources.iter();
        all.filter(|resource| {
            let kind = resource.kind;
            let is_written = [QUEUE, TOPIC, SUBSCRIPTION].contains(&kind)
                || (DESCRIBED.contains(&kind) && self.can_be_made(resource));
            !is_written
        })
    }

    /// Whether what a resource needs is there: partners make their event sources, connections lose their authorization, and
    /// archives, discoverers and API destinations outlive buses and connections.
    fn can_be_made(&self, resource: &Resource) -> bool {
        let is_written = |kind, arn: &str| self.described(kind).any(|held| held.arn == arn);
        let is_partners = |bus: &str| bus.starts_with("aws.partner/");
        match resource.kind {
            EVENT_BUS => !is_partners(&resource.name),
            RULE => resource
                .text("EventBusName")
                .is_none_or(|bus| !is_partners(&bus)),
            ARCHIVE | DISCOVERER => resource.text("SourceArn").is_some_and(|arn| {
                arn.ends_with(":event-bus/default") || is_written(EVENT_BUS, &arn)
            }),
            CONNECTION => resource.has_property("AuthParameters"),
            API_DESTINATION => resource
                .text("ConnectionArn")
                .is_some_and(|arn| is_written(CONNECTION, &arn)),
            _ => true,
        }
    }

    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &Resource> {
        let all = self.resources.iter();
        all.filter(move |resource| resource.kind == kind)
    }
}
