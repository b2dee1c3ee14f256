//! topiq's own short format, which `--init` reads.

use std::collections::{BTreeMap, BTreeSet};

use super::held::TopicHeld;
use super::values::Tables;
use super::{Held, without_credentials};
use crate::aws::Arn;
use crate::document::compose::{list, map, node, text};
use crate::document::{Node, Value};
use crate::services::resource::Resource;

/// The file.
pub(super) fn file(held: &Held) -> Node {
    let writer = Writer {
        held,
        queues: held.queues().map(|queue| queue.arn.as_str()).collect(),
        topics: held.topics().map(|topic| topic.arn.as_str()).collect(),
        tables: Tables::new(),
    };
    let queues = held.queues();
    let queues: Vec<_> = queues.map(|one| (&one.name, writer.queue(one))).collect();
    let topics = held.topics_with_subscriptions();
    let topics: Vec<_> = topics
        .iter()
        .map(|one| (&one.topic.name, writer.topic(one)))
        .collect();
    let parts = [("queues", queues), ("topics", topics)];
    let parts = parts.into_iter().filter(|(_, named)| !named.is_empty());
    map(parts.map(|(name, named)| (name, map(named))))
}

struct Writer<'a> {
    held: &'a Held,
    /// ARNs.
    queues: BTreeSet<&'a str>,
    topics: BTreeSet<&'a str>,
    tables: Tables,
}

impl Writer<'_> {
    fn queue(&self, queue: &Resource) -> Node {
        let attributes = self.attributes(queue);
        map(attributes.into_iter().chain(tags(&queue.tags)))
    }

    fn topic(&self, held: &TopicHeld<'_>) -> Node {
        let mut entries = self.attributes(held.topic);
        entries.extend(tags(&held.topic.tags));
        if !held.subscriptions.is_empty() {
            let subscriptions = held.subscriptions.iter();
            let subscriptions = list(subscriptions.map(|one| self.subscription(one)));
            entries.push(("subscriptions", subscriptions));
        }
        map(entries)
    }

    fn subscription(&self, subscription: &Resource) -> Node {
        let property = |name| subscription.attribute(name).unwrap_or_default();
        let (protocol, endpoint) = (property("Protocol"), property("Endpoint"));
        let attributes = self.attributes(subscription);
        let queue = (protocol == "sqs")
            .then(|| self.queue_name(endpoint))
            .flatten()
            .map(node);
        let subscriber = match queue {
            Some(name) if attributes.is_empty() => return name,
            Some(name) => vec![("queue", name)],
            None => {
                let shown = without_credentials(endpoint);
                let shown = text(shown.unwrap_or_else(|| endpoint.to_owned()));
                let shown = shown.with_texts(&|text| self.portable(text));
                vec![("protocol", text(protocol)), ("endpoint", shown)]
            }
        };
        map(subscriber.into_iter().chain(attributes))
    }

    fn attributes(&self, resource: &Resource) -> Vec<(&'static str, Node)> {
        let attributes = resource.attributes.iter().filter_map(|(name, value)| {
            let value = self.tables.value(resource, name, value);
            let value = match *name {
                // The subscription itself has these.
                "TopicArn" | "Protocol" | "Endpoint" => return None,
                "Policy" => value.with_texts(&|text| self.portable(text)),
                "RedrivePolicy" => {
                    value.with_texts_of("deadLetterTargetArn", &|arn| self.queue_name(arn))
                }
                "RedriveAllowPolicy" => {
                    value.with_texts_of("sourceQueueArns", &|arn| self.queue_name(arn))
                }
                _ => value,
            };
            Some((*name, value))
        });
        attributes.collect()
    }

    /// The name of a queue that is exported too.
    fn queue_name(&self, arn: &str) -> Option<Value> {
        let named = self.queues.contains(arn).then(|| Arn::parse(arn))?;
        named.map(|arn| Value::Text(arn.resource.to_owned()))
    }

    /// The text with variables for exported resources, and for the account and region.
    fn portable(&self, named: &str) -> Option<Value> {
        let (account, region) = (self.held.account.to_string(), self.held.region.as_str());
        if named == account {
            return Some(Value::Text("${account}".to_owned()));
        }
        let arn = Arn::parse(named)?;
        if self.queues.contains(named) {
            return Some(Value::Text(format!("${{queues.{}}}", arn.resource)));
        }
        if self.topics.contains(named) {
            return Some(Value::Text(format!("${{topics.{}}}", arn.resource)));
        }
        let or = |own: &str, literal: &str, variable: &str| {
            if own == literal {
                variable.to_owned()
            } else {
                literal.to_owned()
            }
        };
        Some(Value::Text(format!(
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
