//! Filter patterns: which log events are meant. Pure.
//!
//! In reading order: here, the three kinds of patterns; `terms`, `json` and `fields` are one each. They are made of
//! `expression` (`&&`, `||`), `comparison` (`= 4*`), `number`, `regular` and `selector`, and read by `reader`.
//!
//! The language is that of the user guide (Filter and Pattern Syntax). No pattern takes more than a time that grows with
//! the event's length and with its own: wildcards stand only at a text's ends, regular expressions do not backtrack.

mod comparison;
mod expression;
mod fields;
mod json;
mod number;
mod reader;
mod regular;
mod selector;
mod terms;
#[cfg(test)]
mod tests;

use fields::Fields;
use json::Json;
use regular::Regular;
use terms::Terms;

/// Regular expressions of a pattern. (Supported regular expressions, quotas.)
const REGULARS: usize = 2;

/// A filter pattern.
#[derive(Debug)]
pub struct Pattern(Kind);

#[derive(Debug)]
enum Kind {
    Terms(Terms),
    Json(Json),
    Fields(Fields),
}

/// Why a text is no pattern. Displays as AWS's sentence. (Recorded; for brackets by analogy.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not follow the grammar.
    #[error("Invalid filter pattern")]
    Invalid,
    /// It ends before its brace does.
    #[error("If a filter pattern starts with '{{' it must end with '}}'")]
    OpenBrace,
    /// It ends before its bracket does.
    #[error("If a filter pattern starts with '[' it must end with ']'")]
    OpenBracket,
}

/// Makes regular expressions, and counts them.
#[derive(Debug, Default)]
struct Regulars {
    count: usize,
}

impl Regulars {
    fn parse(&mut self, text: &str) -> Result<Regular, Refused> {
        self.count += 1;
        if self.count > REGULARS {
            return Err(Refused::Invalid);
        }
        Regular::parse(text)
    }
}

impl Pattern {
    /// The pattern that a text is. An empty one matches every event.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let mut regulars = Regulars::default();
        let text = text.trim();
        let kind = if let Some(rest) = text.strip_prefix('{') {
            let within = rest.strip_suffix('}').ok_or(Refused::OpenBrace)?;
            Kind::Json(Json::parse(within, &mut regulars)?)
        } else if let Some(rest) = text.strip_prefix('[') {
            let within = rest.strip_suffix(']').ok_or(Refused::OpenBracket)?;
            Kind::Fields(Fields::parse(within, &mut regulars)?)
        } else {
            Kind::Terms(Terms::parse(text, &mut regulars)?)
        };
        Ok(Self(kind))
    }

    /// Whether it matches an event's message.
    pub fn matches(&self, message: &str) -> bool {
        match &self.0 {
            Kind::Terms(terms) => terms.matches(message),
            Kind::Json(json) => json.matches(message),
            Kind::Fields(fields) => fields.matches(message),
        }
    }
}
