//! The fields that alternatives are filed at: a tree of the parts of their paths, as an event's fields are.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::keys::{Way, excluded, ways};
use super::postings::Postings;
use super::set::{Id, Union};
use crate::pattern::event::Event;
use crate::pattern::grammar::Leaf;
use crate::pattern::work::Work;

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
    /// Alternatives that a value rules out, whatever they are filed under; absent where there is none.
    ruled_out: Option<Box<Postings>>,
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
    /// How many alternatives are filed in the ways of a leaf.
    pub(super) fn count(&self, leaf: &Leaf, ways: &[Way<'_>]) -> usize {
        let Some(node) = self.node(&leaf.path) else {
            return 0;
        };
        let counts = ways.iter().map(|way| self.nodes[node].postings.count(way));
        counts.sum()
    }

    pub(super) fn insert(&mut self, leaf: &Leaf, id: Id) {
        let node = self.reach(&leaf.path);
        for way in ways(leaf).into_iter().flatten() {
            self.nodes[node].postings.insert(way, id);
        }
    }

    pub(super) fn remove(&mut self, leaf: &Leaf, id: Id) {
        let Some(node) = self.node(&leaf.path) else {
            return;
        };
        for way in ways(leaf).into_iter().flatten() {
            self.nodes[node].postings.remove(way, id);
        }
        self.prune(node);
    }

    /// Notes which values rule an alternative with this leaf out.
    pub(super) fn rule_out(&mut self, leaf: &Leaf, id: Id) {
        let keys = excluded(leaf);
        if keys.is_empty() {
            return;
        }
        let node = self.reach(&leaf.path);
        let ruled_out = self.nodes[node].ruled_out.get_or_insert_default();
        for key in keys {
            ruled_out.insert(Way::Key(key), id);
        }
    }

    /// Forgets which values rule an alternative with this leaf out, if it was noted.
    pub(super) fn forget(&mut self, leaf: &Leaf, id: Id) {
        let Some(node) = self.node(&leaf.path) else {
            return;
        };
        let Some(ruled_out) = &mut self.nodes[node].ruled_out else {
            return;
        };
        for key in excluded(leaf) {
            ruled_out.remove(Way::Key(key), id);
        }
        if ruled_out.is_empty() {
            self.nodes[node].ruled_out = None;
            self.prune(node);
        }
    }

    /// Adds the alternatives filed under a value of the event, and those that one rules out. Costs a look-up for each field
    /// of the event that is in one of these, and some for each value of a field that is one of these.
    pub(super) fn find<'f>(
        &'f self,
        event: &'f Event<'_>,
        work: &mut Work,
        found: &mut Union<'f>,
        ruled_out: &mut Union<'f>,
    ) {
        let mut nodes = Vec::with_capacity(event.fields().len());
        nodes.push(Some(0));
        let dialect = event.dialect();
        // A field comes after the one it is in.
        for field in &event.fields()[1..] {
            let node = nodes[field.parent as usize]
                .and_then(|parent: usize| self.nodes[parent].children.get(&*field.name).copied());
            nodes.push(node);
            let Some(node) = node else { continue };
            let node = &self.nodes[node];
            node.postings.find(&field.values, dialect, work, found);
            // Of several values, another may be let through.
            if let (Some(out), [one]) = (&node.ruled_out, &*field.values) {
                out.find_value(&one.value, dialect, ruled_out);
            }
        }
    }

    /// The node that a path leads to; it is added if it is new.
    fn reach(&mut self, path: &str) -> usize {
        path.split('.')
            .fold(0, |node, part| match self.nodes[node].children.get(part) {
                Some(&child) => child,
                None => self.add(node, part),
            })
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
            let is_used = !node.postings.is_empty() || node.ruled_out.is_some();
            if is_used || !node.children.is_empty() {
                return;
            }
            let node = std::mem::take(&mut self.nodes[index]);
            self.nodes[node.parent].children.remove(&node.part);
            self.free.push(index);
            index = node.parent;
        }
    }
}
