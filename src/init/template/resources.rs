//! The section `Resources`: the declared ones, and those that topiq does not serve.

use std::collections::BTreeMap;

use super::error::Fault;
use super::source::{Template, entries};
use crate::document::{Key, Node, Value};

/// How topiq treats a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Queue,
    Topic,
    QueuePolicy,
    QueueInlinePolicy,
    TopicPolicy,
    TopicInlinePolicy,
    Subscription,
    Other,
}

impl Kind {
    fn of(type_name: &str) -> Self {
        match type_name {
            "AWS::SQS::Queue" => Self::Queue,
            "AWS::SQS::QueuePolicy" => Self::QueuePolicy,
            "AWS::SQS::QueueInlinePolicy" => Self::QueueInlinePolicy,
            "AWS::SNS::Topic" => Self::Topic,
            "AWS::SNS::Subscription" => Self::Subscription,
            "AWS::SNS::TopicPolicy" => Self::TopicPolicy,
            "AWS::SNS::TopicInlinePolicy" => Self::TopicInlinePolicy,
            _ => Self::Other,
        }
    }
}

/// A resource as it is written.
pub(super) struct Declared<'t> {
    pub(super) id: &'t str,
    pub(super) line: usize,
    pub(super) type_name: &'t str,
    pub(super) kind: Kind,
    /// Its condition's name, and the line that names it.
    pub(super) condition: Option<(&'t str, usize)>,
    pub(super) properties: &'t [(Key, Node)],
    depends_on: Option<&'t Node>,
}

impl<'t> Declared<'t> {
    /// Its name in errors.
    pub(super) fn subject(&self) -> String {
        format!("resource {}", self.id)
    }

    /// A property as it is written.
    pub(super) fn property(&self, name: &str) -> Option<&'t Node> {
        self.properties
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(_, node)| node)
    }
}

pub(super) fn read(section: &[(Key, Node)]) -> Result<Vec<Declared<'_>>, Fault> {
    section
        .iter()
        .map(|(key, node)| declared(key, node).map_err(|fault| fault.of(&subject(key))))
        .collect()
}

fn subject(key: &Key) -> String {
    format!("resource {}", key.text)
}

fn declared<'t>(key: &'t Key, node: &'t Node) -> Result<Declared<'t>, Fault> {
    if key.text.starts_with("Fn::") {
        return Err(Fault::new(
            key.line,
            format!("topiq does not know {}", function_name(&key.text)),
        ));
    }
    entries(node, "a resource")?;
    let type_name = match node.get("Type").map(|node| &node.value) {
        Some(Value::Text(type_name)) => type_name.as_str(),
        Some(other) => {
            return Err(Fault::new(
                key.line,
                format!("Type takes a text, not {}", other.kind()),
            ));
        }
        None => {
            return Err(Fault::new(key.line, "the Type is missing"));
        }
    };
    let condition = match node.get("Condition") {
        None => None,
        Some(Node {
            value: Value::Text(name),
            line,
        }) => Some((name.as_str(), *line)),
        Some(other) => {
            return Err(Fault::new(
                other.line,
                format!("Condition takes a name, not {}", other.value.kind()),
            ));
        }
    };
    let kind = Kind::of(type_name);
    let properties = match node.get("Properties") {
        Some(properties) if kind != Kind::Other => entries(properties, "Properties")?,
        // Resources that are not served are not checked.
        Some(Node {
            value: Value::Map(properties),
            ..
        }) => properties,
        _ => &[],
    };
    Ok(Declared {
        id: &key.text,
        line: key.line,
        type_name,
        kind,
        condition,
        properties,
        depends_on: node.get("DependsOn"),
    })
}

/// `Fn::ForEach::Queues` is `Fn::ForEach` with a name for its loop.
fn function_name(key: &str) -> &str {
    key.match_indices("::")
        .nth(1)
        .map_or(key, |(end, _)| &key[..end])
}

impl Template<'_> {
    /// The resources that `DependsOn` names.
    pub(super) fn depends_on(&self, index: usize) -> Result<Vec<usize>, Fault> {
        let Some(node) = self.resources[index].depends_on else {
            return Ok(Vec::new());
        };
        let named = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let index_of = |node: &Node| match &node.value {
            Value::Text(name) => self.index_of(name).ok_or_else(|| {
                Fault::new(
                    node.line,
                    format!("DependsOn: there is no resource named {name}"),
                )
            }),
            other => Err(Fault::new(
                node.line,
                format!("DependsOn takes names, not {}", other.kind()),
            )),
        };
        named.iter().map(index_of).collect()
    }

    /// A sentence for each type that topiq does not serve, with the resources that are left out.
    pub(super) fn unserved(&self) -> Result<Vec<String>, Fault> {
        let mut by_type: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (index, declared) in self.resources.iter().enumerate() {
            // Every template of the AWS CDK has it, for usage statistics.
            let is_silent = declared.type_name == "AWS::CDK::Metadata";
            if declared.kind == Kind::Other && !is_silent && !self.is_dropped(index)? {
                by_type
                    .entry(declared.type_name)
                    .or_default()
                    .push(declared.id);
            }
        }
        let sentence = |(type_name, ids): (&str, Vec<&str>)| {
            format!(
                "topiq does not serve {type_name}, and leaves out {}",
                ids.join(", ")
            )
        };
        Ok(by_type.into_iter().map(sentence).collect())
    }
}
