//! Many policies, and which of them match a message, without asking each.
//!
//! An inverted index: each alternative of a policy is filed under one of its leaves, by field and by what a value has that
//! meets it: the value itself, how it begins or ends, a few bytes that it contains, the numbers or addresses among which it
//! is. A message's values are looked up there, and only the alternatives found are evaluated. So policies that ask for other
//! values cost nothing, and every answer is the evaluator's. `anything-but` works the other way round: a value rules out
//! the alternatives that name it, by the word of 64.
//!
//! The fields of all leaves are known, also of those that nothing is filed under: an event's other fields need not be read
//! ([`Index::event`]), and the evaluator need not look up again what has been found.
//!
//! `keys.rs` says by what a condition is looked up, `set.rs` has sets of alternatives, `ranges.rs` those filed under numbers,
//! `postings.rs` all that is filed at one field, `fields.rs` the tree of fields.

mod fields;
mod keys;
mod postings;
mod ranges;
mod set;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::RandomState;

use self::fields::{Fields, NodeId, Present};
use self::keys::{Way, ways};
use self::set::{Id, Set, Union};
use super::event::Event;
use super::policy::{Alternative, Policy};
use super::work::Work;

/// Policies by key, such as the subscription that each belongs to. All must be of one scope: that of the events.
#[derive(Debug)]
pub struct Index<K> {
    entries: Vec<Option<Entry<K>>>,
    free: Vec<u32>,
    by_key: HashMap<K, u32, RandomState>,
    /// The alternatives, by their numbers.
    references: Vec<Reference>,
    free_ids: Vec<Id>,
    fields: Fields,
    /// Those without a leaf that needs a value: they can be met by absence alone.
    unfiled: Set,
}

/// From so many on that are filed alike, values are noted that rule alternatives out: few are evaluated as fast.
const MANY: usize = 16;

#[derive(Debug)]
struct Entry<K> {
    key: K,
    policy: Arc<Policy>,
    /// Of each alternative.
    filed: Box<[Filed]>,
}

/// Where an alternative is filed.
#[derive(Debug)]
struct Filed {
    id: Id,
    /// Its leaf that it is filed under.
    leaf: Option<u32>,
    /// The fields that its leaves ask for.
    fields: Box<[NodeId]>,
}

/// An alternative of an entry's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    entry: u32,
    alternative: u32,
}

impl<K> Entry<K> {
    /// Whether an event meets an alternative, whose fields need not be looked up again.
    fn is_met(
        &self,
        alternative: u32,
        event: &Event<'_>,
        present: &Present<'_>,
        work: &mut Work,
    ) -> bool {
        let fields = &self.filed[alternative as usize].fields;
        let asked = &self.policy.alternatives()[alternative as usize];
        asked.is_met_at(event, work, |leaf| present.get(fields[leaf]))
    }
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            free: Vec::new(),
            by_key: HashMap::default(),
            references: Vec::new(),
            free_ids: Vec::new(),
            fields: Fields::default(),
            unfiled: Set::default(),
        }
    }
}

impl<K: Clone + Eq + Hash> Index<K> {
    /// How many policies there are.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Adds a policy, in place of the one that its key had.
    pub fn insert(&mut self, key: K, policy: impl Into<Arc<Policy>>) {
        self.remove(&key);
        let policy = policy.into();
        let entry = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            u32::try_from(self.entries.len() - 1).expect("fewer policies than 32 bits can count")
        });
        let filed = (0..)
            .zip(policy.alternatives())
            .map(|(alternative, asked)| {
                let id = self.add(Reference { entry, alternative });
                let fields = asked.leaves.iter().map(|leaf| self.fields.ask(&leaf.path));
                let fields: Box<[_]> = fields.collect();
                let leaf = self.file(id, asked, &fields);
                Filed { id, leaf, fields }
            });
        let filed = filed.collect();
        self.by_key.insert(key.clone(), entry);
        self.entries[entry as usize] = Some(Entry { key, policy, filed });
    }

    /// Removes a key's policy; whether there was one.
    pub fn remove(&mut self, key: &K) -> bool {
        let Some(index) = self.by_key.remove(key) else {
            return false;
        };
        self.free.push(index);
        let entry = self.entries[index as usize].take();
        let Entry { policy, filed, .. } = entry.expect("each key has its entry");
        for (asked, Filed { id, leaf, fields }) in policy.alternatives().iter().zip(filed) {
            match leaf.map(|leaf| leaf as usize) {
                Some(leaf) => self.fields.remove(fields[leaf], &asked.leaves[leaf], id),
                None => self.unfiled.remove(id),
            }
            for (leaf, field) in asked.leaves.iter().zip(fields) {
                self.fields.forget(field, leaf, id);
                self.fields.leave(field);
            }
            self.free_ids.push(id);
        }
        true
    }

    /// Reads an event from JSON like [`Event::from_json`], but leaves out the members that none of these policies asks for.
    pub fn event<'e>(&self, text: &'e str) -> Event<'e> {
        Event::from_json_as_asked(text, &self.fields)
    }

    /// Appends the keys of all policies that match, each once, in an order that only depends on what was inserted and
    /// removed.
    pub fn matches(&self, event: &Event<'_>, keys: &mut Vec<K>) {
        let mut rest = Vec::new();
        self.matches_within(event, &mut Work::unlimited(), keys, &mut rest);
    }

    /// The same, as far as the work goes. Policies that could still match are appended to `rest`, to be asked one by one.
    pub fn matches_within(
        &self,
        event: &Event<'_>,
        work: &mut Work,
        keys: &mut Vec<K>,
        rest: &mut Vec<(K, Arc<Policy>)>,
    ) {
        if !event.is_usable() {
            return;
        }
        let (mut found, mut ruled_out) = (Union::default(), Union::default());
        if !self.unfiled.is_empty() {
            found.add(&self.unfiled);
        }
        let present = self.fields.find(event, work, &mut found, &mut ruled_out);
        let (ids, steps) = found.without(&ruled_out);
        work.spend(steps);
        let references = ids.into_iter().map(|id| self.references[id as usize]);
        let mut candidates: Vec<_> = references.collect();
        candidates.sort_unstable();
        for of_entry in candidates.chunk_by(|one, other| one.entry == other.entry) {
            let entry = self.entries[of_entry[0].entry as usize].as_ref();
            let entry = entry.expect("every alternative that is filed has its entry");
            work.spend(1);
            if work.is_used_up() {
                rest.push((entry.key.clone(), entry.policy.clone()));
                continue;
            }
            let mut is_met = |one: &Reference| entry.is_met(one.alternative, event, &present, work);
            if of_entry.iter().any(&mut is_met) {
                keys.push(entry.key.clone());
            }
        }
    }

    /// Gives an alternative a number.
    fn add(&mut self, reference: Reference) -> Id {
        let next = Id::try_from(self.references.len());
        let next = next.expect("fewer alternatives than 32 bits can count");
        let id = self.free_ids.pop().unwrap_or(next);
        match self.references.get_mut(id as usize) {
            Some(free) => *free = reference,
            None => self.references.push(reference),
        }
        id
    }

    /// Files an alternative under its most selective leaf: the one in whose ways the fewest others
    /// are filed already.
    fn file(&mut self, id: Id, asked: &Alternative, fields: &[NodeId]) -> Option<u32> {
        let costs =
            asked
                .leaves
                .iter()
                .zip(fields)
                .zip(0_u32..)
                .filter_map(|((leaf, field), place)| {
                    let ways = ways(leaf)?;
                    // That a field is present narrows down least, and of ranges a number may be in many.
                    let is_vague = ways.iter().any(Way::is_vague);
                    let is_range = ways.iter().any(Way::is_range);
                    Some((is_vague, self.fields.count(*field, &ways), is_range, place))
                });
        let cheapest = costs.min();
        let alike = cheapest.map_or(self.unfiled.len(), |(_, count, ..)| count);
        if alike >= MANY {
            for (leaf, field) in asked.leaves.iter().zip(fields) {
                self.fields.rule_out(*field, leaf, id);
            }
        }
        let leaf = cheapest.map(|(.., leaf)| leaf);
        match leaf.map(|leaf| leaf as usize) {
            Some(leaf) => self.fields.insert(fields[leaf], &asked.leaves[leaf], id),
            None => self.unfiled.insert(id),
        }
        leaf
    }
}
