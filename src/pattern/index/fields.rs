//! The fields that alternatives are filed at: a tree of the parts of their paths, as an event's fields are.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::Reference;
use super::postings::{Key, Postings, keys};
use crate::pattern::event::Event;
use crate::pattern::grammar::Leaf;

/// The tree, flat: paths may have very many parts.
#[derive(Debug)]
pub(super) struct Fields {
    /// The first is the root.
    nodes: Vec<PathNode>,
    free: Vec<usize>,
}

#[derive(Debug, Default)]
struct PathNode {
    parent: usize,
    /// The part that leads here from the parent.
    part: Box<str>,
    children: HashMap<Box<str>, usize, RandomState>,
    postings: Postings,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            nodes: vec![PathNode::default()],
            free: Vec::new(),
        }
    }
}

impl Fields {
    /// How many alternatives are filed under the keys of a leaf.
    pub(super) fn count(&self, leaf: &Leaf, keys: &[Key<'_>]) -> usize {
        let Some(node) = self.node(&leaf.path) else {
            return 0;
        };
        let counts = keys.iter().map(|key| self.nodes[node].postings.count(key));
        counts.sum()
    }

    pub(super) fn insert(&mut self, leaf: &Leaf, reference: Reference) {
        let mut node = 0;
        for part in leaf.path.split('.') {
            node = match self.nodes[node].children.get(part) {
                Some(&child) => child,
                None => self.add(node, part),
            };
        }
        for key in keys(leaf).into_iter().flatten() {
            self.nodes[node].postings.insert(key, reference);
        }
    }

    pub(super) fn remove(&mut self, leaf: &Leaf, reference: Reference) {
        let Some(node) = self.node(&leaf.path) else {
            return;
        };
        for key in keys(leaf).into_iter().flatten() {
            self.nodes[node].postings.remove(key, reference);
        }
        self.prune(node);
    }

    /// Appends the alternatives filed under a value of the event. Costs a look-up for each field of the event that is in one
    /// of these, and some for each value of a field that is one of these.
    pub(super) fn find(&self, event: &Event<'_>, found: &mut Vec<Reference>) {
        let mut nodes = Vec::with_capacity(event.fields().len());
        nodes.push(Some(0));
        // A field comes after the one it is in.
        for field in &event.fields()[1..] {
            let node = nodes[field.parent as usize]
                .and_then(|parent: usize| self.nodes[parent].children.get(&*field.name).copied());
            nodes.push(node);
            let Some(node) = node else { continue };
            self.nodes[node]
                .postings
                .find(&field.values, event.dialect(), found);
        }
    }

    fn node(&self, path: &str) -> Option<usize> {
        path.split('.')
            .try_fold(0, |node, part| self.nodes[node].children.get(part).copied())
    }

    fn add(&mut self, parent: usize, part: &str) -> usize {
        let node = PathNode {
            parent,
            part: part.into(),
            ..PathNode::default()
        };
        let index = self.free.pop().unwrap_or(self.nodes.len());
        if index == self.nodes.len() {
            self.nodes.push(node);
        } else {
            self.nodes[index] = node;
        }
        self.nodes[parent].children.insert(part.into(), index);
        index
    }

    /// Drops a field at which nothing is left, and those that only led to it.
    fn prune(&mut self, mut index: usize) {
        while index != 0 {
            let node = &self.nodes[index];
            if !node.postings.is_empty() || !node.children.is_empty() {
                return;
            }
            let node = std::mem::take(&mut self.nodes[index]);
            self.nodes[node.parent].children.remove(&node.part);
            self.free.push(index);
            index = node.parent;
        }
    }
}
