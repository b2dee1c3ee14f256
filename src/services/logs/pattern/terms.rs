//! Patterns of terms: `ERROR -"exit code 0"`, `?ERROR ?WARN`, `%[Ee]rror%`.

use super::reader::Reader;
use super::regular::Regular;
use super::{Refused, Regulars};

/// The terms of a pattern. Terms are found anywhere in an event, within words too, and are case-sensitive.
#[derive(Debug, Default)]
pub(super) struct Terms {
    required: Vec<Term>,
    optional: Vec<Term>,
    excluded: Vec<Term>,
}

#[derive(Debug)]
enum Term {
    Text(String),
    Regular(Regular),
}

impl Term {
    fn read(reader: &mut Reader<'_>, regulars: &mut Regulars) -> Result<Self, Refused> {
        if reader.eat("%") {
            return Ok(Self::Regular(regulars.parse(reader.expression()?)?));
        }
        let text = if reader.eat("\"") {
            reader.quoted('"')?
        } else {
            let is_plain = |c: char| c.is_alphanumeric() || c == '_';
            reader.take_while(is_plain).to_owned()
        };
        // An empty term is refused (recorded), and so is one with other characters and no quotes.
        let is_over = reader.peek().is_none_or(char::is_whitespace);
        if text.is_empty() || !is_over {
            return Err(Refused::Invalid);
        }
        Ok(Self::Text(text))
    }

    fn is_in(&self, message: &str) -> bool {
        match self {
            Self::Text(text) => message.contains(text.as_str()),
            Self::Regular(regular) => regular.is_in(message),
        }
    }
}

impl Terms {
    pub(super) fn parse(text: &str, regulars: &mut Regulars) -> Result<Self, Refused> {
        let mut reader = Reader::new(text);
        let mut terms = Self::default();
        loop {
            reader.skip_blanks();
            if reader.is_at_end() {
                break;
            }
            let terms = if reader.eat("?") {
                &mut terms.optional
            } else if reader.eat("-") {
                // The guide has an example with a blank here.
                reader.skip_blanks();
                &mut terms.excluded
            } else {
                &mut terms.required
            };
            terms.push(Term::read(&mut reader, regulars)?);
        }
        Ok(terms)
    }

    /// Optional terms count only where there are no others. (Filter pattern syntax.)
    pub(super) fn matches(&self, message: &str) -> bool {
        let is_in = |term: &Term| term.is_in(message);
        if self.required.is_empty() && self.excluded.is_empty() && !self.optional.is_empty() {
            return self.optional.iter().any(is_in);
        }
        self.required.iter().all(is_in) && !self.excluded.iter().any(is_in)
    }
}
