//! The languages that this engine reads. They share grammar, operators and matching; the differences are here.

use super::condition::Decimal;
use super::limits;

/// A language of patterns.
///
/// EventBridge's event patterns will be the second; what is known to differ there, beyond the answers below: the text of a
/// refusal names no attribute, shows the source as it was sent and also for syntax errors (and counts one column more for
/// a wrong character), errors in lists of `anything-but` name their position twice, `$or` must be well-formed, null counts as
/// existing, and wildcards have another measure of complexity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The filter policies of SNS subscriptions.
    FilterPolicy,
}

impl Dialect {
    /// A number as it is compared.
    pub(super) fn number(self, text: &str) -> Option<Decimal> {
        match self {
            // EventBridge compares every digit.
            Self::FilterPolicy => Decimal::parse(text).map(Decimal::at_filter_precision),
        }
    }

    /// Whether a policy may name a number.
    pub(super) fn allows(self, number: &Decimal) -> bool {
        match self {
            Self::FilterPolicy => number.is_within(limits::NUMBER),
        }
    }

    /// The operator that the refusal names when the operand of `anything-but`'s prefix or suffix is not a text.
    pub(super) fn excluded_affix(self, operator: &'static str) -> &'static str {
        match self {
            // EventBridge says `prefix/suffix` for both.
            Self::FilterPolicy => operator,
        }
    }

    /// The number of a wildcard's first character in the texts of refusals.
    pub(super) fn wildcard_start(self) -> usize {
        match self {
            // Not recorded of SNS. EventBridge counts the opening quote as 0, and this one as 1.
            Self::FilterPolicy => 0,
        }
    }
}
