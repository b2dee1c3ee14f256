//! The operand of `anything-but`.

use super::super::condition::{Affixes, Exclusion, Listed, fold};
use super::super::dialect::Dialect;
use super::super::json::{Node, Token};
use super::super::refused::{Fault, Reason};
use super::Parsed;
use super::matches::{decimal, only_member, refuse_second_member, text_of, wildcard};

pub(super) fn read(operand: Node<'_, '_>, dialect: Dialect) -> Parsed<Exclusion> {
    match operand.token() {
        Token::String(text) => Ok(Exclusion::Texts(Listed::new(vec![text.as_ref().into()]))),
        Token::Number(number) => {
            let number = decimal(number, dialect)?;
            Ok(Exclusion::Numbers(Listed::new(vec![number])))
        }
        Token::ArrayStart => read_list(operand, dialect),
        Token::ObjectStart => read_expression(operand, dialect),
        _ => Err(Fault::at(operand.opened(), Reason::AnythingBut)),
    }
}

/// Texts or numbers, not both.
fn read_list(list: Node<'_, '_>, dialect: Dialect) -> Parsed<Exclusion> {
    let mut texts: Vec<Box<str>> = Vec::new();
    let mut numbers = Vec::new();
    for element in list.elements() {
        match element.token() {
            Token::String(text) => texts.push(text.as_ref().into()),
            Token::Number(number) => numbers.push(decimal(number, dialect)?),
            _ => return Err(Fault::at(element.opened(), Reason::AnythingButElement)),
        }
    }
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
        "prefix" => {
            let prefixes = affixes(operand, dialect.excluded_affix("prefix"))?;
            Exclusion::Prefixes(Affixes::prefixes(prefixes))
        }
        "suffix" => {
            let suffixes = affixes(operand, dialect.excluded_affix("suffix"))?;
            Exclusion::Suffixes(Affixes::suffixes(suffixes))
        }
        "equals-ignore-case" => {
            let texts = each_text(operand, "equals-ignore-case", |_, text| Ok(fold(text)))?;
            Exclusion::FoldedTexts(Listed::new(texts))
        }
        "wildcard" => {
            let read = |node: Node<'_, '_>, text: &str| wildcard(node, text, dialect);
            Exclusion::Wildcards(each_text(operand, "wildcard", read)?.into())
        }
        _ => {
            let reason = Reason::UnsupportedPattern("anything-but", name.into());
            return Err(Fault::at(operand.opened(), reason));
        }
    };
    // The reference matcher's text does say "numeric expression" here.
    refuse_second_member(object, Reason::NumericElements)?;
    Ok(exclusion)
}

fn affixes(operand: Node<'_, '_>, operator: &'static str) -> Parsed<Vec<Box<str>>> {
    each_text(operand, operator, |node, text| {
        if text.is_empty() {
            return Err(Fault::at(node.closed(), Reason::EmptyAffix));
        }
        Ok(text.into())
    })
}

fn each_text<T>(
    operand: Node<'_, '_>,
    operator: &'static str,
    read: impl Fn(Node<'_, '_>, &str) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    if *operand.token() != Token::ArrayStart {
        return Ok(vec![read(operand, text_of(operand, operator)?)?]);
    }
    let texts = operand
        .elements()
        .map(|element| read(element, text_of(element, operator)?));
    let texts: Vec<T> = texts.collect::<Parsed<_>>()?;
    if texts.is_empty() {
        return Err(Fault::at(operand.closed(), Reason::AnythingButMixed));
    }
    Ok(texts)
}
