//! By what an alternative can be looked up: properties that a value has if it meets a condition.

use std::borrow::Cow;

use core::net::IpAddr;

use crate::pattern::condition::{Bound, Condition, Decimal, Exclusion, Range, Wildcard, Word};
use crate::pattern::grammar::Leaf;

/// How many of the values that an `anything-but` names it can be ruled out by; of more, it is evaluated.
const MOST_EXCLUDED: usize = 64;

/// A property that a value has if it meets a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'k> {
    Text(Cow<'k, str>),
    Address(IpAddr),
    /// The first address of a block, and how many bits follow its mask.
    Block(IpAddr, usize),
    Number(Cow<'k, Decimal>),
    Digits(Cow<'k, str>),
    Word(Word),
    Prefix(Cow<'k, str>),
    Suffix(Cow<'k, str>),
    Folded(Cow<'k, str>),
    FoldedPrefix(Cow<'k, str>),
    FoldedSuffix(Cow<'k, str>),
    /// Somewhere in the value stand these bytes.
    Part(Part),
    /// The value is present.
    Present,
}

/// A few bytes in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Part {
    length: u8,
    bytes: [u8; 8],
}

impl Part {
    /// The lengths that parts have: of a text between stars, the greatest that fits is used.
    pub(super) const LENGTHS: [usize; 4] = [1, 2, 4, 8];

    /// The parts of one of these lengths.
    pub(super) fn all(text: &str, length: usize) -> impl Iterator<Item = Self> {
        text.as_bytes().windows(length).map(move |window| {
            let mut bytes = [0; 8];
            bytes[..length].copy_from_slice(window);
            Self {
                length: u8::try_from(length).unwrap_or(u8::MAX),
                bytes,
            }
        })
    }

    pub(super) fn length(self) -> usize {
        self.length.into()
    }
}

/// How an alternative is filed by one condition of a leaf.
#[derive(Debug)]
pub(super) enum Way<'c> {
    Key(Key<'c>),
    /// Under any one of these.
    OneOf(Vec<Key<'c>>),
    /// Under the numbers from one to another, as [`place`] puts them in order.
    Between(u64, u64),
}

/// The ways of which a value has at least one if it meets a leaf; none if the leaf can be met without a value.
pub(super) fn ways(leaf: &Leaf) -> Option<Vec<Way<'_>>> {
    if leaf.conditions.iter().any(Condition::accepts_absence) {
        return None;
    }
    let ways: Vec<_> = leaf.conditions.iter().map(way).collect();
    Some(if ways.iter().any(Way::is_vague) {
        vec![Way::Key(Key::Present)]
    } else {
        ways
    })
}

impl Way<'_> {
    /// That a field is present narrows down least.
    pub(super) fn is_vague(&self) -> bool {
        matches!(self, Way::Key(Key::Present))
    }

    pub(super) fn is_range(&self) -> bool {
        matches!(self, Way::Between(..))
    }
}

fn way(condition: &Condition) -> Way<'_> {
    Way::Key(match condition {
        Condition::Text(text) => Key::Text(Cow::Borrowed(text)),
        Condition::Address(address) => Key::Address(*address),
        Condition::Cidr(cidr) => {
            let (first, host_bits) = cidr.block();
            Key::Block(first, host_bits)
        }
        Condition::Number(number) => Key::Number(Cow::Borrowed(number)),
        Condition::Digits(digits) => Key::Digits(Cow::Borrowed(digits)),
        Condition::Word(word) => Key::Word(*word),
        Condition::Prefix(prefix) => Key::Prefix(Cow::Borrowed(prefix)),
        Condition::Suffix(suffix) => Key::Suffix(Cow::Borrowed(suffix)),
        Condition::FoldedText(text) => Key::Folded(Cow::Borrowed(text)),
        Condition::FoldedPrefix(prefix) => Key::FoldedPrefix(Cow::Borrowed(prefix)),
        Condition::FoldedSuffix(suffix) => Key::FoldedSuffix(Cow::Borrowed(suffix)),
        Condition::Wildcard(wildcard) => return wildcard_way(wildcard),
        Condition::Range(range) => return range_way(range),
        Condition::AnythingBut(_) | Condition::Filled | Condition::Present | Condition::Absent => {
            Key::Present
        }
    })
}

/// A text with stars is looked up by what it begins or ends with, or by a part of what stands between.
fn wildcard_way(wildcard: &Wildcard) -> Way<'_> {
    if let Some(exact) = exact_key(wildcard) {
        return Way::Key(exact);
    }
    let parts = wildcard.parts();
    let mut keys = Vec::new();
    if let [first, .., last] = parts {
        if !first.is_empty() {
            keys.push(Key::Prefix(Cow::Borrowed(first)));
        }
        if !last.is_empty() {
            keys.push(Key::Suffix(Cow::Borrowed(last)));
        }
    }
    for part in parts {
        let lengths = Part::LENGTHS.iter().rev();
        if let Some(&length) = lengths.into_iter().find(|length| **length <= part.len()) {
            keys.extend(Part::all(part, length).map(Key::Part));
        }
    }
    match keys.len() {
        0 => Way::Key(Key::Present),
        _ => Way::OneOf(keys),
    }
}

/// The key that exactly those texts have that match; none if there is no such key.
fn exact_key(wildcard: &Wildcard) -> Option<Key<'_>> {
    match wildcard.parts() {
        [text] => Some(Key::Text(Cow::Borrowed(text))),
        [start, end] if end.is_empty() && !start.is_empty() => {
            Some(Key::Prefix(Cow::Borrowed(start)))
        }
        [start, end] if start.is_empty() && !end.is_empty() => {
            Some(Key::Suffix(Cow::Borrowed(end)))
        }
        _ => None,
    }
}

fn range_way(range: &Range) -> Way<'_> {
    let end = |bound: Option<&Bound>, or| bound.map_or(or, |bound| place(&bound.value));
    let (bottom, top) = (
        end(range.bottom.as_ref(), 0),
        end(range.top.as_ref(), u64::MAX),
    );
    if bottom > top {
        // No number is in it.
        return Way::OneOf(Vec::new());
    }
    Way::Between(bottom, top)
}

/// A number's place among all: that of a greater number is no smaller.
pub(super) fn place(number: &Decimal) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = number.nearest_double().to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// Keys of values that do not meet a leaf, where there are such.
pub(super) fn excluded(leaf: &Leaf) -> Vec<Key<'_>> {
    fn texts<'k>(
        items: &'k [Box<str>],
        key: fn(Cow<'k, str>) -> Key<'k>,
    ) -> impl Iterator<Item = Key<'k>> {
        let items = items.iter().take(MOST_EXCLUDED);
        items.map(move |item| key(Cow::Borrowed(&**item)))
    }
    let [Condition::AnythingBut(exclusion)] = &*leaf.conditions else {
        return Vec::new();
    };
    match exclusion {
        Exclusion::Texts(list) => texts(list.items(), Key::Text).collect(),
        Exclusion::FoldedTexts(list) => texts(list.items(), Key::Folded).collect(),
        Exclusion::Prefixes(list) => texts(list.items(), Key::Prefix).collect(),
        Exclusion::Suffixes(list) => texts(list.items(), Key::Suffix).collect(),
        Exclusion::Numbers(list) => {
            let items = list.items().iter().take(MOST_EXCLUDED);
            items.map(|item| Key::Number(Cow::Borrowed(item))).collect()
        }
        Exclusion::Wildcards(list) => {
            let items = list.iter().take(MOST_EXCLUDED);
            items.filter_map(exact_key).collect()
        }
    }
}

impl Key<'_> {
    pub(super) fn into_owned(self) -> Key<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Text(text) => Key::Text(owned(text)),
            Self::Address(address) => Key::Address(address),
            Self::Block(first, host_bits) => Key::Block(first, host_bits),
            Self::Number(number) => Key::Number(Cow::Owned(number.into_owned())),
            Self::Digits(digits) => Key::Digits(owned(digits)),
            Self::Word(word) => Key::Word(word),
            Self::Prefix(prefix) => Key::Prefix(owned(prefix)),
            Self::Suffix(suffix) => Key::Suffix(owned(suffix)),
            Self::Folded(text) => Key::Folded(owned(text)),
            Self::FoldedPrefix(prefix) => Key::FoldedPrefix(owned(prefix)),
            Self::FoldedSuffix(suffix) => Key::FoldedSuffix(owned(suffix)),
            Self::Part(part) => Key::Part(part),
            Self::Present => Key::Present,
        }
    }
}
