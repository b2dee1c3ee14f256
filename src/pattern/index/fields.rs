//! The fields that alternatives ask for, and are filed at: a tree of the parts of their paths, as an event's fields are.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::keys::{Way, excluded, ways};
use super::postings::Postings;
use super::set::{Id, Union};
use crate::pattern::event::{Asked, Event, Field};
use crate::pattern::grammar::Leaf;
use crate::pattern::work::Work;

/// The place of a field in the tree.
pub(super) type NodeId = u32;

/// The root's place.
const TOP: NodeId = 0;

/// The tree, flat: paths may have very many parts.
#[derive(Debug)]
pub(super) struct Fields {
    /// The first is the root.
    nodes: Vec<PathNode>,
    free: Vec<NodeId>,
}

#[derive(Debug, Default)]
struct PathNode {
    parent: NodeId,
    /// The part that leads here from the parent.
    part: Box<str>,
    children: HashMap<Box<str>, NodeId, RandomState>,
    /// How many leaves of alternatives have this path.
    asked: usize,
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

impl Asked for Fields {
    type Path = NodeId;

    fn start(&self) -> NodeId {
        TOP
    }

    fn follow(&self, path: NodeId, part: &str) -> Option<NodeId> {
        self.at(path).children.get(part).copied()
    }
}

/// The fields of an event that are asked for, by their places in the tree.
#[derive(Debug)]
pub(super) struct Present<'e>(Vec<(NodeId, &'e Field<'e>)>);

impl<'e> Present<'e> {
    pub(super) fn get(&self, node: NodeId) -> Option<&'e Field<'e>> {
        let found = self.0.binary_search_by_key(&node, |(node, _)| *node).ok()?;
        Some(self.0[found].1)
    }
}

impl Fields {
    fn at(&self, node: NodeId) -> &PathNode {
        &self.nodes[node as usize]
    }

    fn at_mut(&mut self, node: NodeId) -> &mut PathNode {
        &mut self.nodes[node as usize]
    }

    /// Takes note that a leaf has this path, which keeps its place until it is left.
    pub(super) fn ask(&mut self, path: &str) -> NodeId {
        let node = path
            .split('.')
            .fold(TOP, |node, part| match self.follow(node, part) {
                Some(child) => child,
                None => self.add(node, part),
            });
        self.at_mut(node).asked += 1;
        node
    }

    /// Drops a field that no leaf asks for any more, and those that only led to it.
    pub(super) fn leave(&mut self, mut index: NodeId) {
        self.at_mut(index).asked -= 1;
        while index != TOP {
            let node = self.at_mut(index);
            if node.asked > 0 || !node.children.is_empty() {
                return;
            }
            let node = std::mem::take(node);
            self.at_mut(node.parent).children.remove(&node.part);
            self.free.push(index);
            index = node.parent;
        }
    }

    /// How many alternatives are filed in the ways of a leaf that asks for this field.
    pub(super) fn count(&self, node: NodeId, ways: &[Way<'_>]) -> usize {
        let postings = &self.at(node).postings;
        ways.iter().map(|way| postings.count(way)).sum()
    }

    pub(super) fn insert(&mut self, node: NodeId, leaf: &Leaf, id: Id) {
        for way in ways(leaf).into_iter().flatten() {
            self.at_mut(node).postings.insert(way, id);
        }
    }

    pub(super) fn remove(&mut self, node: NodeId, leaf: &Leaf, id: Id) {
        for way in ways(leaf).into_iter().flatten() {
            self.at_mut(node).postings.remove(way, id);
        }
    }

    /// Notes which values rule an alternative with this leaf out.
    pub(super) fn rule_out(&mut self, node: NodeId, leaf: &Leaf, id: Id) {
        let keys = excluded(leaf);
        if keys.is_empty() {
            return;
        }
        let ruled_out = self.at_mut(node).ruled_out.get_or_insert_default();
        for key in keys {
            ruled_out.insert(Way::Key(key), id);
        }
    }

    /// Forgets which values rule an alternative with this leaf out, if it was noted.
    pub(super) fn forget(&mut self, node: NodeId, leaf: &Leaf, id: Id) {
        let node = self.at_mut(node);
        let Some(ruled_out) = &mut node.ruled_out else {
            return;
        };
        for key in excluded(leaf) {
            ruled_out.remove(Way::Key(key), id);
        }
        if ruled_out.is_empty() {
            node.ruled_out = None;
        }
    }

    /// Adds the alternatives filed under a value of the event, and those that one rules out. Costs a look-up for each field
    /// of the event that is in one of these, and some for each value of a field that is one of these. Returns those fields.
    pub(super) fn find<'f>(
        &'f self,
        event: &'f Event<'_>,
        work: &mut Work,
        found: &mut Union<'f>,
        ruled_out: &mut Union<'f>,
    ) -> Present<'f> {
        let mut nodes = Vec::with_capacity(event.fields().len());
        nodes.push(Some(TOP));
        let mut present = Vec::new();
        let dialect = event.dialect();
        // A field comes after the one it is in.
        for field in &event.fields()[1..] {
            let index =
                nodes[field.parent as usize].and_then(|parent| self.follow(parent, &field.name));
            nodes.push(index);
            let Some(index) = index else { continue };
            let node = self.at(index);
            if node.asked == 0 {
                continue;
            }
            present.push((index, field));
            node.postings.find(&field.values, dialect, work, found);
            // Of several values, another may be let through.
            if let (Some(out), [one]) = (&node.ruled_out, &*field.values) {
                out.find_value(&one.value, dialect, ruled_out);
            }
        }
        present.sort_unstable_by_key(|(node, _)| *node);
        Present(present)
    }

    fn add(&mut self, parent: NodeId, part: &str) -> NodeId {
        let node = PathNode {
            parent,
            part: part.into(),
            ..PathNode::default()
        };
        let index = self.free.pop().unwrap_or_else(|| {
            self.nodes.push(PathNode::default());
            NodeId::try_from(self.nodes.len() - 1).expect("fewer fields than 32 bits can count")
        });
        *self.at_mut(index) = node;
        self.at_mut(parent).children.insert(part.into(), index);
        index
    }
}
