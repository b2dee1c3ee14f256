//! Many policies, and which of them match a message, without asking each.
//!
//! An inverted index: each alternative of a policy is filed under one of its leaves, by field and value, prefix or suffix.
//! A message's values are looked up there, and only the alternatives found are evaluated. So policies that ask for other
//! values cost nothing, and every answer is the evaluator's. `postings.rs` is what is filed at one field, `fields.rs` the
//! tree of fields.

mod fields;
mod postings;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::RandomState;

use self::fields::Fields;
use self::postings::{Key, keys};
use super::event::Event;
use super::grammar::Leaf;
use super::policy::{Alternative, Policy};
use super::work::Work;

/// Policies by key, such as the subscription that each belongs to. All must be of one scope: that of the events.
#[derive(Debug)]
pub struct Index<K> {
    entries: Vec<Option<Entry<K>>>,
    free: Vec<u32>,
    by_key: HashMap<K, u32, RandomState>,
    fields: Fields,
    /// Those without a leaf that needs a value: they can be met by absence alone.
    unfiled: Vec<Reference>,
}

#[derive(Debug)]
struct Entry<K> {
    key: K,
    policy: Arc<Policy>,
    /// The leaf of each alternative that it is filed under.
    filed: Vec<Option<usize>>,
}

/// An alternative of an entry's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    entry: u32,
    alternative: u32,
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            free: Vec::new(),
            by_key: HashMap::default(),
            fields: Fields::default(),
            unfiled: Vec::new(),
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
    pub fn insert(&mut self, key: K, policy: &Policy) {
        self.remove(&key);
        let entry = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            u32::try_from(self.entries.len() - 1).expect("fewer policies than 32 bits can count")
        });
        let filed = (0..)
            .zip(policy.alternatives())
            .map(|(alternative, asked)| {
                let reference = Reference { entry, alternative };
                self.file(reference, asked)
            });
        let filed = filed.collect();
        self.by_key.insert(key.clone(), entry);
        self.entries[entry as usize] = Some(Entry {
            key,
            policy: Arc::new(policy.clone()),
            filed,
        });
    }

    /// Removes a key's policy; whether there was one. Costs as much as there are policies filed under the same values.
    pub fn remove(&mut self, key: &K) -> bool {
        let Some(index) = self.by_key.remove(key) else {
            return false;
        };
        self.free.push(index);
        let entry = self.entries[index as usize].take();
        let Entry { policy, filed, .. } = entry.expect("each key has its entry");
        let alternatives = policy.alternatives().iter().zip(filed);
        for (alternative, (asked, filed)) in (0..).zip(alternatives) {
            let reference = Reference {
                entry: index,
                alternative,
            };
            match filed {
                Some(leaf) => self.fields.remove(&asked.leaves[leaf], reference),
                None => self.unfiled.retain(|other| *other != reference),
            }
        }
        true
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
        let mut candidates = self.unfiled.clone();
        self.fields.find(event, &mut candidates);
        candidates.sort_unstable();
        candidates.dedup();
        for of_entry in candidates.chunk_by(|one, other| one.entry == other.entry) {
            let entry = self.entries[of_entry[0].entry as usize].as_ref();
            let entry = entry.expect("every alternative that is filed has its entry");
            work.spend(1);
            if work.is_used_up() {
                rest.push((entry.key.clone(), entry.policy.clone()));
                continue;
            }
            let alternatives = entry.policy.alternatives();
            let mut is_met =
                |one: &Reference| alternatives[one.alternative as usize].is_met(event, work);
            if of_entry.iter().any(&mut is_met) {
                keys.push(entry.key.clone());
            }
        }
    }

    /// Files an alternative under its most selective leaf: the one under whose values the fewest others are filed already.
    fn file(&mut self, reference: Reference, asked: &Alternative) -> Option<usize> {
        let cost = |leaf: &Leaf| -> Option<(bool, usize)> {
            let keys = keys(leaf)?;
            // That a field is present narrows down least.
            let is_vague = keys.contains(&Key::Present);
            Some((is_vague, self.fields.count(leaf, &keys)))
        };
        let costs = asked.leaves.iter().enumerate();
        let costs = costs.filter_map(|(leaf, asked)| Some((cost(asked)?, leaf)));
        let Some((_, leaf)) = costs.min() else {
            self.unfiled.push(reference);
            return None;
        };
        self.fields.insert(&asked.leaves[leaf], reference);
        Some(leaf)
    }
}
