//! Properties as members of a call's input.
//!
//! A template writes numbers and truth values as texts too (a parameter's value is one), and texts as numbers; a service
//! takes each member as what it is. So every scalar becomes a text, unless its member is known to be something else.

use super::document;
use crate::document::{Key, Node, Value, to_json};
use crate::init::template::error::Fault;
use crate::init::template::properties::{Form, Properties, Schema, form, wants};

/// What a property becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::init) enum Shape {
    Text,
    Integer,
    Boolean,
    /// A document, as a text.
    Json,
    /// A structure or a list, with members of the same names.
    Structure,
    /// A list of keys and values, as a mapping.
    Tags,
}

/// Members of structures that are whole numbers.
const INTEGERS: [&str; 7] = [
    "Attempts",
    "MaximumEventAgeInSeconds",
    "MaximumRetryAttempts",
    "Size",
    "TaskCount",
    "base",
    "weight",
];

/// Members of structures that are true or false.
const BOOLEANS: [&str; 4] = [
    "EnableECSManagedTags",
    "EnableExecuteCommand",
    "IsValueSecret",
    "WithEvent",
];

/// The members of a call's input, in their order.
#[derive(Clone, Debug, Default)]
pub(in crate::init) struct Members(Vec<(Key, Node)>);

impl Members {
    pub(in crate::init::template) fn put(&mut self, name: &str, node: Node) {
        let key = Key {
            line: node.line,
            text: name.to_owned(),
        };
        self.0.push((key, node));
    }

    pub(in crate::init::template) fn text(&mut self, name: &str, text: &str) {
        self.put(name, self::text(text, 0));
    }

    pub(in crate::init::template) fn get(&self, name: &str) -> Option<&Node> {
        let found = self.0.iter().find(|(key, _)| key.text == name);
        found.map(|(_, node)| node)
    }

    /// Those of these names that are there.
    pub(in crate::init::template) fn only(&self, names: &[&str]) -> Self {
        let is_meant = |(key, _): &&(Key, Node)| names.contains(&key.text.as_str());
        Self(self.0.iter().filter(is_meant).cloned().collect())
    }

    pub(in crate::init::template) fn to_json(&self) -> String {
        to_json(&Node {
            line: 0,
            value: Value::Map(self.0.clone()),
        })
    }
}

fn text(text: &str, line: usize) -> Node {
    Node {
        line,
        value: Value::Text(text.to_owned()),
    }
}

/// A property's value as a member.
pub(in crate::init::template) fn member(node: Node, shape: Shape) -> Result<Node, Fault> {
    let line = node.line;
    Ok(match shape {
        Shape::Text => text(&form(&node, Form::Text)?, line),
        Shape::Integer => Node {
            line,
            value: Value::Number(form(&node, Form::Integer)?),
        },
        Shape::Boolean => Node {
            line,
            value: Value::Bool(form(&node, Form::Boolean)? == "true"),
        },
        Shape::Json => text(&document(&node)?, line),
        Shape::Structure => structure(node, ""),
        Shape::Tags => tags(node)?,
    })
}

/// A template's list of tags as the mapping that some services take.
fn tags(node: Node) -> Result<Node, Fault> {
    let line = node.line;
    let Value::List(items) = node.value else {
        return Err(wants(&node, "a list"));
    };
    let mut tags = Members::default();
    for (place, item) in items.into_iter().enumerate() {
        let (key, value) = tag(item).map_err(|fault| fault.within(format!("[{place}]")))?;
        tags.text(&key, &value);
    }
    let value = Value::Map(tags.0);
    Ok(Node { line, value })
}

/// The key and the value of a tag.
pub(in crate::init::template) fn tag(node: Node) -> Result<(String, String), Fault> {
    let mut tag = Properties::of(node, Schema::of(&["Key", "Value"]), "a tag")?;
    Ok((tag.text("Key")?, tag.text("Value")?))
}

/// A value below a structure's member of this name.
fn structure(node: Node, name: &str) -> Node {
    let line = node.line;
    let value = match node.value {
        Value::Map(entries) => {
            let member = |(key, node): (Key, Node)| {
                let node = structure(node, &key.text);
                (key, node)
            };
            Value::Map(entries.into_iter().map(member).collect())
        }
        Value::List(items) => {
            let item = |node| structure(node, name);
            Value::List(items.into_iter().map(item).collect())
        }
        scalar => typed(scalar, name),
    };
    Node { line, value }
}

/// A scalar as its member's type. What does not have it stays a text, which the service refuses.
fn typed(scalar: Value, name: &str) -> Value {
    let Some(text) = scalar.scalar() else {
        return scalar;
    };
    let is_true = text.parse::<bool>();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match is_true {
        Ok(is_true) if BOOLEANS.contains(&name) => Value::Bool(is_true),
        _ if is_number && INTEGERS.contains(&name) => Value::Number(text),
        _ => Value::Text(text),
    }
}
