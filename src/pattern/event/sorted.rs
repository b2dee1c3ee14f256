//! The values of one field in order: a policy that asks for a few of very many does not look at each.

use core::cmp::Ordering;
use core::ops::Range;

use super::{Found, PlaceId, Value};
use crate::pattern::condition::{Condition, Word};

/// Fields with at most so many values are looked at value by value.
pub(super) const FEW: usize = 16;

/// Texts, then numbers, then words, then numbers that have no order but their spelling, each ascending; equal values are
/// one.
#[derive(Debug)]
pub(in crate::pattern) struct Sorted {
    /// The values of the field, by their position there. Of equal ones, that of the outermost place is first.
    order: Box<[u32]>,
    /// Where each distinct value begins in `order`.
    starts: Box<[u32]>,
    /// How many distinct values are texts.
    texts: usize,
    /// How many are texts or numbers.
    texts_and_numbers: usize,
}

impl Sorted {
    pub(super) fn of(values: &[Found<'_>]) -> Self {
        let at = |position: u32| &values[position as usize];
        let count = u32::try_from(values.len()).expect("a message is small");
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by(|&one, &other| {
            let by_value = compare(&at(one).value, &at(other).value);
            by_value.then_with(|| at(one).place.cmp(&at(other).place))
        });
        order.dedup_by(|one, other| {
            let (one, other) = (at(*one), at(*other));
            one.place == other.place && one.value == other.value
        });
        let mut starts: Vec<u32> = (0..).take(order.len()).collect();
        starts.retain(|&start| {
            start == 0 || {
                let start = start as usize;
                at(order[start]).value != at(order[start - 1]).value
            }
        });
        let kind = |start: &u32| kind(&at(order[*start as usize]).value);
        let texts = starts.partition_point(|start| kind(start) < 1);
        let texts_and_numbers = starts.partition_point(|start| kind(start) < 2);
        Self {
            order: order.into(),
            starts: starts.into(),
            texts,
            texts_and_numbers,
        }
    }

    /// How many distinct values there are.
    pub(in crate::pattern) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(in crate::pattern) fn value<'f, 'e>(
        &self,
        values: &'f [Found<'e>],
        distinct: usize,
    ) -> &'f Value<'e> {
        let start = self.starts[distinct] as usize;
        &values[self.order[start] as usize].value
    }

    /// Where a distinct value was found, the outermost place first.
    pub(in crate::pattern) fn places(
        &self,
        values: &[Found<'_>],
        distinct: usize,
    ) -> impl Iterator<Item = PlaceId> {
        let start = self.starts[distinct] as usize;
        let end = self.starts.get(distinct + 1);
        let end = end.map_or(self.order.len(), |&end| end as usize);
        let positions = self.order[start..end].iter();
        positions.map(|&position| values[position as usize].place)
    }

    /// The distinct values that can meet a condition: no others do. Costs the logarithm of their number.
    pub(in crate::pattern) fn candidates(
        &self,
        values: &[Found<'_>],
        condition: &Condition,
    ) -> Range<usize> {
        let text = |distinct| match self.value(values, distinct) {
            Value::Text(text) => &**text,
            Value::Number(_) | Value::Digits(_) | Value::Word(_) => "",
        };
        let texts = |is_before: &dyn Fn(&str) -> bool, is_within: &dyn Fn(&str) -> bool| {
            let start = partition_point(0..self.texts, |one| is_before(text(one)));
            start..partition_point(start..self.texts, |one| is_within(text(one)))
        };
        let starting =
            |prefix: &str| texts(&|text| text < prefix, &|text| text.starts_with(prefix));
        let number = |distinct, is_so: &dyn Fn(&_) -> bool| matches!(self.value(values, distinct), Value::Number(number) if is_so(number));
        let numbers = self.texts..self.texts_and_numbers;
        match condition {
            Condition::Text(wanted) => texts(&|text| text < &**wanted, &|text| text == &**wanted),
            Condition::Prefix(prefix) => starting(prefix),
            Condition::Wildcard(wildcard) => starting(wildcard.start()),
            Condition::Number(wanted) => {
                let start = partition_point(numbers.clone(), |one| {
                    number(one, &|number| number < wanted)
                });
                start..partition_point(start..numbers.end, |one| {
                    number(one, &|number| number == wanted)
                })
            }
            Condition::Range(range) => {
                let start = partition_point(numbers.clone(), |one| {
                    number(one, &|number| range.is_below(number))
                });
                start..partition_point(start..numbers.end, |one| {
                    number(one, &|number| !range.is_above(number))
                })
            }
            Condition::Word(_) | Condition::Digits(_) => self.texts_and_numbers..self.len(),
            Condition::Address(_)
            | Condition::Suffix(_)
            | Condition::FoldedPrefix(_)
            | Condition::FoldedSuffix(_)
            | Condition::FoldedText(_)
            | Condition::Cidr(_) => 0..self.texts,
            Condition::AnythingBut(_) | Condition::Filled | Condition::Present => 0..self.len(),
            Condition::Absent => 0..0,
        }
    }
}

fn kind(value: &Value<'_>) -> u8 {
    match value {
        Value::Text(_) => 0,
        Value::Number(_) => 1,
        Value::Word(_) => 2,
        Value::Digits(_) => 3,
    }
}

fn compare(one: &Value<'_>, other: &Value<'_>) -> Ordering {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Number(one), Value::Number(other)) => one.cmp(other),
        (Value::Word(one), Value::Word(other)) => rank(*one).cmp(&rank(*other)),
        (Value::Digits(one), Value::Digits(other)) => one.cmp(other),
        _ => kind(one).cmp(&kind(other)),
    }
}

fn rank(word: Word) -> u8 {
    match word {
        Word::False => 0,
        Word::Null => 1,
        Word::True => 2,
    }
}

/// The first in a range that is not so, where all that are so come first.
fn partition_point(range: Range<usize>, is_so: impl Fn(usize) -> bool) -> usize {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start + (end - start) / 2;
        if is_so(middle) {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    start
}
