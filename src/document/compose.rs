//! Building trees to be written; their lines have no meaning.

use super::{Key, Node, Value};

const LINE: usize = 1;

/// A value as a tree.
pub fn node(value: Value) -> Node {
    Node { line: LINE, value }
}

/// A text.
pub fn text(text: impl Into<String>) -> Node {
    node(Value::Text(text.into()))
}

/// A sequence.
pub fn list(items: impl IntoIterator<Item = Node>) -> Node {
    node(Value::List(items.into_iter().collect()))
}

/// A mapping, in this order.
pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Node)>) -> Node {
    let key = |text: K| Key {
        line: LINE,
        text: text.into(),
    };
    let entries = entries.into_iter();
    node(Value::Map(
        entries.map(|(name, item)| (key(name), item)).collect(),
    ))
}
