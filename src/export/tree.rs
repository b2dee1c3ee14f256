//! Trees of what is written. Lines count for what is read only.

use crate::document::writer::json::printable;
use crate::document::{Key, Node, Value, read};
use crate::init::attributes::{Described, Values};

const LINE: usize = 1;

pub(super) fn node(value: Value) -> Node {
    Node { line: LINE, value }
}

pub(super) fn text(text: impl Into<String>) -> Node {
    node(Value::Text(text.into()))
}

pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    node(Value::List(items.into_iter().collect()))
}

pub(super) fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Node)>) -> Node {
    let entries = entries.into_iter();
    node(Value::Map(
        entries.map(|(name, item)| (key(name), item)).collect(),
    ))
}

fn key(text: impl Into<String>) -> Key {
    Key {
        line: LINE,
        text: text.into(),
    }
}

/// An attribute's value as what it is: a number, a truth value, a document.
pub(super) fn value(table: &[Described], name: &str, value: &str) -> Node {
    let values = table
        .iter()
        .find(|described| described.name == name)
        .map(|described| &described.values);
    let plain = || text(value);
    match values {
        Some(Values::Numbers(_)) => node(Value::Number(value.to_owned())),
        Some(Values::Booleans) => node(Value::Bool(value == "true")),
        // JSON is YAML too.
        Some(Values::Document) => read(&printable(value)).unwrap_or_else(|_| plain()),
        Some(Values::Words(_) | Values::Text) | None => plain(),
    }
}

/// The tree with other texts where `change` has one.
pub(super) fn each_text(tree: &Node, change: &dyn Fn(&str) -> Option<Node>) -> Node {
    match &tree.value {
        Value::Text(text) => change(text).unwrap_or_else(|| tree.clone()),
        Value::List(items) => list(items.iter().map(|item| each_text(item, change))),
        Value::Map(entries) => map(entries
            .iter()
            .map(|(key, item)| (key.text.as_str(), each_text(item, change)))),
        _ => tree.clone(),
    }
}

/// The mapping with one member changed so.
pub(super) fn each_text_of(
    tree: &Node,
    member: &str,
    change: &dyn Fn(&str) -> Option<Node>,
) -> Node {
    let Value::Map(entries) = &tree.value else {
        return tree.clone();
    };
    map(entries.iter().map(|(key, item)| {
        let changed = if key.text == member {
            each_text(item, change)
        } else {
            item.clone()
        };
        (key.text.as_str(), changed)
    }))
}
