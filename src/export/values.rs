//! Attributes' values by their types: numbers, booleans, documents.

use crate::aws::attributes::{Settable, Values};
use crate::document::compose::{node, text};
use crate::document::writer::json::printable;
use crate::document::{Node, Value, read, to_json};
use crate::services::resource::Resource;
use crate::services::sns::inspect::{SUBSCRIPTION, TOPIC, of_subscriptions, of_topics};
use crate::services::sqs::inspect::{QUEUE, settable as of_queues};

/// The attributes of each kind of resource.
pub(super) struct Tables([(&'static str, Vec<Settable>); 3]);

/// A property of a resource that has properties in JSON.
pub(super) fn of_json(json: &str) -> Node {
    read(&printable(json)).unwrap_or_else(|_| text(json))
}

/// The document that a text is, if reading it brings the same text again.
pub(super) fn document(written: &str) -> Option<Node> {
    let document = read(&printable(written)).ok()?;
    let is_same = matches!(document.value, Value::Map(_)) && to_json(&document) == written;
    is_same.then_some(document)
}

impl Tables {
    pub(super) fn new() -> Self {
        Self([
            (QUEUE, of_queues()),
            (TOPIC, of_topics()),
            (SUBSCRIPTION, of_subscriptions()),
        ])
    }

    /// The value of a resource's attribute.
    pub(super) fn value(&self, resource: &Resource, name: &str, value: &str) -> Node {
        let plain = || text(value);
        match self.values(resource.kind, name) {
            Some(Values::Numbers(_)) => node(Value::Number(value.to_owned())),
            Some(Values::Booleans) => node(Value::Bool(value == "true")),
            // JSON is YAML too.
            Some(Values::Document) => read(&printable(value)).unwrap_or_else(|_| plain()),
            Some(Values::Words(_) | Values::Text) | None => plain(),
        }
    }

    fn values(&self, kind: &str, name: &str) -> Option<&Values> {
        let (_, table) = self.0.iter().find(|(known, _)| *known == kind)?;
        let settable = table.iter().find(|settable| settable.name == name)?;
        Some(&settable.values)
    }
}
