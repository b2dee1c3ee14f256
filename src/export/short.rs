//! topiq's own short format of what there is: what [`crate::init::short`] reads.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{each_text, each_text_of, list, map, text, value};
use super::{Held, without_credentials};
use crate::aws::Arn;
use crate::document::Node;
use crate::init::attributes::{self, Described};
use crate::services::sns::inspect::{DescribedSubscription, DescribedTopic};
use crate::services::sqs::inspect::DescribedQueue;

/// The file.
pub(super) fn file(held: &Held) -> Node {
    let writer = Writer {
        held,
        queues: held.queues.iter().map(|queue| queue.arn.as_str()).collect(),
        topics: held.topics.iter().map(|topic| topic.arn.as_str()).collect(),
        queue: attributes::of_queues(),
        topic: attributes::of_topics(),
        subscription: attributes::of_subscriptions(),
    };
    let queues = held.queues.iter();
    let queues: Vec<_> = queues.map(|one| (&one.name, writer.queue(one))).collect();
    let topics = held.topics.iter();
    let topics: Vec<_> = topics.map(|one| (&one.name, writer.topic(one))).collect();
    let parts = [("queues", queues), ("topics", topics)];
    let parts = parts.into_iter().filter(|(_, named)| !named.is_empty());
    map(parts.map(|(name, named)| (name, map(named))))
}

struct Writer<'a> {
    held: &'a Held,
    /// ARNs.
    queues: BTreeSet<&'a str>,
    topics: BTreeSet<&'a str>,
    queue: Vec<Described>,
    topic: Vec<Described>,
    subscription: Vec<Described>,
}

impl Writer<'_> {
    fn queue(&self, queue: &DescribedQueue) -> Node {
        let attributes = self.attributes(&self.queue, &queue.attributes);
        map(attributes.into_iter().chain(tags(&queue.tags)))
    }

    fn topic(&self, topic: &DescribedTopic) -> Node {
        let mut entries = self.attributes(&self.topic, &topic.attributes);
        if let Some(policy) = &topic.data_protection_policy {
            let name = attributes::DATA_PROTECTION_POLICY;
            entries.push((name, value(&self.topic, name, policy)));
        }
        entries.extend(tags(&topic.tags));
        if !topic.subscriptions.is_empty() {
            let subscriptions = topic.subscriptions.iter();
            let subscriptions = list(subscriptions.map(|one| self.subscription(one)));
            entries.push(("subscriptions", subscriptions));
        }
        map(entries)
    }

    fn subscription(&self, subscription: &DescribedSubscription) -> Node {
        let (protocol, endpoint) = (subscription.protocol, &subscription.endpoint);
        let attributes = self.attributes(&self.subscription, &subscription.attributes);
        let queue = (protocol == "sqs")
            .then(|| self.queue_name(endpoint))
            .flatten();
        let whom = match queue {
            Some(name) if attributes.is_empty() => return name,
            Some(name) => vec![("queue", name)],
            None => {
                let shown = without_credentials(endpoint);
                let shown = text(shown.unwrap_or_else(|| endpoint.clone()));
                let shown = each_text(&shown, &|text| self.portable(text));
                vec![("protocol", text(protocol)), ("endpoint", shown)]
            }
        };
        map(whom.into_iter().chain(attributes))
    }

    fn attributes(
        &self,
        table: &[Described],
        told: &[(&'static str, String)],
    ) -> Vec<(&'static str, Node)> {
        let attributes = told.iter().map(|(name, told)| {
            let value = value(table, name, told);
            let value = match *name {
                "Policy" => each_text(&value, &|text| self.portable(text)),
                "RedrivePolicy" => {
                    each_text_of(&value, "deadLetterTargetArn", &|arn| self.queue_name(arn))
                }
                "RedriveAllowPolicy" => {
                    each_text_of(&value, "sourceQueueArns", &|arn| self.queue_name(arn))
                }
                _ => value,
            };
            (*name, value)
        });
        attributes.collect()
    }

    /// The name of a queue that is there too.
    fn queue_name(&self, arn: &str) -> Option<Node> {
        let named = self.queues.contains(arn).then(|| Arn::parse(arn))?;
        named.map(|arn| text(arn.resource))
    }

    /// The text with variables for what is there, and for the account and region.
    fn portable(&self, named: &str) -> Option<Node> {
        let (account, region) = (self.held.account.to_string(), self.held.region.as_str());
        if named == account {
            return Some(text("${account}"));
        }
        let arn = Arn::parse(named)?;
        if self.queues.contains(named) {
            return Some(text(format!("${{queues.{}}}", arn.resource)));
        }
        if self.topics.contains(named) {
            return Some(text(format!("${{topics.{}}}", arn.resource)));
        }
        let or = |own: &str, literal: &str, variable: &str| {
            if own == literal {
                variable.to_owned()
            } else {
                literal.to_owned()
            }
        };
        Some(text(format!(
            "arn:{}:{}:{}:{}:{}",
            arn.partition,
            arn.service,
            or(region, arn.region, "${region}"),
            or(&account, arn.account, "${account}"),
            arn.resource
        )))
    }
}

fn tags(tags: &BTreeMap<String, String>) -> Option<(&'static str, Node)> {
    let pair = |(key, value): (&String, &String)| (key.clone(), text(value));
    (!tags.is_empty()).then(|| ("tags", map(tags.iter().map(pair))))
}
