//! One field: `*`, `5`, `MON`, `1-5`, `0/15`, `10-30/5`, `*/2`, and lists of these.

use crate::aws::calendar::digits;

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    first: i32,
    last: i32,
    /// Of the first value, and those after it.
    names: &'static [&'static str],
}

impl Field {
    /// A field of numbers, both ends inclusive.
    pub(super) const fn numbers(first: i32, last: i32) -> Self {
        Self {
            first,
            last,
            names: &[],
        }
    }

    /// A field whose values, from 1, also have names of three letters.
    pub(super) const fn names(names: &'static [&'static str]) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_possible_wrap,
            reason = "at most twelve"
        )]
        let last = names.len() as i32;
        Self {
            first: 1,
            last,
            names,
        }
    }

    pub(super) fn parse(self, text: &str) -> Option<Values> {
        let mut values = Values::none_of(self);
        for item in text.split(',') {
            self.add(item, &mut values)?;
        }
        Some(values)
    }

    /// Adds the values of one entry of a list. A range that ends before it begins is refused: no recording has one.
    pub(super) fn add(self, item: &str, values: &mut Values) -> Option<()> {
        let (span, step) = match item.split_once('/') {
            Some((span, step)) => (span, Some(digits::<i32>(step)?)),
            None => (item, None),
        };
        let (from, to) = match span.split_once('-') {
            _ if span == "*" => (self.first, self.last),
            Some((from, to)) => (self.value(from)?, self.value(to)?),
            None if step.is_some() => (self.value(span)?, self.last),
            None => (self.value(span)?, self.value(span)?),
        };
        let step = step.unwrap_or(1);
        if from > to || !(1..=self.last - self.first).contains(&step) {
            return None;
        }
        let mut value = from;
        while value <= to {
            values.insert(value);
            value += step;
        }
        Some(())
    }

    /// One value, a number or a name in any letter case.
    pub(super) fn value(self, text: &str) -> Option<i32> {
        let is_named = |name: &&str| name.eq_ignore_ascii_case(text);
        let named = self.names.iter().position(is_named);
        let value = match named {
            Some(at) => self.first + i32::try_from(at).ok()?,
            None => digits(text)?,
        };
        (self.first..=self.last).contains(&value).then_some(value)
    }
}

/// How many values a field has at most: the years from 1970 to 2199.
const SPAN: usize = 230;

/// The values of a field, a bit each from its first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Values {
    first: i32,
    bits: [u64; SPAN.div_ceil(64)],
}

impl Values {
    /// None yet, of those that a field may hold.
    pub(super) fn none_of(field: Field) -> Self {
        Self {
            first: field.first,
            bits: [0; SPAN.div_ceil(64)],
        }
    }

    pub(super) fn insert(&mut self, value: i32) {
        if let Some((word, bit)) = self.place(value) {
            self.bits[word] |= bit;
        }
    }

    pub(super) fn contains(&self, value: i32) -> bool {
        self.place(value)
            .is_some_and(|(word, bit)| self.bits[word] & bit != 0)
    }

    /// The values in order, beginning with the first that is at least `from`.
    pub(super) fn at_least(&self, from: i32) -> impl Iterator<Item = i32> {
        (from.max(self.first)..)
            .take_while(|&value| self.place(value).is_some())
            .filter(|&value| self.contains(value))
    }

    fn place(&self, value: i32) -> Option<(usize, u64)> {
        let offset = usize::try_from(value - self.first).ok()?;
        (offset < SPAN).then(|| (offset / 64, 1 << (offset % 64)))
    }
}
