//! The list of a leaf: literals and objects that name an operator.

use super::super::condition::{Cidr, Condition, Decimal, Wildcard, WildcardRefused, Word, fold};
use super::super::dialect::Dialect;
use super::super::json::{Node, Token};
use super::super::refused::{Fault, Reason};
use super::{Parsed, anything_but, numeric};

pub(super) fn read_list(list: Node<'_, '_>, dialect: Dialect) -> Parsed<Vec<Condition>> {
    let conditions = list.elements().map(|element| read_match(element, dialect));
    let conditions: Vec<_> = conditions.collect::<Parsed<_>>()?;
    if conditions.is_empty() {
        return Err(Fault::at(list.closed(), Reason::EmptyArray));
    }
    Ok(conditions)
}

fn read_match(element: Node<'_, '_>, dialect: Dialect) -> Parsed<Condition> {
    match element.token() {
        Token::String(text) => Ok(literal(text, dialect)),
        Token::Number(number) => {
            let value = decimal(number, dialect)?;
            Ok(if dialect.compares(&value) {
                Condition::Number(value)
            } else {
                Condition::Digits((*number).into())
            })
        }
        Token::True => Ok(Condition::Word(Word::True)),
        Token::False => Ok(Condition::Word(Word::False)),
        Token::Null => Ok(Condition::Word(Word::Null)),
        Token::ObjectStart => read_expression(element, dialect),
        _ => Err(Fault::at(element.opened(), Reason::MatchValue)),
    }
}

fn read_expression(object: Node<'_, '_>, dialect: Dialect) -> Parsed<Condition> {
    let (operator, operand) = only_member(object, Reason::NoMatchType)?;
    let condition = match operator {
        "exactly" => exactly(text_of(operand, "exact")?, dialect),
        "prefix" => affix(operand, &PREFIX)?,
        "suffix" => affix(operand, &SUFFIX)?,
        "equals-ignore-case" => {
            Condition::FoldedText(fold(text_of(operand, "equals-ignore-case")?))
        }
        "wildcard" => {
            Condition::Wildcard(wildcard(operand, text_of(operand, "wildcard")?, dialect)?)
        }
        "anything-but" => Condition::AnythingBut(anything_but::read(operand, dialect)?),
        "numeric" => numeric::read(operand, dialect)?,
        "exists" => match operand.token() {
            Token::True => dialect.presence(),
            Token::False => Condition::Absent,
            _ => return Err(Fault::at(operand.opened(), Reason::Exists)),
        },
        // AWS's text does say "prefix".
        "cidr" => Condition::Cidr(Cidr::parse(text_of(operand, "prefix")?, dialect)?),
        _ => {
            let reason = Reason::MatchType(operator.into());
            return Err(Fault::at(operand.opened(), reason));
        }
    };
    let second = match operator {
        // The reference matcher's text does say "numeric expression" here.
        "numeric" | "anything-but" if dialect == Dialect::EventPattern => Reason::NumericElements,
        _ => Reason::OneKey,
    };
    refuse_second_member(object, second)?;
    Ok(condition)
}

/// The first member of an object that should have only one; further members are looked at last.
pub(super) fn only_member<'d>(
    object: Node<'d, '_>,
    missing: Reason,
) -> Parsed<(&'d str, Node<'d, 'd>)> {
    let mut members = object.members();
    members
        .next()
        .ok_or_else(|| Fault::at(object.closed(), missing))
}

pub(super) fn refuse_second_member(object: Node<'_, '_>, reason: Reason) -> Parsed<()> {
    match object.members().nth(1) {
        Some((_, value)) => Err(Fault::at(value.opened(), reason)),
        None => Ok(()),
    }
}

/// A text that is an address matches every spelling of that address.
fn literal(text: &str, dialect: Dialect) -> Condition {
    match dialect.address(text) {
        Some(address) => Condition::Address(address),
        None => Condition::Text(text.into()),
    }
}

/// The same, except that an event pattern can ask for one spelling of an address in this way.
fn exactly(text: &str, dialect: Dialect) -> Condition {
    match dialect {
        Dialect::FilterPolicy => literal(text, dialect),
        Dialect::EventPattern => Condition::Text(text.into()),
    }
}

/// The number of a token, as it is compared.
pub(super) fn decimal(number: &str, dialect: Dialect) -> Parsed<Decimal> {
    let decimal = dialect.number(number);
    let decimal = decimal.expect("every number of JSON's is a decimal");
    if dialect.allows(&decimal) {
        Ok(decimal)
    } else {
        Err(Reason::NumberRange.into())
    }
}

pub(super) fn text_of<'d>(operand: Node<'d, '_>, operator: &'static str) -> Parsed<&'d str> {
    let refused = || Fault::at(operand.opened(), Reason::MustBeString(operator));
    operand.as_str().ok_or_else(refused)
}

/// The differences between `prefix` and `suffix`.
struct Affix {
    operator: &'static str,
    capitalised: &'static str,
    condition: fn(Box<str>) -> Condition,
    folded: fn(Box<str>) -> Condition,
}

const PREFIX: Affix = Affix {
    operator: "prefix",
    capitalised: "Prefix",
    condition: Condition::Prefix,
    folded: Condition::FoldedPrefix,
};

const SUFFIX: Affix = Affix {
    operator: "suffix",
    capitalised: "Suffix",
    condition: Condition::Suffix,
    folded: Condition::FoldedSuffix,
};

/// A text, or one within `equals-ignore-case`.
fn affix(operand: Node<'_, '_>, affix: &Affix) -> Parsed<Condition> {
    if *operand.token() != Token::ObjectStart {
        let text = text_of(operand, affix.operator)?;
        return Ok((affix.condition)(text.into()));
    }
    let (name, value) = only_member(operand, Reason::NoPattern(affix.capitalised))?;
    if name != "equals-ignore-case" {
        let reason = Reason::UnsupportedPattern(affix.operator, name.into());
        return Err(Fault::at(value.opened(), reason));
    }
    let text = text_of(value, "equals-ignore-case")?;
    refuse_second_member(operand, Reason::OneKey)?;
    Ok((affix.folded)(fold(text)))
}

pub(super) fn wildcard(operand: Node<'_, '_>, text: &str, dialect: Dialect) -> Parsed<Wildcard> {
    Wildcard::parse(text).map_err(|refused| {
        let start = dialect.wildcard_start();
        let reason = match refused {
            WildcardRefused::ConsecutiveStars(at) => Reason::ConsecutiveStars(start + at),
            WildcardRefused::Escape(at) => Reason::WildcardEscape(start + at),
        };
        Fault::at(operand.closed(), reason)
    })
}
