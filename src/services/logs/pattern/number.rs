//! Numbers of patterns and of events.

use std::cmp::Ordering;

/// A number: a whole one is compared exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(i128),
    Decimal(f64),
}

impl Number {
    /// The number that a text is: digits, with a sign, a decimal point and an exponent or without.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
        let has_digits = text.contains(|c: char| c.is_ascii_digit());
        if !has_digits || !text.chars().all(is_number) {
            return None;
        }
        let whole = text.parse().ok().map(Self::Whole);
        whole.or_else(|| text.parse().ok().map(Self::Decimal))
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => Some(one.cmp(&other)),
            (one, other) => one.as_decimal().partial_cmp(&other.as_decimal()),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "only whole numbers are compared exactly"
    )]
    const fn as_decimal(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Decimal(decimal) => decimal,
        }
    }
}
