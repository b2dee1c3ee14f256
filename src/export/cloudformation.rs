//! A CloudFormation template that makes in the cloud what there is here.
//!
//! Resources refer to each other, so that CloudFormation makes them in order; what else is of this account and region
//! becomes a pseudo parameter. What templates cannot say stands in `Metadata`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::logical_ids::LogicalIds;
use super::references::{References, Target};
use super::tree::{each_text, each_text_of, list, map, node, text, value};
use super::{Held, without_credentials};
use crate::aws::is_fifo_name;
use crate::document::{Node, Value};
use crate::init::attributes::{self, Described};
use crate::services::sns::inspect::{DescribedSubscription, DescribedTopic};
use crate::services::sqs::inspect::DescribedQueue;
use crate::services::sqs::redrive_policy::RedrivePolicy;

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
        dead_letters: dead_letters(held),
        queue: attributes::of_queues(),
        topic: attributes::of_topics(),
        subscription: attributes::of_subscriptions(),
        resources: Vec::new(),
        notes: Vec::new(),
    };
    for queue in &held.queues {
        template.queue(queue);
    }
    for topic in &held.topics {
        template.topic(topic);
    }
    template.into_node()
}

fn references(held: &Held, ids: &mut LogicalIds) -> References {
    let mut targets = BTreeMap::new();
    for queue in &held.queues {
        let id = ids.give(&queue.name, "Queue");
        targets.insert(queue.arn.clone(), Target::Queue(id));
    }
    for topic in &held.topics {
        let id = ids.give(&topic.name, "Topic");
        targets.insert(topic.arn.clone(), Target::Topic(id));
    }
    References {
        account: held.account,
        region: held.region,
        targets,
    }
}

fn dead_letters(held: &Held) -> BTreeMap<&str, Arc<str>> {
    let targets = held.queues.iter().filter_map(|queue| {
        let mut attributes = queue.attributes.iter();
        let (_, policy) = attributes.find(|(name, _)| *name == "RedrivePolicy")?;
        let policy = RedrivePolicy::parse(policy).ok()?;
        Some((queue.arn.as_str(), policy.dead_letter_target_arn))
    });
    targets.collect()
}

struct Template<'a> {
    held: &'a Held,
    references: References,
    ids: LogicalIds,
    /// The ARN of each queue's dead-letter queue, by its own.
    dead_letters: BTreeMap<&'a str, Arc<str>>,
    queue: Vec<Described>,
    topic: Vec<Described>,
    subscription: Vec<Described>,
    resources: Vec<(String, Node)>,
    /// What the template does not say.
    notes: Vec<String>,
}

impl Template<'_> {
    fn into_node(self) -> Node {
        let mut entries = vec![("AWSTemplateFormatVersion", text("2010-09-09"))];
        if !self.notes.is_empty() {
            let notes = list(self.notes.into_iter().map(text));
            entries.push(("Metadata", map([("NotExported", notes)])));
        }
        entries.push(("Resources", map(self.resources)));
        map(entries)
    }

    fn queue(&mut self, queue: &DescribedQueue) {
        let target = self.references.targets[&queue.arn].clone();
        let mut properties = vec![("QueueName", text(&queue.name))];
        if is_fifo_name(&queue.name) {
            properties.push(("FifoQueue", node(Value::Bool(true))));
        }
        let mut policy = None;
        for (name, told) in &queue.attributes {
            let value = value(&self.queue, name, told);
            let value = match *name {
                "Policy" => {
                    policy = Some(self.portable(&value));
                    continue;
                }
                "RedrivePolicy" if self.begins_circle(queue) => {
                    self.notes
                        .push(format!("RedrivePolicy of queue {}: {told}", queue.name));
                    continue;
                }
                "RedrivePolicy" => each_text_of(&value, "deadLetterTargetArn", &|arn| {
                    self.dead_letter_queue(&queue.arn, arn)
                }),
                // Its sources name this queue: named by it they would be a circle.
                "RedriveAllowPolicy" => each_text_of(&value, "sourceQueueArns", &|arn| {
                    self.references.portable(arn)
                }),
                _ => each_text(&value, &|text| self.references.portable(text)),
            };
            properties.push((name, value));
        }
        properties.extend(tags(&queue.tags));
        let id = self.add(&target, "AWS::SQS::Queue", properties);
        if let Some(policy) = policy {
            let properties = vec![
                ("PolicyDocument", policy),
                ("Queues", list([target.reference()])),
            ];
            let policy_id = self.ids.give(&id, "Policy");
            self.push(policy_id, "AWS::SQS::QueuePolicy", properties);
        }
    }

    /// How a template names the dead-letter queue of `source`. Its own is itself, which CloudFormation takes for a circle.
    fn dead_letter_queue(&self, source: &str, arn: &str) -> Option<Node> {
        if arn == source {
            self.references.portable(arn)
        } else {
            self.references.to(arn)
        }
    }

    /// Whether dead letters go round from this queue back to it, and it is the first of those in the circle by name. AWS
    /// has such queues, but CloudFormation cannot make them: one of them has to be made without.
    fn begins_circle(&self, queue: &DescribedQueue) -> bool {
        let own = queue.arn.as_str();
        let next = |arn: &str| self.dead_letters.get(arn).map(|target| &**target);
        let mut arn = next(own);
        // A circle may not have this queue in it: it is gone round once.
        for _ in 0..self.held.queues.len() {
            match arn {
                Some(passed) if passed > own => arn = next(passed),
                Some(last) => return last == own && next(own) != Some(own),
                None => return false,
            }
        }
        false
    }

    fn topic(&mut self, topic: &DescribedTopic) {
        let target = self.references.targets[&topic.arn].clone();
        let mut properties = vec![("TopicName", text(&topic.name))];
        if is_fifo_name(&topic.name) {
            properties.push(("FifoTopic", node(Value::Bool(true))));
        }
        let mut policy = None;
        for (name, told) in &topic.attributes {
            let value = self.portable(&value(&self.topic, name, told));
            match *name {
                "Policy" => policy = Some(value),
                NOT_OF_TOPICS => {
                    let note = format!("{name} of topic {}: {told}", topic.name);
                    self.notes.push(note);
                }
                name if name.contains("Feedback") => {}
                name => properties.push((name, value)),
            }
        }
        if let Some(policy) = &topic.data_protection_policy {
            let name = attributes::DATA_PROTECTION_POLICY;
            let policy = self.portable(&value(&self.topic, name, policy));
            properties.push((name, policy));
        }
        properties.extend(self.logging(topic));
        properties.extend(tags(&topic.tags));
        let id = self.add(&target, "AWS::SNS::Topic", properties);
        if let Some(policy) = policy {
            let properties = vec![
                ("PolicyDocument", policy),
                ("Topics", list([target.reference()])),
            ];
            let policy_id = self.ids.give(&id, "Policy");
            self.push(policy_id, "AWS::SNS::TopicPolicy", properties);
        }
        for subscription in &topic.subscriptions {
            self.subscription(&id, &target, topic, subscription);
        }
    }

    /// The feedback attributes, which templates have by protocol.
    fn logging(&self, topic: &DescribedTopic) -> Option<(&'static str, Node)> {
        let mut protocols = Vec::new();
        for (prefix, protocol) in attributes::LOGGED {
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
        target: &Target,
        topic: &DescribedTopic,
        subscription: &DescribedSubscription,
    ) {
        let (protocol, endpoint) = (subscription.protocol, &subscription.endpoint);
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
            ("TopicArn", target.arn()),
            ("Protocol", text(protocol)),
            ("Endpoint", endpoint_node),
        ];
        for (name, told) in &subscription.attributes {
            let value = value(&self.subscription, name, told);
            let value = match *name {
                // What is compared with messages stays as it is.
                "FilterPolicy" => value,
                _ => self.portable(&value),
            };
            properties.push((name, value));
        }
        let whom = match (protocol, endpoint.rsplit(':').next()) {
            ("sqs" | "lambda", Some(name)) => name,
            _ => protocol,
        };
        let id = self.ids.give(&format!("{topic_id} {whom}"), "Subscription");
        self.push(id, "AWS::SNS::Subscription", properties);
    }

    fn portable(&self, tree: &Node) -> Node {
        each_text(tree, &|text| self.references.to(text))
    }

    /// Adds the resource of a target; its logical id.
    fn add(&mut self, target: &Target, kind: &str, properties: Properties) -> String {
        let (Target::Queue(id) | Target::Topic(id)) = target;
        self.push(id.clone(), kind, properties);
        id.clone()
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
