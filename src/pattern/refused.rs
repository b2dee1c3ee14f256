//! Why a policy is refused, in AWS's words.

use std::fmt;

use super::json::{JsonRefused, Position};

/// The attribute that the texts name.
pub(super) const ATTRIBUTE: &str = "FilterPolicy";

/// How much of the policy a text shows, in UTF-16 units. Recorded of EventBridge, which uses the same parser.
const MAX_SHOWN: usize = 500;

/// A policy is refused. Displays the text that AWS puts after `Invalid parameter: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct PolicyRefused(Box<Refusal>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Syntax(JsonRefused),
    #[error("{ATTRIBUTE}: {0}")]
    Whole(Reason),
    #[error("{ATTRIBUTE}: {0}\n at {1}")]
    Located(Reason, Location),
    /// The only text that does not name the attribute.
    #[error("Filter policy scope MessageAttributes does not support nested filter policy")]
    Nested,
}

impl PolicyRefused {
    pub(super) fn syntax(refused: JsonRefused) -> Self {
        Self(Box::new(Refusal::Syntax(refused)))
    }

    /// `source` is the text in which the fault's byte is a position.
    pub(super) fn semantic(fault: Fault, source: &str) -> Self {
        Self(Box::new(match fault.at {
            Some(at) => Refusal::Located(fault.reason, Location::of(source, at)),
            None => Refusal::Whole(fault.reason),
        }))
    }

    pub(super) fn nested() -> Self {
        Self(Box::new(Refusal::Nested))
    }
}

/// A reason, and the position of the parser if the text names it.
#[derive(Debug)]
pub(super) struct Fault {
    reason: Reason,
    at: Option<usize>,
}

impl Fault {
    pub(super) fn at(at: usize, reason: Reason) -> Self {
        Self {
            reason,
            at: Some(at),
        }
    }
}

/// For the policy as a whole, or an address block: these have no position.
impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { reason, at: None }
    }
}

/// A position in a policy, with the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Location {
    shown: String,
    cut: usize,
    position: Position,
}

impl Location {
    fn of(source: &str, at: usize) -> Self {
        let units: Vec<u16> = source.encode_utf16().collect();
        let shown = &units[..units.len().min(MAX_SHOWN)];
        Self {
            shown: String::from_utf16_lossy(shown),
            cut: units.len() - shown.len(),
            position: Position::of(source, at),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[Source: (String)\"{}\"", self.shown)?;
        if self.cut > 0 {
            write!(f, "[truncated {} chars]", self.cut)?;
        }
        write!(f, "; {}]", self.position)
    }
}

/// What is wrong with a policy that is JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Reason {
    #[error("Filter is not an object")]
    NotAnObject,
    #[error("Empty objects are not allowed")]
    EmptyObject,
    #[error("Empty arrays are not allowed")]
    EmptyArray,
    #[error("\"{0}\" must be an object or an array")]
    ObjectOrArray(Box<str>),
    #[error("Match value must be String, number, true, false, or null")]
    MatchValue,
    #[error("Unrecognized match type {0}")]
    MatchType(Box<str>),
    #[error("Match expression name not found")]
    NoMatchType,
    #[error("Only one key allowed in match expression")]
    OneKey,
    #[error("{0} match pattern must be a string")]
    MustBeString(&'static str),
    #[error("Unsupported {0} pattern: {1}")]
    UnsupportedPattern(&'static str, Box<str>),
    #[error("{0} expression name not found")]
    NoPattern(&'static str),
    #[error("Null prefix/suffix not allowed")]
    EmptyAffix,
    #[error("exists match pattern must be either true or false.")]
    Exists,
    #[error("Value of anything-but must be an array or single string/number value.")]
    AnythingBut,
    #[error(
        "Inside anything but list, either all values are number or string, mixed type is not supported"
    )]
    AnythingButMixed,
    #[error("Inside anything but list, start|null|boolean is not supported.")]
    AnythingButElement,
    #[error("Value of numeric must be an array.")]
    Numeric,
    #[error("Invalid member in numeric match: {0}")]
    NumericMember(Box<str>),
    #[error("Unrecognized numeric range operator: {0}")]
    NumericOperator(Box<str>),
    #[error("Value of {0} must be numeric")]
    NumericOperand(Box<str>),
    #[error("Too many elements in numeric expression")]
    NumericElements,
    #[error("Bad numeric range operator: {0}")]
    NumericSecondOperator(Box<str>),
    #[error("Bad value in numeric range: {0}")]
    NumericSecond(Box<str>),
    #[error("Bottom must be less than top")]
    NumericOrder,
    #[error("Too many terms in numeric range expression")]
    NumericTerms,
    /// The range is documented, the text is not recorded: these are the words of the reference matcher, whose own range is
    /// five times as large.
    #[error("Value must be between -1.0E9 and 1.0E9, inclusive")]
    NumberRange,
    #[error("Consecutive wildcard characters at pos {0}")]
    ConsecutiveStars(usize),
    #[error("Invalid escape character at pos {0}")]
    WildcardEscape(usize),
    #[error("Malformed CIDR, one '/' required")]
    CidrSlash,
    #[error("Malformed CIDR, mask bits must be an integer")]
    CidrMask,
    #[error("Malformed CIDR, mask bits must not be negative")]
    CidrMaskNegative,
    #[error("IPv4 mask bits must be < 32")]
    CidrMaskV4,
    #[error("IPv6 mask bits must be < 128")]
    CidrMaskV6,
    #[error("Invalid IP address: {0}")]
    InvalidAddress(Box<str>),
    #[error("Nonstandard IP address: {0}")]
    NonstandardAddress(Box<str>),
    #[error("Filter policy can not have more than {0} keys")]
    TooManyKeys(usize),
    #[error("Filter policy is too complex")]
    TooComplex,
    /// Not recorded; AWS's documentation has only the limit.
    #[error("Filter policy can not have more than {0} wildcard characters in one pattern")]
    TooManyStars(usize),
    /// Not recorded; AWS's documentation has only the limit.
    #[error("Filter policy is too large. Size can not exceed {0} bytes")]
    TooLarge(usize),
}
