//! The operand of `anything-but`.

use super::super::condition::{Affixes, Decimal, Exclusion, Listed, Wildcard, fold};
use super::super::dialect::Dialect;
use super::super::json::{Node, Token};
use super::super::refused::{Fault, Reason};
use super::Parsed;
use super::matches::{decimal, only_member, refuse_second_member, wildcard};

pub(super) fn read(operand: Node<'_, '_>, dialect: Dialect) -> Parsed<Exclusion> {
    match operand.token() {
        Token::String(text) => Ok(Exclusion::Texts(Listed::new(vec![text.as_ref().into()]))),
        Token::Number(number) => {
            let number = comparable(number, dialect)?;
            Ok(Exclusion::Numbers(Listed::new(vec![number])))
        }
        Token::ArrayStart => read_list(operand, dialect),
        Token::ObjectStart => read_expression(operand, dialect),
        _ => Err(Fault::at(operand.opened(), Reason::AnythingBut)),
    }
}

/// A number that can be excluded: one that is compared by its value.
fn comparable(number: &str, dialect: Dialect) -> Parsed<Decimal> {
    let value = decimal(number, dialect)?;
    if dialect.compares(&value) {
        Ok(value)
    } else {
        Err(Reason::NotComparable(number.into()).into())
    }
}

/// A fault of an element of a list.
fn in_list(fault: Fault, dialect: Dialect) -> Fault {
    match dialect {
        Dialect::FilterPolicy => fault,
        Dialect::EventPattern => fault.in_excluded_list(),
    }
}

/// A mistake in the syntax of a list is reported as a fault of its elements is. Only event patterns are read that have one.
fn refuse_cut(list: Node<'_, '_>) -> Parsed<()> {
    let fault = Fault::at(list.closed(), Reason::AnythingButElement);
    if fault.is_cut() {
        Err(fault.in_excluded_list())
    } else {
        Ok(())
    }
}

/// Texts or numbers, not both.
fn read_list(list: Node<'_, '_>, dialect: Dialect) -> Parsed<Exclusion> {
    let mut texts: Vec<Box<str>> = Vec::new();
    let mut numbers = Vec::new();
    for element in list.elements() {
        match element.token() {
            Token::String(text) => texts.push(text.as_ref().into()),
            Token::Number(number) => numbers.push(match dialect {
                Dialect::FilterPolicy => decimal(number, dialect)?,
                // Unlike that of a number alone, the refusal has a position.
                Dialect::EventPattern => comparable(number, dialect)
                    .map_err(|fault| Fault::at(element.closed(), fault.into_reason()))?,
            }),
            _ => {
                let fault = Fault::at(element.opened(), Reason::AnythingButElement);
                return Err(in_list(fault, dialect));
            }
        }
    }
    refuse_cut(list)?;
    match (texts.is_empty(), numbers.is_empty()) {
        (false, true) => Ok(Exclusion::Texts(Listed::new(texts))),
        (true, false) => Ok(Exclusion::Numbers(Listed::new(numbers))),
        _ => Err(Fault::at(list.closed(), Reason::AnythingButMixed)),
    }
}

/// Another operator, whose operand is a text or a list of texts. Lists, and `equals-ignore-case`, are the reference
/// matcher's; AWS's documentation of SNS has neither.
fn read_expression(object: Node<'_, '_>, dialect: Dialect) -> Parsed<Exclusion> {
    let (name, operand) = only_member(object, Reason::NoPattern("Anything-But"))?;
    let exclusion = match name {
        "prefix" => Exclusion::Prefixes(Affixes::prefixes(affixes(operand, "prefix", dialect)?)),
        "suffix" => Exclusion::Suffixes(Affixes::suffixes(affixes(operand, "suffix", dialect)?)),
        "equals-ignore-case" => {
            let wrong = dialect.excluded_folded();
            let texts = each_text(operand, &wrong, dialect, |_, text| Ok(fold(text)))?;
            Exclusion::FoldedTexts(Listed::new(texts))
        }
        "wildcard" => Exclusion::Wildcards(wildcards(operand, dialect)?.into()),
        _ => {
            let reason = Reason::UnsupportedPattern("anything-but", name.into());
            return Err(Fault::at(operand.opened(), reason));
        }
    };
    // The reference matcher's text does say "numeric expression" here.
    refuse_second_member(object, Reason::NumericElements)?;
    Ok(exclusion)
}

fn affixes(
    operand: Node<'_, '_>,
    operator: &'static str,
    dialect: Dialect,
) -> Parsed<Vec<Box<str>>> {
    let wrong = Reason::MustBeString(dialect.excluded_affix(operator));
    each_text(operand, &wrong, dialect, |node, text| {
        if text.is_empty() {
            return Err(Fault::at(node.closed(), Reason::EmptyAffix));
        }
        Ok(text.into())
    })
}

fn wildcards(operand: Node<'_, '_>, dialect: Dialect) -> Parsed<Vec<Wildcard>> {
    let wrong = Reason::MustBeString("wildcard");
    match dialect {
        Dialect::FilterPolicy => each_text(operand, &wrong, dialect, |node, text| {
            wildcard(node, text, dialect)
        }),
        // Those of a list are looked at when all of it has been read.
        Dialect::EventPattern => {
            let texts = each_text(operand, &wrong, dialect, |_, text| Ok(text))?.into_iter();
            texts.map(|text| wildcard(operand, text, dialect)).collect()
        }
    }
}

/// Reads a text, or each of a list of texts; `wrong` is the refusal of what is no text.
fn each_text<'d, 't, T>(
    operand: Node<'d, 't>,
    wrong: &Reason,
    dialect: Dialect,
    read: impl Fn(Node<'d, 't>, &'d str) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let read = |node: Node<'d, 't>| {
        let text = node.as_str();
        let text = text.ok_or_else(|| Fault::at(node.opened(), wrong.clone()))?;
        read(node, text)
    };
    match (operand.token(), dialect) {
        (Token::ArrayStart, _) => {}
        (Token::String(_) | Token::Number(_), _) | (_, Dialect::FilterPolicy) => {
            return Ok(vec![read(operand)?]);
        }
        (_, Dialect::EventPattern) => {
            return Err(Fault::at(operand.opened(), Reason::AnythingBut));
        }
    }
    let texts = operand
        .elements()
        .map(|element| read(element).map_err(|fault| in_list(fault, dialect)));
    let texts: Vec<T> = texts.collect::<Parsed<_>>()?;
    refuse_cut(operand)?;
    if texts.is_empty() {
        return Err(Fault::at(operand.closed(), Reason::AnythingButMixed));
    }
    Ok(texts)
}
