//! The languages that this engine reads. They share grammar, operators and matching; the differences are here, in
//! `refused.rs` (the texts), and in the two ways to read a [`Policy`](super::Policy): one rewrites a text and then reads it,
//! the other reads it as it is sent, up to the first mistake of either kind.

use core::net::IpAddr;

use super::condition::{Condition, Decimal, parse_address};
use super::limits;
use super::refused::Reason;

/// A language of patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The filter policies of SNS subscriptions.
    FilterPolicy,
    /// The event patterns of EventBridge.
    EventPattern,
}

impl Dialect {
    /// A number as it is compared.
    pub(super) fn number(self, text: &str) -> Option<Decimal> {
        let number = Decimal::parse(text);
        match self {
            Self::FilterPolicy => number.map(Decimal::at_filter_precision),
            Self::EventPattern => number,
        }
    }

    /// Whether a policy may name a number.
    pub(super) fn allows(self, number: &Decimal) -> bool {
        match self {
            Self::FilterPolicy => number.is_within(limits::NUMBER),
            Self::EventPattern => true,
        }
    }

    /// Whether a number is compared by its value. EventBridge compares doubles: a number that none of them holds only
    /// equals its own spelling, and has no place in any order.
    pub(super) fn compares(self, number: &Decimal) -> bool {
        match self {
            Self::FilterPolicy => true,
            Self::EventPattern => number.is_double(),
        }
    }

    /// The address that a text is. EventBridge's are those of its own parser: see [`parse_address`].
    pub(super) fn address(self, text: &str) -> Option<IpAddr> {
        match self {
            Self::FilterPolicy => text.parse().ok(),
            Self::EventPattern => parse_address(text),
        }
    }

    /// What `exists: true` asks for.
    pub(super) fn presence(self) -> Condition {
        match self {
            Self::FilterPolicy => Condition::Filled,
            Self::EventPattern => Condition::Present,
        }
    }

    /// The operator that the refusal names when the operand of `anything-but`'s prefix or suffix is not a text.
    pub(super) fn excluded_affix(self, operator: &'static str) -> &'static str {
        match self {
            Self::FilterPolicy => operator,
            Self::EventPattern => "prefix/suffix",
        }
    }

    /// The refusal of an operand of `anything-but`'s `equals-ignore-case` that is not a text.
    pub(super) fn excluded_folded(self) -> Reason {
        match self {
            Self::FilterPolicy => Reason::MustBeString("equals-ignore-case"),
            Self::EventPattern => Reason::AnythingButFolded,
        }
    }

    /// The number of a wildcard's first character in the texts of refusals.
    pub(super) fn wildcard_start(self) -> usize {
        match self {
            // Not recorded of SNS.
            Self::FilterPolicy => 0,
            // The opening quote is 0.
            Self::EventPattern => 1,
        }
    }

    /// Why a policy is refused that nests too deep.
    pub(super) fn too_complex(self) -> Reason {
        match self {
            Self::FilterPolicy => Reason::TooComplex,
            Self::EventPattern => Reason::TooManyAlternatives,
        }
    }
}
