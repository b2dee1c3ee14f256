//! A whole JSON text, as a flat list of its values in the order of their beginnings.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write as _};

use super::reader::{Reader, Token};
use super::syntax_error::SyntaxError;

/// The position of a bracket that closes a container, in a text that has a mistake before it.
pub(in crate::pattern) const CUT: usize = usize::MAX;

/// A text and its values.
pub(in crate::pattern) struct Document<'t> {
    entries: Vec<Entry<'t>>,
}

struct Entry<'t> {
    token: Token<'t>,
    /// See [`Reader::opened`].
    opened: usize,
    /// The byte after the value; [`CUT`] if the text has no end of it.
    closed: usize,
    /// The first entry that does not belong to this value.
    next: usize,
}

impl<'t> Document<'t> {
    pub(in crate::pattern) fn parse(text: &'t str) -> Result<Self, SyntaxError> {
        match Self::parse_start(text) {
            (document, None) => Ok(document),
            (_, Some(error)) => Err(error),
        }
    }

    /// The values before the first mistake, and that mistake.
    pub(in crate::pattern) fn parse_start(text: &'t str) -> (Self, Option<SyntaxError>) {
        let mut reader = Reader::new(text);
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut open = Vec::new();
        let mistake = loop {
            let token = match reader.next() {
                Ok(Some(token)) => token,
                Ok(None) => break None,
                Err(mistake) => break Some(mistake),
            };
            let index = entries.len();
            match token {
                Token::ObjectEnd | Token::ArrayEnd => {
                    let start: usize = open.pop().expect("the reader counts brackets");
                    entries[start].closed = reader.closed();
                    entries[start].next = index;
                    continue;
                }
                Token::ObjectStart | Token::ArrayStart => open.push(index),
                _ => {}
            }
            entries.push(Entry {
                token,
                opened: reader.opened(),
                closed: reader.closed(),
                next: index + 1,
            });
        };
        if entries
            .last()
            .is_some_and(|last| matches!(last.token, Token::Name(_)))
        {
            entries.pop();
        }
        let end = entries.len();
        for start in open {
            entries[start].closed = CUT;
            entries[start].next = end;
        }
        (Self { entries }, mistake)
    }

    /// The document's value; a text that has been parsed to its end has one.
    pub(in crate::pattern) fn root(&self) -> Node<'_, 't> {
        Node {
            document: self,
            index: 0,
        }
    }

    pub(in crate::pattern) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The document without white space. Of members with the same name the last is kept, in the position of the first, as
    /// in maps that keep an order.
    pub(in crate::pattern) fn compact(&self) -> String {
        enum Step<'d, 't> {
            Mark(char),
            Name(&'d str),
            Value(Node<'d, 't>),
        }
        let mut text = String::new();
        let mut steps = vec![Step::Value(self.root())];
        while let Some(step) = steps.pop() {
            let node = match step {
                Step::Mark(mark) => {
                    text.push(mark);
                    continue;
                }
                Step::Name(name) => {
                    write_string(&mut text, name);
                    text.push(':');
                    continue;
                }
                Step::Value(node) => node,
            };
            let first = steps.len() + 1;
            match node.token() {
                Token::ObjectStart => {
                    text.push('{');
                    steps.push(Step::Mark('}'));
                    for (name, value) in node.distinct_members() {
                        steps.extend([Step::Mark(','), Step::Name(name), Step::Value(value)]);
                    }
                }
                Token::ArrayStart => {
                    text.push('[');
                    steps.push(Step::Mark(']'));
                    for element in node.elements() {
                        steps.extend([Step::Mark(','), Step::Value(element)]);
                    }
                }
                Token::String(string) => write_string(&mut text, string),
                Token::Number(number) => text.push_str(number),
                Token::True => text.push_str("true"),
                Token::False => text.push_str("false"),
                Token::Null => text.push_str("null"),
                Token::ObjectEnd | Token::ArrayEnd | Token::Name(_) => {
                    unreachable!("no value begins with it")
                }
            }
            // The steps are taken from the end; no comma stands before the first entry.
            if first < steps.len() {
                steps.remove(first);
                steps[first..].reverse();
            }
        }
        text
    }
}

/// A value of a document.
#[derive(Clone, Copy)]
pub(in crate::pattern) struct Node<'d, 't> {
    document: &'d Document<'t>,
    index: usize,
}

impl<'d, 't> Node<'d, 't> {
    /// How the value begins.
    pub(in crate::pattern) fn token(self) -> &'d Token<'t> {
        &self.entry().token
    }

    pub(in crate::pattern) fn as_str(self) -> Option<&'d str> {
        match self.token() {
            Token::String(string) => Some(string),
            _ => None,
        }
    }

    /// The position of a parser that has just reached this value, or the name before it.
    pub(in crate::pattern) fn opened(self) -> usize {
        self.entry().opened
    }

    /// The position of a parser that has read all of this value.
    pub(in crate::pattern) fn closed(self) -> usize {
        self.entry().closed
    }

    /// The elements of an array.
    pub(in crate::pattern) fn elements(self) -> impl Iterator<Item = Self> {
        let children = self.children();
        std::iter::successors(children.first(), move |&index| children.after(index))
            .map(move |index| self.at(index))
    }

    /// The members of an object, repeated names too.
    pub(in crate::pattern) fn members(self) -> impl Iterator<Item = (&'d str, Self)> {
        let children = self.children();
        std::iter::successors(children.first(), move |&index| children.after(index + 1)).map(
            move |index| {
                let Token::Name(name) = self.at(index).token() else {
                    unreachable!("an object's entries are names, each before its value")
                };
                (Cow::as_ref(name), self.at(index + 1))
            },
        )
    }

    fn distinct_members(self) -> Vec<(&'d str, Self)> {
        let mut members: Vec<(&str, Self)> = Vec::new();
        let mut places = HashMap::new();
        for (name, value) in self.members() {
            let place = *places.entry(name).or_insert(members.len());
            match members.get_mut(place) {
                Some(member) => member.1 = value,
                None => members.push((name, value)),
            }
        }
        members
    }

    fn children(self) -> Children<'d, 't> {
        Children {
            document: self.document,
            start: self.index + 1,
            end: self.entry().next,
        }
    }

    fn at(self, index: usize) -> Self {
        Self { index, ..self }
    }

    fn entry(self) -> &'d Entry<'t> {
        &self.document.entries[self.index]
    }
}

/// The entries below a value.
#[derive(Clone, Copy)]
struct Children<'d, 't> {
    document: &'d Document<'t>,
    start: usize,
    end: usize,
}

impl Children<'_, '_> {
    fn first(self) -> Option<usize> {
        (self.start < self.end).then_some(self.start)
    }

    /// The entry that follows the value at `index`.
    fn after(self, index: usize) -> Option<usize> {
        let next = self.document.entries[index].next;
        (next < self.end).then_some(next)
    }
}

/// A text as JSON writes it, between quotes.
pub(in crate::pattern) struct Quoted<'s>(pub(in crate::pattern) &'s str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\u{8}' => f.write_str("\\b")?,
                '\u{c}' => f.write_str("\\f")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\0'..' ' => write!(f, "\\u{:04X}", u32::from(character))?,
                _ => f.write_char(character)?,
            }
        }
        f.write_char('"')
    }
}

fn write_string(text: &mut String, string: &str) {
    write!(text, "{}", Quoted(string)).expect("a String grows");
}
