//! A mapping's keys, and what `<<` adds to it.

use std::collections::HashSet;

use super::fail;
use crate::document::{Key, Node, SyntaxError, Value};

/// A mapping that has begun.
#[derive(Default)]
pub(super) struct Mapping {
    entries: Vec<(Key, Node)>,
    keys: HashSet<String>,
    /// The key whose value comes next.
    key: Option<MapKey>,
    /// What `<<` names.
    merged: Vec<Node>,
}

enum MapKey {
    Named(Key),
    Merge,
}

/// A scalar as it is written, before its type is known.
pub(super) struct Scalar<'s> {
    pub(super) text: &'s str,
    /// Whether it has neither quotes nor a tag.
    pub(super) is_plain: bool,
}

impl Mapping {
    pub(super) fn awaits_key(&self) -> bool {
        self.key.is_none()
    }

    /// Takes a key or its value, whichever comes next; a scalar with how it is written.
    pub(super) fn put(
        &mut self,
        node: Node,
        scalar: Option<Scalar<'_>>,
    ) -> Result<(), SyntaxError> {
        match self.key.take() {
            None => self.key = Some(self.next_key(&node, scalar)?),
            Some(MapKey::Named(key)) => self.entries.push((key, node)),
            Some(MapKey::Merge) => self.merged.push(node),
        }
        Ok(())
    }

    fn next_key(&mut self, node: &Node, scalar: Option<Scalar<'_>>) -> Result<MapKey, SyntaxError> {
        let line = node.line;
        let (Some(scalar), false) = (scalar, matches!(node.value, Value::Map(_))) else {
            return Err(fail(line, "a key is a text, not a collection"));
        };
        if scalar.is_plain && scalar.text == "<<" {
            return Ok(MapKey::Merge);
        }
        let text = scalar.text.to_owned();
        if !self.keys.insert(text.clone()) {
            return Err(fail(
                line,
                format!("the key {text} stands here a second time"),
            ));
        }
        Ok(MapKey::Named(Key { line, text }))
    }

    /// All entries. Keys that the mapping has itself win over those that `<<` names, and of these the first.
    pub(super) fn finish(mut self) -> Result<Vec<(Key, Node)>, SyntaxError> {
        let mut sources = Vec::new();
        for node in self.merged {
            match node.value {
                Value::List(nodes) => sources.extend(nodes),
                _ => sources.push(node),
            }
        }
        for source in sources {
            let Value::Map(added) = source.value else {
                let kind = source.value.kind();
                return Err(fail(
                    source.line,
                    format!("<< takes a mapping, and this is {kind}"),
                ));
            };
            let keys = &mut self.keys;
            self.entries.extend(
                added
                    .into_iter()
                    .filter(|(key, _)| keys.insert(key.text.clone())),
            );
        }
        Ok(self.entries)
    }
}
