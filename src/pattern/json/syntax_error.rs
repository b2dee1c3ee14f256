//! Syntax errors of JSON, in the words of the parser behind AWS's answers.

use std::fmt;

/// An attribute's value is not JSON. Displays AWS's text after the API's own prefix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{attribute}: failed to parse JSON. {reason}\n at {location}")]
pub struct JsonRefused {
    attribute: &'static str,
    reason: String,
    location: Redacted,
}

impl JsonRefused {
    pub(in crate::pattern) fn new(
        attribute: &'static str,
        text: &str,
        error: &SyntaxError,
    ) -> Self {
        let location = |at| Redacted(Position::of(text, at));
        Self {
            attribute,
            reason: error.reason(&|at| location(at).to_string()),
            location: location(error.at),
        }
    }
}

/// A location as the parser writes it when it is configured not to show its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Redacted(Position);

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let option = "`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled";
        write!(f, "[Source: REDACTED ({option}); {}]", self.0)
    }
}

/// A position in a text: both count from 1, columns in UTF-16 units, as Java's strings do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pattern) struct Position {
    line: usize,
    column: usize,
}

impl Position {
    /// The position of the character at a byte.
    pub(in crate::pattern) fn of(text: &str, at: usize) -> Self {
        let before = &text[..at];
        let is_return = |&(at, _): &(usize, &str)| !before[at + 1..].starts_with('\n');
        let returns = before.match_indices('\r').filter(is_return).count();
        let start = before.rfind(['\n', '\r']).map_or(0, |last| last + 1);
        Self {
            line: 1 + before.matches('\n').count() + returns,
            column: 1 + before[start..].encode_utf16().count(),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line: {}, column: {}", self.line, self.column)
    }
}

/// An error, and the position of the parser.
#[derive(Debug, PartialEq)]
pub(in crate::pattern) struct SyntaxError {
    mistake: Mistake,
    /// The character that is wrong, if it is one.
    character: Option<char>,
    /// The byte of the wrong character, otherwise the one after everything that was read.
    at: usize,
}

impl SyntaxError {
    pub(super) fn new(mistake: Mistake, at: usize) -> Self {
        Self {
            mistake,
            character: None,
            at,
        }
    }

    pub(super) fn at_character(mistake: Mistake, text: &str, at: usize) -> Self {
        Self {
            mistake,
            character: text[at..].chars().next(),
            at,
        }
    }

    /// Whether the text has no value at all.
    pub(in crate::pattern) fn is_empty_text(&self) -> bool {
        self.mistake == Mistake::NoContent
    }

    pub(in crate::pattern) fn at(&self) -> usize {
        self.at
    }

    /// The position that EventBridge's older parser names, which is after the wrong character.
    pub(in crate::pattern) fn position_behind(&self, text: &str) -> Position {
        let mut position = Position::of(text, self.at);
        position.column += usize::from(self.character.is_some());
        position
    }

    /// The sentence; `location` writes the place of an opening bracket.
    pub(in crate::pattern) fn reason(&self, location: &dyn Fn(usize) -> String) -> String {
        let Some(character) = self.character else {
            return self.mistake.words(location);
        };
        let character = described(character);
        let words = self.mistake.words(location);
        match self.mistake {
            Mistake::Control => format!("Illegal unquoted character ({character}): {words}"),
            Mistake::Escape => format!("Unrecognized character escape {character}"),
            Mistake::CloseMarker(..) => words,
            Mistake::NoDigitAfterMinus
            | Mistake::NoDigitAfterPoint
            | Mistake::NoDigitInExponent => {
                format!("Unexpected character ({character}) in numeric value: {words}")
            }
            _ => format!("Unexpected character ({character}): {words}"),
        }
    }
}

/// `'i' (code 105)`; Java sees the first UTF-16 unit of a character.
fn described(character: char) -> String {
    let code = u32::from(character.encode_utf16(&mut [0; 2])[0]);
    match code {
        0..0x20 => format!("(CTRL-CHAR, code {code})"),
        0x100.. => format!("'{character}' (code {code} / 0x{code:x})"),
        _ => format!("'{character}' (code {code})"),
    }
}

/// The containers that brackets enclose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Container {
    Object,
    Array,
}

impl Container {
    pub(super) fn close_marker(self) -> u8 {
        match self {
            Self::Object => b'}',
            Self::Array => b']',
        }
    }
}

/// The errors of a text.
#[derive(Debug, PartialEq)]
pub(super) enum Mistake {
    NoContent,
    TrailingText,
    NoValue,
    NoName,
    NoColon,
    NoComma(Container),
    /// The wrong closing bracket for the container that begins at this byte.
    CloseMarker(Container, usize),
    Comment,
    Word(Box<str>),
    LeadingZeroes,
    NoDigitAfterMinus,
    NoDigitAfterPoint,
    NoDigitInExponent,
    Control,
    Escape,
    HexDigit,
    TooDeep(usize),
    EndInside(Container, usize),
    EndBetween(Container),
    EndInName,
    EndInString,
    EndInEscape,
    EndInNumber,
}

impl Mistake {
    fn words(&self, location: &dyn Fn(usize) -> String) -> String {
        let words = match self {
            Self::NoContent => "No content to map due to end-of-input",
            // Not recorded: the parser can also be configured to ignore the rest.
            Self::TrailingText => "Expected space separating root-level values",
            Self::NoValue => {
                "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
            }
            Self::NoName => "was expecting double-quote to start field name",
            Self::NoColon => "was expecting a colon to separate field name and value",
            Self::NoComma(container) => {
                return format!("was expecting comma to separate {container:?} entries");
            }
            Self::CloseMarker(container, start) => {
                let right = char::from(container.close_marker());
                let wrong = if right == '}' { ']' } else { '}' };
                let start = location(*start);
                return format!(
                    "Unexpected close marker '{wrong}': expected '{right}' (for {container:?} starting at {start})"
                );
            }
            Self::Comment => {
                "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
            }
            Self::Word(word) => {
                return format!(
                    "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
                );
            }
            Self::LeadingZeroes => "Invalid numeric value: Leading zeroes not allowed",
            Self::NoDigitAfterMinus => {
                "expected digit (0-9) to follow minus sign, for valid numeric value"
            }
            Self::NoDigitAfterPoint => "Decimal point not followed by a digit",
            Self::NoDigitInExponent => "Exponent indicator not followed by a digit",
            Self::Control => "has to be escaped using backslash to be included in string value",
            Self::Escape => "",
            Self::HexDigit => "expected a hex-digit for character escape sequence",
            Self::TooDeep(limit) => {
                let depth = limit + 1;
                return format!(
                    "Document nesting depth ({depth}) exceeds the maximum allowed ({limit}, from `StreamReadConstraints.getMaxNestingDepth()`)"
                );
            }
            Self::EndInside(container, start) => {
                let start = location(*start);
                return format!(
                    "Unexpected end-of-input: expected close marker for {container:?} (start marker at {start})"
                );
            }
            Self::EndBetween(container) => {
                return format!("Unexpected end-of-input within/between {container:?} entries");
            }
            Self::EndInName => "Unexpected end-of-input in field name",
            Self::EndInString => {
                "Unexpected end-of-input: was expecting closing quote for a string value"
            }
            Self::EndInEscape => "Unexpected end-of-input in character escape sequence",
            Self::EndInNumber => "Unexpected end-of-input in a Number value",
        };
        words.to_owned()
    }
}
