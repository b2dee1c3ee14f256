//! Reads one file of the short format: its queues, topics and subscriptions, and its errors.

use std::sync::Arc;

use super::Parts;
use super::described::Place;
use super::names::Known;
use super::sections::{SECTIONS, Section};
use crate::aws::attributes::{Settable, Values};
use crate::aws::is_fifo_name;
use crate::document::{Key, Node, Value, to_json};
use crate::export::short::words::{QUEUES, TOPICS};
use crate::init::error::InitError;
use crate::init::plan::{Attribute, Resource, Wanted};
use crate::names::did_you_mean;
use crate::services::{sns, sqs};

/// All attributes, by kind.
pub(super) struct Tables {
    queue: Vec<Settable>,
    topic: Vec<Settable>,
    subscription: Vec<Settable>,
}

impl Tables {
    pub(super) fn new() -> Self {
        Self {
            queue: sqs::inspect::settable(),
            topic: sns::inspect::of_topics(),
            subscription: sns::inspect::of_subscriptions(),
        }
    }
}

/// Reads one file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) known: &'a Known<'a>,
    pub(super) tables: &'a Tables,
}

/// The reader's position: `queues.orders.RedrivePolicy`, and its line.
pub(super) struct Position<'a> {
    pub(super) path: &'a str,
    pub(super) line: usize,
}

type Entries = [(Key, Node)];

impl Reader<'_> {
    pub(super) fn file(self, root: &Node, parts: &mut Parts) -> Result<(), InitError> {
        for (key, node) in self.entries(root, "this file")? {
            let name = key.text.as_str();
            match (name, Section::find(name)) {
                // For editors.
                ("$schema", _) => {}
                (QUEUES, _) => {
                    for (name, queue) in self.entries(node, name)? {
                        let read = self.queue(name, queue, parts);
                        parts.errors.extend(read.err());
                    }
                }
                (TOPICS, _) => {
                    for (name, topic) in self.entries(node, name)? {
                        let read = self.topic(name, topic, parts);
                        parts.errors.extend(read.err());
                    }
                }
                (_, Some(section)) => {
                    let place = Place {
                        section,
                        within: "",
                        registry: None,
                    };
                    for (name, described) in self.entries(node, name)? {
                        let read = self.described(&place, name, described, parts);
                        parts.errors.extend(read.err());
                    }
                }
                (_, None) => return Err(self.no_section(key)),
            }
        }
        Ok(())
    }

    /// There is no section of this key.
    fn no_section(self, key: &Key) -> InitError {
        let known = SECTIONS.iter().map(|section| section.key);
        let known: Vec<_> = [QUEUES, TOPICS].into_iter().chain(known).collect();
        let meant = did_you_mean(&key.text, known.iter().copied());
        let otherwise = "; and it is no template: that has Resources";
        let advice = if meant.is_empty() { otherwise } else { &meant };
        let (last, others) = known.split_last().unwrap_or((&"", &[]));
        let sentence = format!(
            "there is no {} in a topiq file, only {} and {last}{advice}",
            key.text,
            others.join(", ")
        );
        self.error(key.line, sentence)
    }

    fn queue(self, name: &Key, node: &Node, parts: &mut Parts) -> Result<(), InitError> {
        let path = format!("queues.{}", name.text);
        let mut attributes = kind(name, node, "FifoQueue");
        let (mut redrive, mut tags) = (None, Vec::new());
        for (key, value) in self.entries(node, &path)? {
            match key.text.as_str() {
                "tags" => tags = self.tags(value, &path)?,
                "RedrivePolicy" => {
                    redrive = Some(self.attribute(&self.tables.queue, key, value, &path)?);
                }
                _ => attributes.push(self.attribute(&self.tables.queue, key, value, &path)?),
            }
        }
        let (line, name) = (name.line, name.text.clone());
        if let Some(redrive) = redrive {
            let (name, attributes) = (name.clone(), vec![redrive]);
            let wanted = Wanted::QueueAttributes { name, attributes };
            parts.redrive.push(self.resource(line, &path, wanted));
        }
        let wanted = Wanted::Queue {
            name,
            attributes,
            tags,
        };
        parts.queues.push(self.resource(line, &path, wanted));
        Ok(())
    }

    fn topic(self, name: &Key, node: &Node, parts: &mut Parts) -> Result<(), InitError> {
        let path = format!("topics.{}", name.text);
        let mut attributes = kind(name, node, "FifoTopic");
        let mut tags = Vec::new();
        for (key, value) in self.entries(node, &path)? {
            match key.text.as_str() {
                "tags" => tags = self.tags(value, &path)?,
                "subscriptions" => {
                    let topic_arn = self.known.topic_arn(&name.text);
                    self.subscriptions(&topic_arn, value, &path, parts)?;
                }
                _ => attributes.push(self.attribute(&self.tables.topic, key, value, &path)?),
            }
        }
        let wanted = Wanted::Topic {
            name: name.text.clone(),
            attributes,
            tags,
        };
        parts.topics.push(self.resource(name.line, &path, wanted));
        Ok(())
    }

    fn subscriptions(
        self,
        topic_arn: &str,
        node: &Node,
        path: &str,
        parts: &mut Parts,
    ) -> Result<(), InitError> {
        let items = self.items(node, &format!("{path}.subscriptions"))?;
        for (number, item) in items.iter().enumerate() {
            let path = format!("{path}.subscriptions[{number}]");
            let wanted = self.subscription(topic_arn, item, &path)?;
            parts
                .subscriptions
                .push(self.resource(item.line, &path, wanted));
        }
        Ok(())
    }

    fn subscription(self, topic_arn: &str, node: &Node, path: &str) -> Result<Wanted, InitError> {
        let position = Position {
            path,
            line: node.line,
        };
        let (mut queue, mut protocol, mut endpoint) = (None, None, None);
        let mut attributes = Vec::new();
        if let Value::Text(name) = &node.value {
            queue = Some(name.clone());
        } else {
            for (key, value) in self.entries(node, path)? {
                match key.text.as_str() {
                    "queue" => queue = Some(self.text(key, value, path)?),
                    "protocol" => protocol = Some(self.text(key, value, path)?),
                    "endpoint" => endpoint = Some(self.text(key, value, path)?),
                    _ => {
                        let table = &self.tables.subscription;
                        attributes.push(self.attribute(table, key, value, path)?);
                    }
                }
            }
        }
        let (protocol, endpoint) = match (queue, protocol, endpoint) {
            (Some(queue), None, None) => ("sqs".to_owned(), queue),
            (None, Some(protocol), Some(endpoint)) => (protocol, endpoint),
            _ => {
                let sentence = format!("{path} has either queue, or protocol and endpoint");
                return Err(self.error(node.line, sentence));
            }
        };
        let endpoint = match protocol.as_str() {
            "sqs" => self.known.queue_arn(&endpoint),
            _ => self.known.filled(&endpoint),
        };
        Ok(Wanted::Subscription {
            topic_arn: topic_arn.to_owned(),
            protocol,
            endpoint: endpoint.map_err(|sentence| self.at(&position, &sentence))?,
            attributes,
        })
    }

    fn attribute(
        self,
        table: &[Settable],
        key: &Key,
        node: &Node,
        base: &str,
    ) -> Result<Attribute, InitError> {
        let path = format!("{base}.{}", key.text);
        let position = Position {
            path: &path,
            line: node.line,
        };
        let Some(settable) = table.iter().find(|one| one.name == key.text) else {
            let names = table.iter().map(|one| one.name);
            return Err(self.unknown(key, names, base));
        };
        let value = match (node.value.scalar(), &node.value) {
            (Some(text), _) => text,
            (None, Value::List(_) | Value::Map(_)) if settable.values == Values::Document => {
                let resolved = self.known.resolved(settable.name, node);
                to_json(&resolved.map_err(|sentence| self.at(&position, &sentence))?)
            }
            (None, other) => {
                let sentence = format!("it has a value, not {}", other.kind());
                return Err(self.at(&position, &sentence));
            }
        };
        Ok(Attribute {
            name: key.text.clone(),
            value,
            line: node.line,
        })
    }

    /// There is no attribute of this name.
    pub(super) fn unknown(
        self,
        key: &Key,
        names: impl Iterator<Item = &'static str>,
        path: &str,
    ) -> InitError {
        let names: Vec<_> = names.collect();
        let sentence = match did_you_mean(&key.text, names.iter().copied()) {
            meant if meant.is_empty() => {
                format!("there is no such attribute; there are {}", names.join(", "))
            }
            meant => format!("there is no such attribute{meant}"),
        };
        let path = &format!("{path}.{}", key.text);
        let line = key.line;
        self.at(&Position { path, line }, &sentence)
    }

    pub(super) fn tags(self, node: &Node, path: &str) -> Result<Vec<(String, String)>, InitError> {
        let path = format!("{path}.tags");
        let entries = self.entries(node, &path)?;
        entries
            .iter()
            .map(|(key, value)| Ok((key.text.clone(), self.text(key, value, &path)?)))
            .collect()
    }

    pub(super) fn text(self, key: &Key, node: &Node, path: &str) -> Result<String, InitError> {
        node.value.scalar().ok_or_else(|| {
            let kind = node.value.kind();
            self.error(
                node.line,
                format!("{path}.{} is a text, not {kind}", key.text),
            )
        })
    }

    /// The items of a list; null is an empty one.
    pub(super) fn items<'n>(self, node: &'n Node, path: &str) -> Result<&'n [Node], InitError> {
        match &node.value {
            Value::List(items) => Ok(items),
            Value::Null => Ok(&[]),
            other => {
                let sentence = format!("{path} is a list, not {}", other.kind());
                Err(self.error(node.line, sentence))
            }
        }
    }

    /// The entries of a mapping; null is an empty one.
    pub(super) fn entries<'n>(self, node: &'n Node, path: &str) -> Result<&'n Entries, InitError> {
        match &node.value {
            Value::Map(entries) => Ok(entries),
            Value::Null => Ok(&[]),
            other => {
                let sentence = format!("{path} is a mapping, not {}", other.kind());
                Err(self.error(node.line, sentence))
            }
        }
    }

    pub(super) fn resource(self, line: usize, path: &str, wanted: Wanted) -> Resource {
        Resource {
            file: self.file.clone(),
            line,
            name: path.to_owned(),
            wanted,
        }
    }

    pub(super) fn at(self, position: &Position<'_>, sentence: &str) -> InitError {
        self.error(position.line, format!("{}: {sentence}", position.path))
    }

    pub(super) fn error(self, line: usize, sentence: String) -> InitError {
        InitError::Written {
            file: self.file.clone(),
            line,
            sentence,
        }
    }
}

/// The attribute that follows from a name's suffix, unless the file has it too.
fn kind(name: &Key, node: &Node, attribute: &str) -> Vec<Attribute> {
    let is_fifo = is_fifo_name(&name.text) && node.get(attribute).is_none();
    let attribute = is_fifo.then(|| Attribute {
        name: attribute.to_owned(),
        value: "true".to_owned(),
        line: name.line,
    });
    attribute.into_iter().collect()
}
