//! Why a policy is refused, in AWS's words.

use std::fmt;

use super::json::{CUT, JsonRefused, Position, SyntaxError, mistake};

/// The attribute that the texts name.
pub(super) const ATTRIBUTE: &str = "FilterPolicy";

/// How much of the policy a text shows, in UTF-16 units. Recorded of EventBridge, which uses the same parser.
const MAX_SHOWN: usize = 500;

/// A policy is refused. Displays the text that AWS puts after `Invalid parameter: ` (SNS), or after `Event pattern is not
/// valid. Reason: ` (EventBridge).
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
    /// An event pattern.
    #[error(transparent)]
    Pattern(PatternRefusal),
}

/// EventBridge's text names no attribute, and shows the source for syntax errors too.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
struct PatternRefusal {
    reason: Box<str>,
    location: Option<Location>,
    is_twice: bool,
}

impl fmt::Display for PatternRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        for location in self
            .location
            .iter()
            .cycle()
            .take(1 + usize::from(self.is_twice))
        {
            write!(f, "\n at {location}")?;
        }
        Ok(())
    }
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

    /// An event pattern's fault; `source` is the pattern as it was sent.
    pub(super) fn pattern(fault: &Fault, source: &str) -> Self {
        Self(Box::new(Refusal::Pattern(PatternRefusal {
            reason: fault.reason.to_string().into(),
            location: fault.at.map(|at| Location::of(source, at)),
            is_twice: fault.is_twice,
        })))
    }

    /// An event pattern's syntax error; twice in a list of `anything-but`, like other faults there.
    pub(super) fn pattern_syntax(error: &SyntaxError, is_twice: bool, source: &str) -> Self {
        let start = |at| Location::of(source, at).to_string();
        Self(Box::new(Refusal::Pattern(PatternRefusal {
            reason: error.reason(&start).into(),
            location: Some(Location::at(source, error.position_behind(source))),
            is_twice,
        })))
    }
}

/// A reason, and the position of the parser if the text names it.
#[derive(Debug)]
pub(super) struct Fault {
    reason: Reason,
    at: Option<usize>,
    /// Whether EventBridge's text names the position twice.
    is_twice: bool,
}

impl Fault {
    pub(super) fn at(at: usize, reason: Reason) -> Self {
        Self {
            reason,
            at: Some(at),
            is_twice: false,
        }
    }

    /// The fault of an element of a list of `anything-but`: one with a position is reported where it is found, and once more
    /// by the reader of the list.
    pub(super) fn in_excluded_list(mut self) -> Self {
        self.is_twice = self.at.is_some();
        self
    }

    pub(super) fn is_twice(&self) -> bool {
        self.is_twice
    }

    pub(super) fn reason(&self) -> &Reason {
        &self.reason
    }

    pub(super) fn into_reason(self) -> Reason {
        self.reason
    }

    /// Whether it only seems to be one because the text has a mistake in its syntax there.
    pub(super) fn is_cut(&self) -> bool {
        self.at == Some(CUT)
    }
}

/// For the policy as a whole, or an address block: these have no position.
impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            at: None,
            is_twice: false,
        }
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
        Self::at(source, Position::of(source, at))
    }

    fn at(source: &str, position: Position) -> Self {
        let units: Vec<u16> = source.encode_utf16().collect();
        let shown = &units[..units.len().min(MAX_SHOWN)];
        Self {
            shown: String::from_utf16_lossy(shown),
            cut: units.len() - shown.len(),
            position,
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

/// Where a text ceases to be JSON, as EventBridge writes it: `[Source: (String)"{bad"; line: 1, column: 3]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonMistake(Location);

impl JsonMistake {
    /// The first mistake of `text`, if it is not JSON. `shown` is what the user wrote, with the same positions.
    pub fn in_text(text: &str, shown: &str) -> Option<Self> {
        let position = mistake(text)?.position_behind(text);
        Some(Self(Location::at(shown, position)))
    }
}

impl fmt::Display for JsonMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
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
    #[error(
        "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
    )]
    AnythingButFolded,
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
    #[error("Cannot compare number : {0}")]
    NotComparable(Box<str>),
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
    #[error("It must be an Array followed with $or.")]
    OrArray,
    #[error("Only JSON object is allowed in array of $or relationship.")]
    OrBranch,
    #[error("There must have at least 2 Objects in $or relationship.")]
    OrBranches,
    #[error("{0} is Ruler reserved fieldName which cannot be used inside $or.")]
    Reserved(Box<str>),
    #[error(
        "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character"
    )]
    WildcardsTooComplex,
    /// Not recorded; AWS's documentation has only the limit.
    #[error("Rule is too complex - try using fewer $or relationships")]
    TooManyAlternatives,
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
