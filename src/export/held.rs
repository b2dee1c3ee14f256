//! The resources of an account in a region, as both formats see them.

use std::collections::{BTreeMap, BTreeSet};

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
        let needed = self.needed_by(kind);
        let all = self.of_kind(kind);
        all.filter(move |resource| can_be_made(resource, &needed))
    }

    /// Resources that neither format writes.
    pub(super) fn others(&self) -> impl Iterator<Item = &Resource> {
        let needed = DESCRIBED.map(|kind| (kind, self.needed_by(kind)));
        let all = self.resources.iter();
        all.filter(move |resource| {
            let kind = resource.kind;
            let mut described = needed.iter().filter(|(described, _)| *described == kind);
            let is_written = [QUEUE, TOPIC, SUBSCRIPTION].contains(&kind)
                || described.any(|(_, needed)| can_be_made(resource, needed));
            !is_written
        })
    }

    /// The ARNs of those resources that can be made again which resources of this kind need.
    fn needed_by(&self, kind: &'static str) -> BTreeSet<&str> {
        let needed = match kind {
            ARCHIVE | DISCOVERER => EVENT_BUS,
            API_DESTINATION => CONNECTION,
            _ => return BTreeSet::new(),
        };
        let all = self.of_kind(needed);
        // These need nothing.
        let made = all.filter(|resource| can_be_made(resource, &BTreeSet::new()));
        made.map(|resource| resource.arn.as_str()).collect()
    }

    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &Resource> {
        let all = self.resources.iter();
        all.filter(move |resource| resource.kind == kind)
    }
}

/// Whether what a resource needs is there, `needed` being what resources of its kind do: partners make their event sources,
/// connections lose their authorization, and archives, discoverers and API destinations outlive buses and connections.
fn can_be_made(resource: &Resource, needed: &BTreeSet<&str>) -> bool {
    let is_partners = |bus: &str| bus.starts_with("aws.partner/");
    let has = |arn: &String| needed.contains(arn.as_str());
    match resource.kind {
        EVENT_BUS => !is_partners(&resource.name),
        RULE => resource
            .text("EventBusName")
            .is_none_or(|bus| !is_partners(&bus)),
        ARCHIVE | DISCOVERER => resource
            .text("SourceArn")
            .is_some_and(|arn| arn.ends_with(":event-bus/default") || has(&arn)),
        CONNECTION => resource.has_property("AuthParameters"),
        API_DESTINATION => resource.text("ConnectionArn").is_some_and(|arn| has(&arn)),
        _ => true,
    }
}
