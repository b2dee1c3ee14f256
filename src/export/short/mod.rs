//! topiq's own short format, which `--init` reads.
//!
//! Here are queues and topics; `described` has the kinds whose resources have a template's properties, [`words`] what both
//! call things.

mod described;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::held::TopicHeld;
use super::secrets::Secrets;
use super::values::Tables;
use super::{Held, without_credentials};
use crate::aws::Arn;
use crate::document::compose::{list, map, node, text};
use crate::document::{Node, Value};
use crate::services::events::inspect::RULE;
use crate::services::resource::Resource;
use described::SECTIONS;
use words::{QUEUES, TOPICS};

/// The file.
pub(super) fn file(held: &Held) -> Node {
    let mut writer = Writer {
        held,
        keys: keys(held),
        tables: Tables::new(),
        secrets: Secrets::default(),
    };
    let queues = held.queues();
    let queues: Vec<_> = queues
        .map(|one| (one.name.clone(), writer.queue(one)))
        .collect();
    let topics = held.topics_with_subscriptions();
    let topics: Vec<_> = topics
        .iter()
        .map(|one| (one.topic.name.clone(), writer.topic(one)))
        .collect();
    let mut parts = vec![(QUEUES, queues), (TOPICS, topics)];
    parts.extend(writer.sections());
    let parts = parts.into_iter().filter(|(_, named)| !named.is_empty());
    map(parts.map(|(name, named)| (name, map(named))))
}

struct Writer<'a> {
    held: &'a Held,
    /// The section and the key of each exported resource that others can name, by its ARN.
    keys: BTreeMap<&'a str, (&'static str, String)>,
    tables: Tables,
    secrets: Secrets,
}

fn keys(held: &Held) -> BTreeMap<&str, (&'static str, String)> {
    let mut keys = BTreeMap::new();
    let key = |section, resource: &Resource| (section, resource.name.clone());
    for queue in held.queues() {
        keys.insert(queue.arn.as_str(), key(QUEUES, queue));
    }
    for topic in held.topics() {
        keys.insert(topic.arn.as_str(), key(TOPICS, topic));
    }
    for (kind, section) in SECTIONS {
        for resource in held.described(kind) {
            keys.insert(resource.arn.as_str(), key(section, resource));
        }
    }
    for (rule, key) in keys_of_rules(held) {
        if let Some((_, name)) = keys.get_mut(rule) {
            *name = key;
        }
    }
    keys
}

/// The keys of rules, by their ARNs: rules of several buses may have the same name.
fn keys_of_rules(held: &Held) -> Vec<(&str, String)> {
    let rules: Vec<_> = held.described(RULE).collect();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    let mut taken = BTreeSet::new();
    let mut key = |rule: &Resource| {
        if taken.insert(rule.name.clone()) {
            return rule.name.clone();
        }
        let bus = rule.text("EventBusName").unwrap_or_default();
        let first = format!("{bus}.{}", rule.name);
        let mut candidate = first.clone();
        for number in 2_u32.. {
            if !names.contains(candidate.as_str()) && taken.insert(candidate.clone()) {
                break;
            }
            candidate = format!("{first}.{number}");
        }
        candidate
    };
    let keyed = rules.iter();
    keyed.map(|rule| (rule.arn.as_str(), key(rule))).collect()
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
        self.name_of(QUEUES, arn)
    }

    /// The key of an exported resource of a section.
    fn name_of(&self, section: &str, arn: &str) -> Option<Value> {
        let (_, name) = self.keys.get(arn).filter(|(known, _)| *known == section)?;
        Some(Value::Text(name.clone()))
    }

    /// The text with variables for exported resources, and for the account and region.
    fn portable(&self, named: &str) -> Option<Value> {
        let (account, region) = (self.held.account.to_string(), self.held.region.as_str());
        if named == account {
            return Some(Value::Text("${account}".to_owned()));
        }
        if let Some((section, name)) = self.keys.get(named) {
            return Some(Value::Text(format!("${{{section}.{name}}}")));
        }
        let arn = Arn::parse(named)?;
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
