//! AWS SAM: the queues, topics, subscriptions and policies that it generates for functions, state machines and
//! connectors, under the logical ids that SAM gives them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::error::Faults;
use super::{Expanded, connectors, destinations, event_sources};
use crate::document::{Key, Node, Value};

/// Adds what SAM generates to the template.
pub(super) fn expand(expanded: &mut Expanded<'_>, faults: &mut Faults) {
    let root = &*expanded.root;
    let mut generated = Generated::default();
    let section = root.get("Resources").map(Node::entries).unwrap_or_default();
    let resources: Resources<'_> = section
        .iter()
        .map(|(key, node)| (key.text.as_str(), node))
        .collect();
    for (key, node) in section {
        let owner = Owner {
            id: &key.text,
            line: key.line,
            node,
        };
        match owner.type_name() {
            Some("AWS::Serverless::Function") => {
                event_sources::expand(&owner, &mut generated, faults);
                destinations::expand(&owner, root, &mut generated);
            }
            Some("AWS::Serverless::StateMachine") => {
                event_sources::expand(&owner, &mut generated, faults);
            }
            Some("AWS::Serverless::Connector") => {
                connectors::expand(&owner, &resources, &mut generated);
            }
            _ => {}
        }
        connectors::expand_embedded(&owner, &resources, &mut generated);
    }
    if generated.is_empty() {
        return;
    }
    let Generated {
        resources,
        conditions,
        aliases,
    } = generated;
    let mut root = root.clone();
    append(&mut root, "Resources", resources);
    append(&mut root, "Conditions", conditions);
    expanded.root = Cow::Owned(root);
    expanded.aliases = aliases;
}

/// The template's resources by logical id.
pub(super) type Resources<'n> = HashMap<&'n str, &'n Node>;

/// Adds entries to a section; what the template says itself stays.
fn append(root: &mut Node, section: &str, mut added: Vec<(Key, Node)>) {
    let Value::Map(sections) = &mut root.value else {
        return;
    };
    if !added.is_empty() && !sections.iter().any(|(key, _)| key.text == section) {
        let line = added[0].0.line;
        let text = section.to_owned();
        let value = Value::Map(Vec::new());
        sections.push((Key { line, text }, Node { line, value }));
    }
    for (key, node) in sections {
        if let Value::Map(entries) = &mut node.value
            && key.text == section
        {
            let known = entries.iter().map(|(key, _)| key.text.clone());
            let mut known: HashSet<String> = known.collect();
            added.retain(|(key, _)| known.insert(key.text.clone()));
            entries.extend(added);
            return;
        }
    }
}

/// A resource that SAM generates others for.
pub(super) struct Owner<'n> {
    pub(super) id: &'n str,
    pub(super) line: usize,
    pub(super) node: &'n Node,
}

impl<'n> Owner<'n> {
    pub(super) fn type_name(&self) -> Option<&'n str> {
        text(self.node.get("Type")?)
    }

    pub(super) fn property(&self, name: &str) -> Option<&'n Node> {
        self.node.get("Properties")?.get(name)
    }

    /// Its condition, which what is generated for it has too.
    pub(super) fn condition(&self) -> Option<&'n str> {
        text(self.node.get("Condition")?)
    }
}

/// What SAM adds to a template.
#[derive(Default)]
pub(super) struct Generated {
    resources: Vec<(Key, Node)>,
    conditions: Vec<(Key, Node)>,
    aliases: BTreeMap<String, String>,
}

impl Generated {
    fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.aliases.is_empty()
    }

    pub(super) fn resource(
        &mut self,
        id: String,
        line: usize,
        type_name: &str,
        condition: Option<&str>,
        properties: Vec<(&str, Node)>,
    ) {
        let at = At(line);
        let mut entries = vec![("Type", at.text(type_name))];
        if let Some(condition) = condition {
            entries.push(("Condition", at.text(condition)));
        }
        entries.push(("Properties", at.map(properties)));
        self.resources.push((at.key(id), at.map(entries)));
    }

    pub(super) fn condition(&mut self, name: String, line: usize, node: Node) {
        self.conditions.push((At(line).key(name), node));
    }

    pub(super) fn alias(&mut self, name: String, id: &str) {
        self.aliases.insert(name, id.to_owned());
    }
}

/// The line of what is written in place of something else.
#[derive(Clone, Copy)]
pub(super) struct At(pub(super) usize);

impl At {
    fn key(self, text: impl Into<String>) -> Key {
        Key {
            line: self.0,
            text: text.into(),
        }
    }

    pub(super) fn node(self, value: Value) -> Node {
        Node {
            line: self.0,
            value,
        }
    }

    pub(super) fn text(self, text: &str) -> Node {
        self.node(Value::Text(text.to_owned()))
    }

    pub(super) fn list(self, items: Vec<Node>) -> Node {
        self.node(Value::List(items))
    }

    pub(super) fn map(self, entries: Vec<(&str, Node)>) -> Node {
        let entries = entries.into_iter();
        self.node(Value::Map(
            entries.map(|(key, node)| (self.key(key), node)).collect(),
        ))
    }

    /// `{Ref: id}`
    pub(super) fn reference(self, id: &str) -> Node {
        self.map(vec![("Ref", self.text(id))])
    }

    /// `{Fn::GetAtt: [id, Arn]}`
    pub(super) fn arn(self, id: &str) -> Node {
        let names = vec![self.text(id), self.text("Arn")];
        self.map(vec![("Fn::GetAtt", self.list(names))])
    }

    /// A policy that lets `principal` call an action of a resource for a source.
    pub(super) fn policy(self, allowed: Allowed) -> Node {
        let source = self.map(vec![("aws:SourceArn", allowed.source)]);
        let condition = self.map(vec![("ArnEquals", source)]);
        let statement = self.map(vec![
            ("Action", self.text(allowed.action)),
            ("Resource", allowed.resource),
            ("Effect", self.text("Allow")),
            ("Condition", condition),
            ("Principal", allowed.principal),
        ]);
        self.map(vec![
            ("Version", self.text("2012-10-17")),
            ("Statement", self.list(vec![statement])),
        ])
    }

    /// The principal that is a service of AWS.
    pub(super) fn service(self, name: &str) -> Node {
        self.map(vec![("Service", self.text(name))])
    }
}

/// What a generated policy allows.
pub(super) struct Allowed {
    pub(super) action: &'static str,
    pub(super) principal: Node,
    pub(super) resource: Node,
    pub(super) source: Node,
}

/// The text of a node that is one.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
