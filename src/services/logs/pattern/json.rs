//! Patterns of events that are JSON: `{ $.detail.total > 100 && $.source = "shop.*" }`.

use super::comparison::Comparison;
use super::expression::Expression;
use super::reader::Reader;
use super::selector::{Selected, Selector};
use super::{Refused, Regulars};

/// What the values of an event must be.
#[derive(Debug)]
pub(super) struct Json(Expression<Test>);

#[derive(Debug)]
struct Test {
    selector: Selector,
    check: Check,
}

#[derive(Debug)]
enum Check {
    Compares(Comparison),
    IsNull,
    Is(bool),
    NotExists,
}

impl Json {
    /// Reads what stands between the braces.
    pub(super) fn parse(text: &str, regulars: &mut Regulars) -> Result<Self, Refused> {
        let mut reader = Reader::new(text);
        let mut read = |reader: &mut Reader<'_>| Test::read(reader, regulars);
        let expression = Expression::read(&mut reader, &mut read)?;
        reader.skip_blanks();
        if !reader.is_at_end() {
            return Err(Refused::Invalid);
        }
        Ok(Self(expression))
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let is_object = message.trim_start().starts_with(['{', '[']);
        is_object && self.0.holds(&|test| test.holds(message))
    }
}

impl Test {
    fn read(reader: &mut Reader<'_>, regulars: &mut Regulars) -> Result<Self, Refused> {
        let selector = Selector::read(reader)?;
        let check = if reader.eat_word("IS") {
            if reader.eat_word("NULL") {
                Check::IsNull
            } else if reader.eat_word("TRUE") {
                Check::Is(true)
            } else if reader.eat_word("FALSE") {
                Check::Is(false)
            } else {
                return Err(Refused::Invalid);
            }
        } else if reader.eat_word("NOT") {
            if !reader.eat_word("EXISTS") {
                return Err(Refused::Invalid);
            }
            Check::NotExists
        } else {
            Check::Compares(Comparison::read(reader, regulars)?)
        };
        Ok(Self { selector, check })
    }

    /// A comparison is of texts and numbers: it holds for no object and no array, whichever it is (Filter and Pattern
    /// Syntax), nor for a value that is not there. That a boolean compares as its word is topiq's guess.
    fn holds(&self, message: &str) -> bool {
        let Some(selected) = self.selector.select(message) else {
            return false;
        };
        let mut values = selected.iter();
        match &self.check {
            Check::NotExists => selected.is_empty(),
            Check::IsNull => values.any(|value| *value == Selected::Null),
            Check::Is(wanted) => values.any(|value| *value == Selected::Boolean(*wanted)),
            Check::Compares(comparison) => values.any(|value| match value {
                Selected::Text(text) => comparison.holds(text, None),
                Selected::Number(number, text) => comparison.holds(text, Some(*number)),
                Selected::Boolean(true) => comparison.holds("true", None),
                Selected::Boolean(false) => comparison.holds("false", None),
                Selected::Null | Selected::Compound => false,
            }),
        }
    }
}
