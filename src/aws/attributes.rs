//! Attributes of resources, all of them text on the wire: the kinds of values, and how the simple ones are read.
//!
//! A service has a table for each kind of resource, from which its Create, Set and Get operations and their errors are
//! derived. Here is the part of a table that others see.

use std::ops::RangeInclusive;

/// One attribute that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settable {
    /// AWS's name for it.
    pub name: &'static str,
    /// The kind of its value.
    pub values: Values,
    /// Whether only FIFO queues or topics have it.
    pub is_fifo_only: bool,
}

/// The kind of an attribute's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A whole number of this range.
    Numbers(RangeInclusive<u32>),
    /// `true` or `false`.
    Booleans,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Any text.
    Text,
    /// A JSON document.
    Document,
}

/// The number in a text: plain decimal digits, without a sign, a space or a point.
pub fn number(text: &str) -> Option<u32> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// The number in a text, if it lies in `range`.
pub fn number_in(range: &RangeInclusive<u32>, text: &str) -> Option<u32> {
    number(text).filter(|number| range.contains(number))
}

/// `true` or `false` in any letter case.
pub fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_digits() {
        assert_eq!(number("0900"), Some(900));
        assert_eq!(number_in(&(0..=900), "900"), Some(900));
        assert_eq!(number_in(&(0..=900), "901"), None);
        for wrong in ["", "-1", "+1", " 1", "1.0", "1e3", "abc", "99999999999"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn booleans_have_any_letter_case() {
        assert_eq!(boolean("TRUE"), Some(true));
        assert_eq!(boolean("False"), Some(false));
        for wrong in ["", "yes", "1", " true"] {
            assert_eq!(boolean(wrong), None, "{wrong}");
        }
    }
}
