//! The postings of one field: which alternatives are filed under which of its values.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use core::net::IpAddr;

use foldhash::fast::RandomState;

use super::keys::{Key, Part, Way, place};
use super::ranges::Ranges;
use super::set::{Id, Set, Union};
use crate::pattern::condition::{first_of_block, fold};
use crate::pattern::dialect::Dialect;
use crate::pattern::event::{Found, Value};
use crate::pattern::work::Work;

/// Of a field with more values than this, all alternatives filed under ranges are taken, and none is ruled out: looking up
/// each value would cost more than it spares.
const FEW: usize = 8;

/// The alternatives filed at one field, by key.
#[derive(Debug, Default)]
pub(super) struct Postings {
    filed: HashMap<Key<'static>, Set, RandomState>,
    kinds: Kinds,
    /// What is filed under keys that few policies have; absent where there is none.
    rare: Option<Box<Rare>>,
}

/// How many keys there are of the kinds that cost something to look up, so that no look-up is in vain. Prefixes and
/// suffixes by their length.
#[derive(Debug, Default)]
struct Kinds {
    addresses: usize,
    folded: usize,
    prefixes: Lengths,
    suffixes: Lengths,
}

/// How many keys there are of each length.
type Lengths = BTreeMap<usize, usize>;

/// The same of further kinds, and what is not found by a key.
#[derive(Debug, Default)]
struct Rare {
    folded_prefixes: Lengths,
    folded_suffixes: Lengths,
    /// By how many bits follow the mask.
    blocks_v4: Lengths,
    blocks_v6: Lengths,
    parts: Lengths,
    /// All that is filed under parts.
    in_parts: Set,
    ranges: Ranges,
}

impl Postings {
    pub(super) fn is_empty(&self) -> bool {
        let has_ranges = |rare: &Rare| !rare.ranges.is_empty();
        self.filed.is_empty() && !self.rare.as_deref().is_some_and(has_ranges)
    }

    /// How many alternatives are filed in the same way.
    pub(super) fn count(&self, way: &Way<'_>) -> usize {
        match way {
            Way::Key(key) => self.count_key(key),
            Way::OneOf(keys) => keys
                .iter()
                .map(|key| self.count_key(key))
                .min()
                .unwrap_or(0),
            Way::Between(bottom, top) => {
                let rare = self.rare.as_deref();
                rare.map_or(0, |rare| rare.ranges.count(*bottom, *top))
            }
        }
    }

    fn count_key(&self, key: &Key<'_>) -> usize {
        self.filed.get(key).map_or(0, Set::len)
    }

    pub(super) fn insert(&mut self, way: Way<'_>, id: Id) {
        match way {
            Way::Key(key) => self.insert_key(key, id),
            Way::OneOf(keys) => {
                // The first of several under which equally few are filed: it is the one that costs least to look up.
                let rarest = keys.into_iter().min_by_key(|key| self.count_key(key));
                if let Some(key) = rarest {
                    self.insert_key(key, id);
                }
            }
            Way::Between(bottom, top) => {
                let rare = self.rare.get_or_insert_default();
                rare.ranges.insert(bottom, top, id);
            }
        }
    }

    fn insert_key(&mut self, key: Key<'_>, id: Id) {
        if let Key::Part(_) = key {
            self.rare.get_or_insert_default().in_parts.insert(id);
        }
        match self.filed.entry(key.into_owned()) {
            Entry::Occupied(mut filed) => filed.get_mut().insert(id),
            Entry::Vacant(place) => {
                count(place.key(), &mut self.kinds, &mut self.rare, |count| {
                    *count += 1;
                });
                place.insert(Set::One(id));
            }
        }
    }

    /// Removes an alternative that is filed by a leaf with this way. A leaf's ways are all removed together.
    pub(super) fn remove(&mut self, way: Way<'_>, id: Id) {
        match way {
            Way::Key(key) => self.remove_key(key, id),
            Way::OneOf(keys) => keys.into_iter().for_each(|key| self.remove_key(key, id)),
            Way::Between(bottom, top) => {
                if let Some(rare) = &mut self.rare {
                    rare.ranges.remove(bottom, top, id);
                }
            }
        }
    }

    fn remove_key(&mut self, key: Key<'_>, id: Id) {
        if let (Key::Part(_), Some(rare)) = (&key, &mut self.rare) {
            rare.in_parts.remove(id);
        }
        // A leaf can have the same key twice: then it is gone with the first.
        let Entry::Occupied(mut filed) = self.filed.entry(key.into_owned()) else {
            return;
        };
        filed.get_mut().remove(id);
        if filed.get().is_empty() {
            count(filed.key(), &mut self.kinds, &mut self.rare, |count| {
                *count -= 1;
            });
            filed.remove();
        }
    }

    /// Adds the alternatives filed under anything that one of the values has.
    pub(super) fn find<'p>(
        &'p self,
        values: &'p [Found<'_>],
        dialect: Dialect,
        work: &mut Work,
        found: &mut Union<'p>,
    ) {
        if values.is_empty() {
            return;
        }
        for one in values {
            self.find_value(&one.value, dialect, found);
        }
        if let Some(rare) = &self.rare {
            self.find_parts(rare, values, work, found);
            rare.find_ranges(values, work, found);
        }
        self.take(&Key::Present, found);
    }

    /// Adds the alternatives filed under a value itself.
    pub(super) fn find_value<'p>(
        &'p self,
        value: &'p Value<'_>,
        dialect: Dialect,
        found: &mut Union<'p>,
    ) {
        match value {
            Value::Text(text) => self.find_text(text, dialect, found),
            Value::Digits(digits) => self.take(&Key::Digits(Cow::Borrowed(digits)), found),
            Value::Number(number) => self.take(&Key::Number(Cow::Borrowed(number)), found),
            Value::Word(word) => self.take(&Key::Word(*word), found),
        }
    }

    fn find_text<'p>(&'p self, text: &'p str, dialect: Dialect, found: &mut Union<'p>) {
        self.take(&Key::Text(Cow::Borrowed(text)), found);
        if self.kinds.addresses > 0
            && let Some(address) = dialect.address(text)
        {
            self.take(&Key::Address(address), found);
        }
        if self.kinds.folded > 0 || self.rare.as_deref().is_some_and(Rare::folds) {
            self.find_folded(fold(text), found);
        }
        for prefix in starts(text, &self.kinds.prefixes) {
            self.take(&Key::Prefix(Cow::Borrowed(prefix)), found);
        }
        for suffix in ends(text, &self.kinds.suffixes) {
            self.take(&Key::Suffix(Cow::Borrowed(suffix)), found);
        }
        if let Some(rare) = &self.rare {
            self.find_rare(rare, text, dialect, found);
        }
    }

    /// Adds the alternatives filed under a text without its case, and under how that begins and ends.
    fn find_folded<'p>(&'p self, folded: Box<str>, found: &mut Union<'p>) {
        if let Some(rare) = &self.rare {
            for prefix in starts(&folded, &rare.folded_prefixes) {
                self.take(&Key::FoldedPrefix(Cow::Owned(prefix.to_owned())), found);
            }
            for suffix in ends(&folded, &rare.folded_suffixes) {
                self.take(&Key::FoldedSuffix(Cow::Owned(suffix.to_owned())), found);
            }
        }
        if self.kinds.folded > 0 {
            self.take(&Key::Folded(Cow::Owned(folded.into())), found);
        }
    }

    fn find_rare<'p>(
        &'p self,
        rare: &Rare,
        text: &'p str,
        dialect: Dialect,
        found: &mut Union<'p>,
    ) {
        let has_blocks = !rare.blocks_v4.is_empty() || !rare.blocks_v6.is_empty();
        let address = has_blocks.then(|| dialect.address(text)).flatten();
        if let Some(address) = address {
            for host_bits in rare.blocks(address).keys() {
                let first = first_of_block(address, *host_bits);
                self.take(&Key::Block(first, *host_bits), found);
            }
        }
    }

    /// Adds those filed under a part of a text; all of them, if there are fewer than parts to look up.
    fn find_parts<'p>(
        &'p self,
        rare: &'p Rare,
        values: &'p [Found<'_>],
        work: &mut Work,
        found: &mut Union<'p>,
    ) {
        if rare.parts.is_empty() {
            return;
        }
        let texts = || {
            values.iter().filter_map(|one| match &one.value {
                Value::Text(text) => Some(&**text),
                _ => None,
            })
        };
        let all: usize = rare.parts.values().sum();
        if texts().map(str::len).sum::<usize>() * rare.parts.len() > all {
            work.spend(rare.in_parts.len());
            found.add(&rare.in_parts);
            return;
        }
        for text in texts() {
            for length in rare.parts.keys() {
                for part in Part::all(text, *length) {
                    work.spend(1);
                    self.take(&Key::Part(part), found);
                }
            }
        }
    }

    fn take<'p>(&'p self, key: &Key<'p>, found: &mut Union<'p>) {
        if let Some(filed) = self.filed.get(key) {
            found.add(filed);
        }
    }
}

impl Rare {
    /// Whether something is filed under parts of texts without their case.
    fn folds(&self) -> bool {
        !self.folded_prefixes.is_empty() || !self.folded_suffixes.is_empty()
    }

    /// Those of an address's family.
    fn blocks(&self, address: IpAddr) -> &Lengths {
        match address {
            IpAddr::V4(_) => &self.blocks_v4,
            IpAddr::V6(_) => &self.blocks_v6,
        }
    }

    fn find_ranges(&self, values: &[Found<'_>], work: &mut Work, found: &mut Union<'_>) {
        if self.ranges.is_empty() {
            return;
        }
        if values.len() > FEW {
            self.ranges.all().for_each(|id| found.add_id(id));
            return;
        }
        for one in values {
            if let Value::Number(number) = &one.value {
                let steps = self.ranges.find(place(number), |id| found.add_id(id));
                work.spend(steps);
            }
        }
    }
}

/// Changes the count of keys of a key's kind, if they are counted.
fn count(
    key: &Key<'_>,
    kinds: &mut Kinds,
    rare: &mut Option<Box<Rare>>,
    change: impl Fn(&mut usize),
) {
    let (lengths, length) = match key {
        Key::Address(_) => return change(&mut kinds.addresses),
        Key::Folded(_) => return change(&mut kinds.folded),
        Key::Prefix(prefix) => (&mut kinds.prefixes, prefix.len()),
        Key::Suffix(suffix) => (&mut kinds.suffixes, suffix.len()),
        Key::FoldedPrefix(prefix) => (
            &mut rare.get_or_insert_default().folded_prefixes,
            prefix.len(),
        ),
        Key::FoldedSuffix(suffix) => (
            &mut rare.get_or_insert_default().folded_suffixes,
            suffix.len(),
        ),
        Key::Block(IpAddr::V4(_), host_bits) => {
            (&mut rare.get_or_insert_default().blocks_v4, *host_bits)
        }
        Key::Block(IpAddr::V6(_), host_bits) => {
            (&mut rare.get_or_insert_default().blocks_v6, *host_bits)
        }
        Key::Part(part) => (&mut rare.get_or_insert_default().parts, part.length()),
        Key::Text(_) | Key::Number(_) | Key::Digits(_) | Key::Word(_) | Key::Present => return,
    };
    let count = lengths.entry(length).or_default();
    change(count);
    if *count == 0 {
        lengths.remove(&length);
    }
}

/// The beginnings of a text that have one of these lengths.
fn starts<'t>(text: &'t str, lengths: &Lengths) -> impl Iterator<Item = &'t str> {
    lengths.keys().filter_map(|length| text.get(..*length))
}

fn ends<'t>(text: &'t str, lengths: &Lengths) -> impl Iterator<Item = &'t str> {
    let start = |length: &usize| text.len().checked_sub(*length);
    lengths
        .keys()
        .filter_map(move |length| text.get(start(length)?..))
}
