//! The postings of one field: which alternatives are filed under which of its values.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use core::net::IpAddr;

use foldhash::fast::RandomState;

use super::Reference;
use crate::pattern::condition::{Condition, Decimal, Word, fold};
use crate::pattern::dialect::Dialect;
use crate::pattern::event::{Found, Value};
use crate::pattern::grammar::Leaf;

/// A property that a value has if it meets a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'k> {
    Text(Cow<'k, str>),
    Address(IpAddr),
    Number(Cow<'k, Decimal>),
    Digits(Cow<'k, str>),
    Word(Word),
    Prefix(Cow<'k, str>),
    Suffix(Cow<'k, str>),
    Folded(Cow<'k, str>),
    /// The value is present.
    Present,
}

/// The keys of which a value has at least one if it meets a leaf; none if the leaf can be met without a value.
pub(super) fn keys(leaf: &Leaf) -> Option<Vec<Key<'_>>> {
    if leaf.conditions.iter().any(Condition::accepts_absence) {
        return None;
    }
    let keys: Vec<_> = leaf.conditions.iter().map(key).collect();
    Some(if keys.contains(&Key::Present) {
        vec![Key::Present]
    } else {
        keys
    })
}

fn key(condition: &Condition) -> Key<'_> {
    match condition {
        Condition::Text(text) => Key::Text(Cow::Borrowed(text)),
        Condition::Address(address) => Key::Address(*address),
        Condition::Number(number) => Key::Number(Cow::Borrowed(number)),
        Condition::Digits(digits) => Key::Digits(Cow::Borrowed(digits)),
        Condition::Word(word) => Key::Word(*word),
        Condition::Prefix(prefix) => Key::Prefix(Cow::Borrowed(prefix)),
        Condition::Suffix(suffix) => Key::Suffix(Cow::Borrowed(suffix)),
        Condition::FoldedText(text) => Key::Folded(Cow::Borrowed(text)),
        Condition::FoldedPrefix(_)
        | Condition::FoldedSuffix(_)
        | Condition::Wildcard(_)
        | Condition::AnythingBut(_)
        | Condition::Range(_)
        | Condition::Cidr(_)
        | Condition::Filled
        | Condition::Present
        | Condition::Absent => Key::Present,
    }
}

impl Key<'_> {
    fn into_owned(self) -> Key<'static> {
        match self {
            Self::Text(text) => Key::Text(text.into_owned().into()),
            Self::Address(address) => Key::Address(address),
            Self::Number(number) => Key::Number(Cow::Owned(number.into_owned())),
            Self::Digits(digits) => Key::Digits(digits.into_owned().into()),
            Self::Word(word) => Key::Word(word),
            Self::Prefix(prefix) => Key::Prefix(prefix.into_owned().into()),
            Self::Suffix(suffix) => Key::Suffix(suffix.into_owned().into()),
            Self::Folded(text) => Key::Folded(text.into_owned().into()),
            Self::Present => Key::Present,
        }
    }
}

/// The alternatives filed at one field, by key.
#[derive(Debug, Default)]
pub(super) struct Postings {
    filed: HashMap<Key<'static>, Vec<Reference>, RandomState>,
    kinds: Kinds,
}

/// How many keys there are of the kinds that cost something to look up, so that no look-up is in vain. Prefixes and
/// suffixes by their length.
#[derive(Debug, Default)]
struct Kinds {
    addresses: usize,
    folded: usize,
    prefixes: BTreeMap<usize, usize>,
    suffixes: BTreeMap<usize, usize>,
}

impl Postings {
    pub(super) fn is_empty(&self) -> bool {
        self.filed.is_empty()
    }

    /// How many alternatives are filed under a key.
    pub(super) fn count(&self, key: &Key<'_>) -> usize {
        self.filed.get(key).map_or(0, Vec::len)
    }

    pub(super) fn insert(&mut self, key: Key<'_>, reference: Reference) {
        match self.filed.entry(key.into_owned()) {
            Entry::Occupied(mut filed) => filed.get_mut().push(reference),
            Entry::Vacant(place) => {
                self.kinds.add(place.key());
                place.insert(vec![reference]);
            }
        }
    }

    pub(super) fn remove(&mut self, key: Key<'_>, reference: Reference) {
        // A leaf can have the same key twice: then both are gone with the first.
        let Entry::Occupied(mut filed) = self.filed.entry(key.into_owned()) else {
            return;
        };
        filed.get_mut().retain(|other| *other != reference);
        if filed.get().is_empty() {
            self.kinds.remove(filed.key());
            filed.remove();
        }
    }

    /// Appends the alternatives filed under any key that one of the values has, each list once: very many values may have
    /// the same key.
    pub(super) fn find<'p>(
        &'p self,
        values: &'p [Found<'_>],
        dialect: Dialect,
        found: &mut Vec<Reference>,
    ) {
        match values {
            [] => return,
            [one] => self.find_value(&one.value, dialect, &mut |filed| {
                found.extend_from_slice(filed);
            }),
            values => {
                let mut lists = Vec::new();
                for one in values {
                    self.find_value(&one.value, dialect, &mut |filed| lists.push(filed));
                }
                lists.sort_unstable_by_key(|filed| filed.as_ptr());
                lists.dedup_by_key(|filed| filed.as_ptr());
                for filed in lists {
                    found.extend_from_slice(filed);
                }
            }
        }
        self.take(&Key::Present, &mut |filed| found.extend_from_slice(filed));
    }

    fn find_value<'p>(
        &'p self,
        value: &'p Value<'_>,
        dialect: Dialect,
        found: &mut impl FnMut(&'p [Reference]),
    ) {
        match value {
            Value::Text(text) => self.find_text(text, dialect, found),
            Value::Digits(digits) => self.take(&Key::Digits(Cow::Borrowed(digits)), found),
            Value::Number(number) => self.take(&Key::Number(Cow::Borrowed(number)), found),
            Value::Word(word) => self.take(&Key::Word(*word), found),
        }
    }

    fn find_text<'p>(
        &'p self,
        text: &'p str,
        dialect: Dialect,
        found: &mut impl FnMut(&'p [Reference]),
    ) {
        self.take(&Key::Text(Cow::Borrowed(text)), found);
        if self.kinds.addresses > 0
            && let Some(address) = dialect.address(text)
        {
            self.take(&Key::Address(address), found);
        }
        if self.kinds.folded > 0 {
            self.take(&Key::Folded(Cow::Owned(fold(text).into())), found);
        }
        for &length in self.kinds.prefixes.keys() {
            let Some(prefix) = text.get(..length) else {
                continue;
            };
            self.take(&Key::Prefix(Cow::Borrowed(prefix)), found);
        }
        for &length in self.kinds.suffixes.keys() {
            let start = text.len().checked_sub(length);
            let Some(suffix) = start.and_then(|start| text.get(start..)) else {
                continue;
            };
            self.take(&Key::Suffix(Cow::Borrowed(suffix)), found);
        }
    }

    fn take<'p>(&'p self, key: &Key<'p>, found: &mut impl FnMut(&'p [Reference])) {
        if let Some(filed) = self.filed.get(key) {
            found(filed);
        }
    }
}

impl Kinds {
    fn add(&mut self, key: &Key<'_>) {
        match key {
            Key::Address(_) => self.addresses += 1,
            Key::Folded(_) => self.folded += 1,
            Key::Prefix(prefix) => *self.prefixes.entry(prefix.len()).or_default() += 1,
            Key::Suffix(suffix) => *self.suffixes.entry(suffix.len()).or_default() += 1,
            Key::Text(_) | Key::Number(_) | Key::Digits(_) | Key::Word(_) | Key::Present => {}
        }
    }

    fn remove(&mut self, key: &Key<'_>) {
        match key {
            Key::Address(_) => self.addresses -= 1,
            Key::Folded(_) => self.folded -= 1,
            Key::Prefix(prefix) => remove_one(&mut self.prefixes, prefix.len()),
            Key::Suffix(suffix) => remove_one(&mut self.suffixes, suffix.len()),
            Key::Text(_) | Key::Number(_) | Key::Digits(_) | Key::Word(_) | Key::Present => {}
        }
    }
}

fn remove_one(counts: &mut BTreeMap<usize, usize>, length: usize) {
    let count = counts.get_mut(&length).expect("it was counted");
    *count -= 1;
    if *count == 0 {
        counts.remove(&length);
    }
}
