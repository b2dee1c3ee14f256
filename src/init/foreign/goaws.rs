//! GoAws's configuration: the queues and topics of one of its environments.

use std::collections::HashSet;

use super::{Content, Short, fail, key, map, scalar, text};
use crate::document::{Key, Node, SyntaxError, Value};

/// The environment that GoAws takes if it is told none.
const DEFAULT_ENVIRONMENT: &str = "Local";

/// Whether the document has environments with queues or topics in them.
pub(super) fn is_goaws(root: &Node) -> bool {
    let is_list =
        |node: Option<&Node>| node.is_some_and(|node| matches!(node.value, Value::List(_)));
    let mut environments = root.entries().iter();
    environments.any(|(_, one)| is_list(one.get("Queues")) || is_list(one.get("Topics")))
}

pub(super) fn short(root: &Node) -> Result<Content, SyntaxError> {
    let environments = root.entries();
    let named = environments
        .iter()
        .find(|(key, _)| key.text == DEFAULT_ENVIRONMENT);
    let (environment, ignored) = match (named, environments) {
        (Some((_, environment)), all) => (environment, all.len() - 1),
        (None, [(_, only)]) => (only, 0),
        (None, _) => {
            let message = format!(
                "of several environments the one named {DEFAULT_ENVIRONMENT} is read, and there is none"
            );
            return Err(fail(root.line, message));
        }
    };
    let mut warnings = Vec::new();
    if ignored > 0 {
        let sentence = format!("of its environments {DEFAULT_ENVIRONMENT} is read, and no other");
        warnings.push((environment.line, sentence));
    }
    for name in ["AccountId", "Region"] {
        if let Some(node) = environment.get(name) {
            let flag = if name == "Region" {
                "--region"
            } else {
                "--account"
            };
            warnings.push((node.line, format!("{name} is not read: it is {flag}")));
        }
    }
    let defaults = environment.get("QueueAttributeDefaults").map(Node::entries);
    let mut reading = Reading {
        defaults: defaults.unwrap_or_default(),
        short: Short::default(),
        known: HashSet::new(),
    };
    for (name, queue) in items(environment, "Queues")? {
        reading.queue(name, queue)?;
    }
    for (name, topic) in items(environment, "Topics")? {
        reading.topic(name, topic)?;
    }
    Ok(Content {
        root: reading.short.into_root(),
        warnings,
    })
}

/// The items of a list, each with its name.
fn items<'n>(
    environment: &'n Node,
    section: &str,
) -> Result<Vec<(&'n Node, &'n Node)>, SyntaxError> {
    let Some(node) = environment.get(section) else {
        return Ok(Vec::new());
    };
    let items = match &node.value {
        Value::List(items) => items,
        Value::Null => return Ok(Vec::new()),
        other => {
            let message = format!("{section} takes a list, not {}", other.kind());
            return Err(fail(node.line, message));
        }
    };
    let named = |item: &'n Node| {
        let name = item.get("Name");
        let name = name.ok_or_else(|| fail(item.line, "the Name is missing"))?;
        Ok((name, item))
    };
    items.iter().map(named).collect()
}

struct Reading<'n> {
    /// Attributes of queues that do not say otherwise.
    defaults: &'n [(Key, Node)],
    short: Short,
    /// The names of the queues.
    known: HashSet<String>,
}

impl Reading<'_> {
    fn queue(&mut self, name: &Node, queue: &Node) -> Result<(), SyntaxError> {
        let mut attributes = Vec::new();
        for (key, node) in queue.entries() {
            match key.text.as_str() {
                "Name" => {}
                "RedrivePolicy" => attributes.push((key.clone(), redrive_policy(node)?)),
                _ => attributes.push((key.clone(), node.clone())),
            }
        }
        let name = name_of(name)?;
        self.add_queue(queue.line, name, attributes);
        Ok(())
    }

    fn add_queue(&mut self, line: usize, name: String, mut attributes: Vec<(Key, Node)>) {
        for (default, node) in self.defaults {
            if !attributes
                .iter()
                .any(|(known, _)| known.text == default.text)
            {
                attributes.push((default.clone(), node.clone()));
            }
        }
        self.known.insert(name.clone());
        self.short
            .queues
            .push((key(line, name), map(line, attributes)));
    }

    fn topic(&mut self, name: &Node, topic: &Node) -> Result<(), SyntaxError> {
        let mut entries = Vec::new();
        for (setting, node) in topic.entries() {
            match (setting.text.as_str(), &node.value) {
                ("Name", _) | ("Subscriptions", Value::Null) => {}
                ("Subscriptions", Value::List(items)) => {
                    let items = items.iter().map(|item| self.subscription(item));
                    let value = Value::List(items.collect::<Result<_, _>>()?);
                    let line = node.line;
                    entries.push((key(setting.line, "subscriptions"), Node { line, value }));
                }
                _ => entries.push((setting.clone(), node.clone())),
            }
        }
        let line = topic.line;
        let name = key(name.line, name_of(name)?);
        self.short.topics.push((name, map(line, entries)));
        Ok(())
    }

    /// A subscription. A queue that is not listed is made for it.
    fn subscription(&mut self, node: &Node) -> Result<Node, SyntaxError> {
        let mut entries = Vec::new();
        for (setting, value) in node.entries() {
            let line = setting.line;
            match setting.text.as_str() {
                "QueueName" => {
                    let name = scalar(setting, value)?;
                    if !self.known.contains(&name) {
                        self.add_queue(line, name.clone(), Vec::new());
                    }
                    entries.push((key(line, "queue"), text(line, name)));
                }
                "Protocol" => entries.push((key(line, "protocol"), value.clone())),
                "EndPoint" | "Endpoint" => entries.push((key(line, "endpoint"), value.clone())),
                "Raw" => entries.push((key(line, "RawMessageDelivery"), value.clone())),
                // The topic, once more.
                "TopicArn" => {}
                _ => entries.push((setting.clone(), value.clone())),
            }
        }
        Ok(map(node.line, entries))
    }
}

fn name_of(node: &Node) -> Result<String, SyntaxError> {
    scalar(&key(node.line, "Name"), node)
}

/// A redrive policy that names its queue instead of an ARN with GoAws's account and region.
fn redrive_policy(node: &Node) -> Result<Node, SyntaxError> {
    let written = match &node.value {
        Value::Text(json) => crate::document::read(json)
            .map_err(|error| fail(node.line, format!("RedrivePolicy: {}", error.message)))?,
        _ => node.clone(),
    };
    let entries = written.entries().iter().map(|(part, value)| {
        let value = match (part.text.as_str(), &value.value) {
            ("deadLetterTargetArn", Value::Text(arn)) => {
                let name = arn.rsplit(':').next().unwrap_or(arn);
                text(node.line, name)
            }
            _ => Node {
                line: node.line,
                value: value.value.clone(),
            },
        };
        (key(node.line, part.text.clone()), value)
    });
    Ok(map(node.line, entries.collect()))
}
