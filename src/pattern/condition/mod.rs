//! What a policy may ask of one value.
//!
//! `decimal.rs` compares numbers, `wildcard.rs` texts with stars, `fold.rs` forgets case, `cidr.rs` is a block of
//! addresses, `listed.rs` are lists that are searched; `shown.rs` writes conditions as policies do. All of it has been checked when it exists.

mod cidr;
mod decimal;
mod fold;
mod listed;
mod shown;
mod wildcard;

use core::net::IpAddr;

pub(super) use cidr::{Cidr, first_of_block, parse_address};
pub(super) use decimal::Decimal;
pub(super) use fold::fold;
pub(super) use listed::{Affixes, Listed};
pub(super) use wildcard::{Wildcard, WildcardRefused};

use super::dialect::Dialect;
use super::event::Value;

/// One alternative of a leaf.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Text(Box<str>),
    /// A text that is an address also equals the other spellings of that address.
    Address(IpAddr),
    Number(Decimal),
    /// A number that is not compared by its value, as it is written.
    Digits(Box<str>),
    Word(Word),
    Prefix(Box<str>),
    Suffix(Box<str>),
    /// Of texts without case: see [`fold()`].
    FoldedPrefix(Box<str>),
    FoldedSuffix(Box<str>),
    FoldedText(Box<str>),
    Wildcard(Wildcard),
    AnythingBut(Exclusion),
    Range(Range),
    Cidr(Cidr),
    /// A value that is neither null nor an empty text.
    Filled,
    /// Any value.
    Present,
    /// No value at all. No value meets it: an evaluator asks [`Condition::accepts_absence`] if there is none.
    Absent,
}

/// The literals that are neither text nor number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Word {
    True,
    False,
    Null,
}

/// What `anything-but` does not want. Values of another type are never excluded.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Exclusion {
    Texts(Listed<Box<str>>),
    Numbers(Listed<Decimal>),
    Prefixes(Affixes),
    Suffixes(Affixes),
    FoldedTexts(Listed<Box<str>>),
    Wildcards(Box<[Wildcard]>),
}

/// Numbers between two ends, at least one of which is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Range {
    pub(super) bottom: Option<Bound>,
    pub(super) top: Option<Bound>,
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) value: Decimal,
    pub(super) is_inclusive: bool,
}

impl Condition {
    /// Whether a value meets it; `dialect` says which texts are addresses.
    pub(super) fn accepts(&self, value: &Value<'_>, dialect: Dialect) -> bool {
        match (self, value) {
            (Self::AnythingBut(exclusion), _) => !exclusion.names(value),
            (Self::Filled, Value::Text(text)) => !text.is_empty(),
            (Self::Filled, value) => *value != Value::Word(Word::Null),
            (Self::Present, _) => true,
            (_, Value::Text(text)) => self.accepts_text(text, dialect),
            (_, Value::Digits(digits)) => {
                matches!(self, Self::Digits(wanted) if **wanted == **digits)
            }
            (_, Value::Number(number)) => self.accepts_number(number),
            (_, Value::Word(word)) => *self == Self::Word(*word),
        }
    }

    /// What it costs to hold a value against it, compared with a single text.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::AnythingBut(exclusion) => exclusion.cost(),
            _ => 1,
        }
    }

    /// Whether it is met by there being no value.
    pub(super) fn accepts_absence(&self) -> bool {
        *self == Self::Absent
    }

    pub(super) fn accepts_text(&self, text: &str, dialect: Dialect) -> bool {
        match self {
            Self::Text(wanted) => **wanted == *text,
            Self::Address(wanted) => dialect.address(text) == Some(*wanted),
            Self::Prefix(prefix) => text.starts_with(&**prefix),
            Self::Suffix(suffix) => text.ends_with(&**suffix),
            Self::FoldedPrefix(prefix) => fold(text).starts_with(&**prefix),
            Self::FoldedSuffix(suffix) => fold(text).ends_with(&**suffix),
            Self::FoldedText(wanted) => *fold(text) == **wanted,
            Self::Wildcard(wildcard) => wildcard.matches(text),
            Self::Cidr(cidr) => {
                let address = dialect.address(text);
                address.is_some_and(|address| cidr.contains(address))
            }
            _ => false,
        }
    }

    fn accepts_number(&self, number: &Decimal) -> bool {
        match self {
            Self::Number(wanted) => wanted == number,
            Self::Range(range) => range.contains(number),
            _ => false,
        }
    }
}

impl Exclusion {
    /// What it costs to hold a value against it, compared with a single text.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Wildcards(wildcards) => wildcards.len(),
            _ => 1,
        }
    }

    fn names(&self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Numbers(numbers), Value::Number(number)) => numbers.contains(number),
            (Self::Numbers(_), _) | (_, Value::Number(_) | Value::Digits(_) | Value::Word(_)) => {
                false
            }
            (_, Value::Text(text)) => self.names_text(text),
        }
    }

    pub(super) fn names_text(&self, text: &str) -> bool {
        match self {
            Self::Texts(texts) => texts.contains(text),
            Self::Prefixes(prefixes) => prefixes.begin(text),
            Self::Suffixes(suffixes) => suffixes.end(text),
            Self::FoldedTexts(texts) => texts.contains(&*fold(text)),
            Self::Wildcards(wildcards) => wildcards.iter().any(|wildcard| wildcard.matches(text)),
            Self::Numbers(_) => false,
        }
    }
}

impl Range {
    fn contains(&self, number: &Decimal) -> bool {
        !self.is_below(number) && !self.is_above(number)
    }

    /// Whether a number is below the range.
    pub(super) fn is_below(&self, number: &Decimal) -> bool {
        self.bottom.as_ref().is_some_and(|bottom| {
            *number < bottom.value || (!bottom.is_inclusive && *number == bottom.value)
        })
    }

    /// Whether a number is above the range.
    pub(super) fn is_above(&self, number: &Decimal) -> bool {
        self.top
            .as_ref()
            .is_some_and(|top| *number > top.value || (!top.is_inclusive && *number == top.value))
    }
}
