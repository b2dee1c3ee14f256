//! Patterns of events whose fields stand between blanks: `[ip, user, ..., status = 4*, bytes > 1000]`.

use super::comparison::Comparison;
use super::expression::Expression;
use super::number::Number;
use super::reader::Reader;
use super::{Refused, Regulars};

/// What the fields of an event must be.
#[derive(Debug)]
pub(super) struct Fields {
    /// The first fields; all of them, unless there is an ellipsis.
    start: Vec<Field>,
    /// The last fields, after an ellipsis.
    end: Option<Vec<Field>>,
}

/// A field, with what it must be.
type Field = Option<Expression<Comparison>>;

impl Fields {
    /// Reads what stands between the brackets.
    pub(super) fn parse(text: &str, regulars: &mut Regulars) -> Result<Self, Refused> {
        let mut reader = Reader::new(text);
        let mut fields = Self {
            start: Vec::new(),
            end: None,
        };
        loop {
            reader.skip_blanks();
            if reader.eat("...") || reader.eat("…") {
                if fields.end.replace(Vec::new()).is_some() {
                    return Err(Refused::Invalid);
                }
            } else {
                let field = read_field(&mut reader, regulars)?;
                fields.end.as_mut().unwrap_or(&mut fields.start).push(field);
            }
            reader.skip_blanks();
            if reader.is_at_end() {
                return Ok(fields);
            }
            reader.expect(",")?;
        }
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let fields = split(message);
        let end = self.end.as_deref().unwrap_or_default();
        let least = self.start.len() + end.len();
        let fits = match self.end {
            None => fields.len() == least,
            Some(_) => fields.len() >= least,
        };
        if !fits {
            return false;
        }
        let (front, back) = fields.split_at(fields.len() - end.len());
        let start = self.start.iter().zip(front);
        let all = start.chain(end.iter().zip(back));
        let holds = |(field, text): (&Field, &&str)| {
            let number = Number::parse(text);
            let test = |comparison: &Comparison| comparison.holds(text, number);
            field.as_ref().is_none_or(|wanted| wanted.holds(&test))
        };
        all.into_iter().all(holds)
    }
}

/// A field may have no name. All its comparisons are of itself.
fn read_field<'p>(reader: &mut Reader<'p>, regulars: &mut Regulars) -> Result<Field, Refused> {
    let mut ahead = *reader;
    let own = ahead.take_while(is_named);
    ahead.skip_blanks();
    if matches!(ahead.peek(), None | Some(',')) {
        *reader = ahead;
        return Ok(None);
    }
    let mut own = (!own.is_empty()).then_some(own);
    let mut test = |reader: &mut Reader<'p>| {
        reader.skip_blanks();
        let name = Some(reader.take_while(is_named)).filter(|name| !name.is_empty());
        own = own.or(name);
        if name.is_none() || own != name {
            return Err(Refused::Invalid);
        }
        Comparison::read(reader, regulars)
    };
    Expression::read(reader, &mut test).map(Some)
}

fn is_named(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-".contains(character)
}

/// The fields of a message: what stands between brackets, or between quotes, is one. (Filter and Pattern Syntax.)
fn split(message: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = message.trim();
    while !rest.is_empty() {
        let enclosed = [('[', ']'), ('"', '"')].iter().find_map(|(start, end)| {
            let within = rest.strip_prefix(*start)?;
            within.split_once(*end)
        });
        let (field, after) = enclosed.unwrap_or_else(|| {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest.split_at(end)
        });
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}
