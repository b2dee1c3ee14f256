//! Regular expressions between percent signs.
//!
//! What may stand in one is in the user guide (Supported regular expressions): letters and digits of ASCII, some signs and
//! operators, and no parentheses. It is matched in a time that grows with the text's length alone.

use regex_lite::{Regex, RegexBuilder};

use super::Refused;

/// The signs that stand for themselves, and the operators.
const SIGNS: &str = r":_#=@/;,-^$?[]{}|\*+.";

/// The letters that may stand behind a backslash. (`x` begins two hexadecimal digits.)
const CLASSES: &str = "dDwWsSx";

/// Bytes of a compiled expression: a repetition of many characters is refused, as it would take long to match.
const SIZE: usize = 32 * 1024;

/// An expression that is looked for in a text.
#[derive(Debug)]
pub(super) struct Regular(Regex);

impl Regular {
    pub(super) fn parse(text: &str) -> Result<Self, Refused> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || SIGNS.contains(c);
        if text.is_empty() || !text.chars().all(is_allowed) || !has_known_escapes(text) {
            return Err(Refused::Invalid);
        }
        let built = RegexBuilder::new(text).size_limit(SIZE).build();
        built.map(Self).map_err(|_| Refused::Invalid)
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

fn has_known_escapes(text: &str) -> bool {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            continue;
        }
        match characters.next() {
            Some(escaped) if escaped.is_ascii_alphanumeric() => {
                if !CLASSES.contains(escaped) {
                    return false;
                }
            }
            Some(_) => {}
            None => return false,
        }
    }
    true
}
