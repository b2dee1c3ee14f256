//! A CloudFormation template that recreates the held resources in the cloud.
//!
//! Resources refer to each other, so that CloudFormation makes them in order; any other mention of this account and
//! region becomes a pseudo parameter. Settings that templates cannot express are listed in `Metadata`.
//!
//! Here are queues and topics; `described` has the kinds whose resources have a template's properties already.

mod described;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::held::{DESCRIBED, TopicHeld};
use super::logical_ids::LogicalIds;
use super::references::{Referable, References};
use super::secrets::Secrets;
use super::values::Tables;
use super::{Held, without_credentials};
use crate::aws::is_fifo_name;
use crate::document::compose::{list, map, node, text};
use crate::document::{Node, Value};
use crate::services::resource::Resource;
use crate::services::sns::inspect::LOGGED;
use crate::services::sqs::inspect::dead_letter_queue;

/// The attribute of topics that `AWS::SNS::Topic` has no property for.
const NOT_OF_TOPICS: &str = "DeliveryPolicy";

type Properties = Vec<(&'static str, Node)>;

/// The template.
pub(super) fn template(held: &Held) -> Node {
    let mut ids = LogicalIds::default();
    let references = references(held, &mut ids);
    let mut template = Template {
        held,
        references,
        ids,
        dead_letter_queues: dead_letter_queues(held),
        arns: described::arns(held),
        tables: Tables::new(),
        secrets: Secrets::default(),
        resources: Vec::new(),
        notes: Vec::new(),
    };
    for queue in held.queues() {
        template.queue(queue);
    }
    for topic in held.topics_with_subscriptions() {
        template.topic(&topic);
    }
    for resource in DESCRIBED.iter().flat_map(|kind| held.described(kind)) {
        template.described(resource);
    }
    for other in held.others() {
        template
            .notes
            .push(format!("{} {}", other.kind, other.name));
    }
    template.into_node()
}

fn references(held: &Held, ids: &mut LogicalIds) -> References {
    let mut referables = BTreeMap::new();
    for queue in held.queues() {
        let id = ids.give(&queue.name, "Queue");
        referables.insert(queue.arn.clone(), Referable::Attribute(id));
    }
    for topic in held.topics() {
        let id = ids.give(&topic.name, "Topic");
        referables.insert(topic.arn.clone(), Referable::Reference(id));
    }
    for resource in DESCRIBED.iter().flat_map(|kind| held.described(kind)) {
        described::refer(resource, ids, &mut referables);
    }
    References {
        account: held.account,
        region: held.region,
        referables,
    }
}

fn dead_letter_queues(held: &Held) -> BTreeMap<&str, Arc<str>> {
    let pairs = held.queues().filter_map(|queue| {
        let policy = queue.attribute("RedrivePolicy")?;
        Some((queue.arn.as_str(), dead_letter_queue(policy)?))
    });
    pairs.collect()
}

struct Template<'a> {
    held: &'a Held,
    references: References,
    ids: LogicalIds,
    /// The ARN of each queue's dead-letter queue, by the queue's ARN.
    dead_letter_queues: BTreeMap<&'a str, Arc<str>>,
    /// The ARNs of resources that others name, by kind and name.
    arns: BTreeMap<(&'static str, &'a str), &'a str>,
    tables: Tables,
    secrets: Secrets,
    resources: Vec<(String, Node)>,
    /// The settings that the template leaves out.
    notes: Vec<String>,
}

impl Template<'_> {
    fn into_node(self) -> Node {
        let mut entries = vec![("AWSTemplateFormatVersion", text("2010-09-09"))];
        if !self.notes.is_empty() {
            let notes = list(self.notes.into_iter().map(text));
            entries.push(("Metadata", map([("NotExported", notes)])));
        }
        if !self.secrets.names.is_empty() {
            let secret = || {
                map([
                    ("Type", text("String")),
                    ("NoEcho", node(Value::Bool(true))),
                ])
            };
            let names = self.secrets.names.into_iter();
            entries.push(("Parameters", map(names.map(|name| (name, secret())))));
        }
        entries.push(("Resources", map(self.resources)));
        map(entries)
    }

    fn queue(&mut self, queue: &Resource) {
        let referable = self.references.referables[&queue.arn].clone();
        let mut properties = vec![("QueueName", text(&queue.name))];
        if is_fifo_name(&queue.name) {
            properties.push(("FifoQueue", node(Value::Bool(true))));
        }
        let mut policy = None;
        for (name, text) in &queue.attributes {
            let value = self.tables.value(queue, name, text);
            let value = match *name {
                "Policy" => {
                    policy = Some(self.portable(&value));
                    continue;
                }
                "RedrivePolicy" if self.begins_circle(queue) => {
                    self.notes
                        .push(format!("RedrivePolicy of queue {}: {text}", queue.name));
                    continue;
                }
                "RedrivePolicy" => value.with_texts_of("deadLetterTargetArn", &|arn| {
                    self.dead_letter_queue(&queue.arn, arn)
                }),
                // Its sources refer to this queue: a reference to them would make a circle.
                "RedriveAllowPolicy" => {
                    value.with_texts_of("sourceQueueArns", &|arn| self.references.portable(arn))
                }
                _ => value.with_texts(&|text| self.references.portable(text)),
            };
            properties.push((name, value));
        }
        properties.extend(tags(&queue.tags));
        let id = self.add(&referable, queue.kind, properties);
        if let Some(policy) = policy {
            let properties = vec![
                ("PolicyDocument", policy),
                ("Queues", list([referable.reference()])),
            ];
            let policy_id = self.ids.give(&id, "Policy");
            self.push(policy_id, "AWS::SQS::QueuePolicy", properties);
        }
    }

    /// How a template names the dead-letter queue of `source`. A queue that is its own dead-letter queue is not
    /// referred to, since CloudFormation would see a circular dependency.
    fn dead_letter_queue(&self, source: &str, arn: &str) -> Option<Value> {
        if arn == source {
            self.references.portable(arn)
        } else {
            self.references.to(arn)
        }
    }

    /// Whether following dead-letter queues leads from this queue back to it, and it is the first of the circle by name.
    /// AWS allows such queues, but CloudFormation cannot make them: one of them has to be made without its policy.
    fn begins_circle(&self, queue: &Resource) -> bool {
        let own = queue.arn.as_str();
        let next = |arn: &str| self.dead_letter_queues.get(arn).map(|arn| &**arn);
        let mut arn = next(own);
        // The queues may lead into a circle without this one: one round is enough to tell.
        for _ in self.held.queues() {
            match arn {
                Some(passed) if passed > own => arn = next(passed),
                Some(last) => return last == own && next(own) != Some(own),
                None => return false,
            }
        }
        false
    }

    fn topic(&mut self, held: &TopicHeld<'_>) {
        let topic = held.topic;
        let referable = self.references.referables[&topic.arn].clone();
        let mut properties = vec![("TopicName", text(&topic.name))];
        if is_fifo_name(&topic.name) {
            properties.push(("FifoTopic", node(Value::Bool(true))));
        }
        let mut policy = None;
        for (name, text) in &topic.attributes {
            let value = self.portable(&self.tables.value(topic, name, text));
            match *name {
                "Policy" => policy = Some(value),
                NOT_OF_TOPICS => {
                    let note = format!("{name} of topic {}: {text}", topic.name);
                    self.notes.push(note);
                }
                name if name.contains("Feedback") => {}
                name => properties.push((name, value)),
            }
        }
        properties.extend(self.logging(topic));
        properties.extend(tags(&topic.tags));
        let id = self.add(&referable, topic.kind, properties);
        if let Some(policy) = policy {
            let properties = vec![
                ("PolicyDocument", policy),
                ("Topics", list([referable.reference()])),
            ];
            let policy_id = self.ids.give(&id, "Policy");
            self.push(policy_id, "AWS::SNS::TopicPolicy", properties);
        }
        for subscription in &held.subscriptions {
            self.subscription(&id, &referable, topic, subscription);
        }
    }

    /// The feedback attributes, which templates list by protocol.
    fn logging(&self, topic: &Resource) -> Option<(&'static str, Node)> {
        let mut protocols = Vec::new();
        for (prefix, protocol) in LOGGED {
            let feedback = topic.attributes.iter().filter_map(|(name, value)| {
                let property = name.strip_prefix(prefix)?;
                let is_feedback = property.contains("Feedback");
                is_feedback.then(|| (property, self.portable(&text(value))))
            });
            let feedback: Vec<_> = feedback.collect();
            if !feedback.is_empty() {
                let protocol = [("Protocol", text(protocol))];
                protocols.push(map(protocol.into_iter().chain(feedback)));
            }
        }
        (!protocols.is_empty()).then(|| ("DeliveryStatusLogging", list(protocols)))
    }

    fn subscription(
        &mut self,
        topic_id: &str,
        topic_referable: &Referable,
        topic: &Resource,
        subscription: &Resource,
    ) {
        let property = |name| subscription.attribute(name).unwrap_or_default();
        let (protocol, endpoint) = (property("Protocol"), property("Endpoint"));
        let shown = without_credentials(endpoint);
        if let Some(shown) = &shown {
            let topic = &topic.name;
            let note = format!("Credentials of the subscription of topic {topic} to {shown}");
            self.notes.push(note);
        }
        let endpoint_node = match &shown {
            Some(shown) => text(shown),
            None => self.portable(&text(endpoint)),
        };
        let mut properties = vec![
            ("TopicArn", topic_referable.arn()),
            ("Protocol", text(protocol)),
            ("Endpoint", endpoint_node),
        ];
        for (name, text) in &subscription.attributes {
            let value = self.tables.value(subscription, name, text);
            let value = match *name {
                "TopicArn" | "Protocol" | "Endpoint" => continue,
                // A filter is compared with messages, so it stays as it is.
                "FilterPolicy" => value,
                _ => self.portable(&value),
            };
            properties.push((name, value));
        }
        let subscriber = match (protocol, endpoint.rsplit(':').next()) {
            ("sqs" | "lambda", Some(name)) => name,
            _ => protocol,
        };
        let words = format!("{topic_id} {subscriber}");
        let id = self.ids.give(&words, "Subscription");
        self.push(id, subscription.kind, properties);
    }

    fn portable(&self, tree: &Node) -> Node {
        tree.with_texts(&|text| self.references.to(text))
    }

    /// Adds a resource that others can refer to, and returns its logical id.
    fn add(&mut self, referable: &Referable, kind: &str, properties: Properties) -> String {
        let id = referable.id().to_owned();
        self.push(id.clone(), kind, properties);
        id
    }

    fn push(&mut self, id: String, kind: &str, properties: Properties) {
        let resource = map([("Type", text(kind)), ("Properties", map(properties))]);
        self.resources.push((id, resource));
    }
}

fn tags(tags: &BTreeMap<String, String>) -> Option<(&'static str, Node)> {
    let tag = |(key, value): (&String, &String)| map([("Key", text(key)), ("Value", text(value))]);
    (!tags.is_empty()).then(|| ("Tags", list(tags.iter().map(tag))))
}
