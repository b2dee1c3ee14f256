//! What a value is compared with: `= "text*"`, `>= 5`, `= %expression%`.

use std::cmp::Ordering;

use super::number::Number;
use super::reader::Reader;
use super::regular::Regular;
use super::{Refused, Regulars};

/// A comparison with a value.
#[derive(Debug)]
pub(super) struct Comparison {
    operator: Operator,
    operand: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// In the order in which they are tried: the longer ones first.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

#[derive(Debug)]
enum Operand {
    Text(Wildcard),
    /// A number without quotes, which is a text too.
    Number(Number, Wildcard),
    Regular(Regular),
}

/// A text that may go on at its start and at its end. An asterisk elsewhere is just that. (Filter and Pattern Syntax.)
#[derive(Debug)]
struct Wildcard {
    text: String,
    is_open_before: bool,
    is_open_after: bool,
}

impl Wildcard {
    fn new(text: &str) -> Self {
        let after_first = text.strip_prefix('*');
        let rest = after_first.unwrap_or(text);
        let before_last = rest.strip_suffix('*');
        Self {
            text: before_last.unwrap_or(rest).to_owned(),
            is_open_before: after_first.is_some(),
            is_open_after: before_last.is_some() || text == "*",
        }
    }

    fn matches(&self, text: &str) -> bool {
        match (self.is_open_before, self.is_open_after) {
            (false, false) => text == self.text,
            (true, false) => text.ends_with(&self.text),
            (false, true) => text.starts_with(&self.text),
            (true, true) => text.contains(&self.text),
        }
    }
}

impl Comparison {
    /// Reads an operator and its operand.
    pub(super) fn read(reader: &mut Reader<'_>, regulars: &mut Regulars) -> Result<Self, Refused> {
        reader.skip_blanks();
        let mut operators = OPERATORS.iter();
        let found = operators.find(|(sign, _)| reader.eat(sign));
        let (_, operator) = *found.ok_or(Refused::Invalid)?;
        let operand = Operand::read(reader, regulars)?;
        let is_ordering = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if is_ordering && !matches!(operand, Operand::Number(..)) {
            return Err(Refused::Invalid);
        }
        Ok(Self { operator, operand })
    }

    /// Whether it holds for a value: its text, and the number that it is.
    pub(super) fn holds(&self, text: &str, number: Option<Number>) -> bool {
        match self.operator {
            Operator::Equal => self.operand.equals(text, number),
            Operator::NotEqual => !self.operand.equals(text, number),
            Operator::Less => self.orders(number, &[Ordering::Less]),
            Operator::LessOrEqual => self.orders(number, &[Ordering::Less, Ordering::Equal]),
            Operator::Greater => self.orders(number, &[Ordering::Greater]),
            Operator::GreaterOrEqual => self.orders(number, &[Ordering::Greater, Ordering::Equal]),
        }
    }

    fn orders(&self, number: Option<Number>, meant: &[Ordering]) -> bool {
        let Operand::Number(operand, _) = &self.operand else {
            return false;
        };
        let ordering = number.and_then(|number| number.compare(*operand));
        ordering.is_some_and(|ordering| meant.contains(&ordering))
    }
}

impl Operand {
    fn read(reader: &mut Reader<'_>, regulars: &mut Regulars) -> Result<Self, Refused> {
        reader.skip_blanks();
        if reader.eat("%") {
            return Ok(Self::Regular(regulars.parse(reader.expression()?)?));
        }
        if reader.eat("\"") {
            return Ok(Self::Text(Wildcard::new(&reader.quoted('"')?)));
        }
        let text = reader.take_while(is_plain);
        if text.is_empty() {
            return Err(Refused::Invalid);
        }
        let wildcard = Wildcard::new(text);
        Ok(match Number::parse(text) {
            Some(number) => Self::Number(number, wildcard),
            None => Self::Text(wildcard),
        })
    }

    fn equals(&self, text: &str, number: Option<Number>) -> bool {
        match self {
            Self::Text(wildcard) => wildcard.matches(text),
            Self::Number(operand, wildcard) => {
                let ordering = number.and_then(|number| number.compare(*operand));
                ordering == Some(Ordering::Equal) || wildcard.matches(text)
            }
            Self::Regular(regular) => regular.is_in(text),
        }
    }
}

/// What may stand in a value without quotes. (The guide says so of letters, digits, and in its examples of dots and
/// asterisks; signs of numbers, and what paths and times have, are topiq's addition.)
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.*+-/:".contains(character)
}
