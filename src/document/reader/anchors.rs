//! Anchors, and how much aliases may repeat.

use std::collections::HashMap;

use super::fail;
use crate::document::{Key, Node, SyntaxError, Value};

/// How much the aliases of a file may copy, in bytes as [`size`] counts them: against "billion laughs".
const MAX_COPIED_BYTES: usize = 16 << 20;

#[derive(Default)]
pub(super) struct Anchors {
    /// Finished nodes by their anchor's id.
    nodes: HashMap<usize, Node>,
    copied_bytes: usize,
}

impl Anchors {
    /// Keeps a finished node for aliases, if it has an anchor: its id is not zero.
    pub(super) fn remember(
        &mut self,
        id: usize,
        node: &Node,
        line: usize,
    ) -> Result<(), SyntaxError> {
        if id != 0 {
            self.spend(node, line)?;
            self.nodes.insert(id, node.clone());
        }
        Ok(())
    }

    /// The node that the alias repeats. `name` is the alias as it is written.
    pub(super) fn copy(&mut self, id: usize, name: &str, line: usize) -> Result<Node, SyntaxError> {
        let Some(node) = self.nodes.get(&id).cloned() else {
            return Err(fail(line, format!("{name} stands inside of what it names")));
        };
        self.spend(&node, line)?;
        Ok(node)
    }

    fn spend(&mut self, node: &Node, line: usize) -> Result<(), SyntaxError> {
        self.copied_bytes = self.copied_bytes.saturating_add(size(node));
        if self.copied_bytes > MAX_COPIED_BYTES {
            return Err(fail(line, "anchors and aliases repeat more than 16 MiB"));
        }
        Ok(())
    }
}

/// Roughly the memory that `node` takes.
fn size(node: &Node) -> usize {
    let own = size_of::<(Key, Node)>();
    own + match &node.value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(text) | Value::Text(text) => text.len(),
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, node)| key.text.len() + size(node))
            .sum(),
    }
}
