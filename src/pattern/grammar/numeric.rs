//! The operand of `numeric`: `[op, number]`, or a lower and an upper bound, `[op, number, op, number]`.

use super::super::condition::{Bound, Condition, Decimal, Range};
use super::super::dialect::Dialect;
use super::super::json::{Node, Token};
use super::super::refused::{Fault, Reason};
use super::Parsed;
use super::matches::decimal;

pub(super) fn read(operand: Node<'_, '_>, dialect: Dialect) -> Parsed<Condition> {
    if *operand.token() != Token::ArrayStart {
        return Err(Fault::at(operand.opened(), Reason::Numeric));
    }
    let mut list = List {
        elements: operand.elements().collect::<Vec<_>>().into_iter(),
        end: operand.closed(),
        dialect,
    };
    let operator = list.next();
    let Some(operator) = operator.text() else {
        return Err(Fault::at(
            operator.at,
            Reason::NumericMember(operator.shown()),
        ));
    };
    let value = list.next();
    let number = || value.number(if operator == "=" { "equals" } else { operator }, dialect);
    match operator {
        "=" => {
            let number = number()?;
            list.expect_end(Reason::NumericElements)?;
            Ok(Condition::Number(list.compared(number)?))
        }
        "<" | "<=" => {
            let number = number()?;
            list.expect_end(Reason::NumericElements)?;
            let top = Bound {
                value: list.compared(number)?,
                is_inclusive: operator == "<=",
            };
            Ok(range(None, Some(top)))
        }
        ">" | ">=" => {
            let bottom = number()?;
            let top = read_top(&mut list)?;
            let bottom = Bound {
                value: list.compared(bottom)?,
                is_inclusive: operator == ">=",
            };
            let Some((top, is_inclusive)) = top else {
                return Ok(range(Some(bottom), None));
            };
            let value = list.compared(top)?;
            if bottom.value >= value {
                return Err(Fault::at(list.end, Reason::NumericOrder));
            }
            let top = Bound {
                value,
                is_inclusive,
            };
            Ok(range(Some(bottom), Some(top)))
        }
        _ => {
            let reason = Reason::NumericOperator(operator.into());
            Err(Fault::at(value.at, reason))
        }
    }
}

/// What may follow a lower bound: the number, and whether it is within the range.
fn read_top<'d>(list: &mut List<'d, '_>) -> Parsed<Option<(Number<'d>, bool)>> {
    let second = list.next();
    let Some(node) = second.node else {
        return Ok(None);
    };
    let Some(operator) = second.text() else {
        return Err(Fault::at(second.at, Reason::NumericSecond(second.shown())));
    };
    if !matches!(operator, "<" | "<=") {
        let reason = Reason::NumericSecondOperator(operator.into());
        return Err(Fault::at(node.closed(), reason));
    }
    let value = list.next().number(operator, list.dialect)?;
    list.expect_end(Reason::NumericTerms)?;
    Ok(Some((value, operator == "<=")))
}

fn range(bottom: Option<Bound>, top: Option<Bound>) -> Condition {
    Condition::Range(Range { bottom, top })
}

/// The elements, read one by one.
struct List<'d, 't> {
    elements: std::vec::IntoIter<Node<'d, 't>>,
    end: usize,
    dialect: Dialect,
}

/// A number, and how it is written.
struct Number<'d> {
    value: Decimal,
    text: &'d str,
}

/// An element, or the end of the list, which is a position of the parser too.
#[derive(Clone, Copy)]
struct Element<'d, 't> {
    node: Option<Node<'d, 't>>,
    at: usize,
}

impl<'d, 't> List<'d, 't> {
    fn next(&mut self) -> Element<'d, 't> {
        let node = self.elements.next();
        let at = node.map_or(self.end, Node::opened);
        Element { node, at }
    }

    fn expect_end(&mut self, reason: Reason) -> Parsed<()> {
        let element = self.next();
        match element.node {
            Some(_) => Err(Fault::at(element.at, reason)),
            None => Ok(()),
        }
    }

    /// Whether a number can be compared is asked when all of the list has been read.
    fn compared(&self, number: Number<'_>) -> Parsed<Decimal> {
        if self.dialect.compares(&number.value) {
            Ok(number.value)
        } else {
            Err(Fault::at(
                self.end,
                Reason::NotComparable(number.text.into()),
            ))
        }
    }
}

impl<'d> Element<'d, '_> {
    fn text(self) -> Option<&'d str> {
        self.node?.as_str()
    }

    fn number(self, operator: &str, dialect: Dialect) -> Parsed<Number<'d>> {
        match self.node.map(Node::token) {
            Some(Token::Number(text)) => Ok(Number {
                value: decimal(text, dialect)?,
                text,
            }),
            _ => Err(Fault::at(self.at, Reason::NumericOperand(operator.into()))),
        }
    }

    /// The token, as it is written.
    fn shown(self) -> Box<str> {
        match self.node.map(Node::token) {
            Some(Token::String(text)) => text.as_ref().into(),
            Some(Token::Number(number)) => (*number).into(),
            Some(Token::True) => "true".into(),
            Some(Token::False) => "false".into(),
            Some(Token::Null) => "null".into(),
            Some(Token::ObjectStart) => "{".into(),
            Some(Token::ArrayStart) => "[".into(),
            _ => "]".into(),
        }
    }
}
