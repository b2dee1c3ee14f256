//! The languages that this engine reads. They share grammar, operators and matching; the differences are here.

/// A language of patterns.
///
/// EventBridge's event patterns will be the second; what is known to differ there, beyond the answers below: the text of a
/// refusal names no attribute, shows the source as it was sent and also for syntax errors (and counts one column more for
/// a wrong character), errors in lists of `anything-but` name their position twice, `$or` must be well-formed, null counts as
/// existing, numbers beyond a double's precision compare by their digits, and wildcards have another measure of
/// complexity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The filter policies of SNS subscriptions.
    FilterPolicy,
}

impl Dialect {
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
