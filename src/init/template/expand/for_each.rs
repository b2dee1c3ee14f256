//! `Fn::ForEach`: in place of the key `Fn::ForEach::Name` a mapping has, for each item of a collection, the entries of a
//! mapping with the item in place of an identifier.

use std::collections::HashSet;

use super::super::Stack;
use super::super::error::{Consequence, Fault, Faults};
use super::super::evaluate::{Evaluator, Need, arguments, scalar};
use super::super::source::{Template, entries};
use crate::document::{Key, Node, Value};
use crate::init::plan::Context;
use crate::init::work;

const PREFIX: &str = "Fn::ForEach::";

/// The line of the template's first loop.
pub(super) fn first_line(node: &Node) -> Option<usize> {
    match &node.value {
        Value::Map(entries) => entries.iter().find_map(|(key, item)| {
            let is_loop = key.text.starts_with(PREFIX);
            is_loop.then_some(key.line).or_else(|| first_line(item))
        }),
        Value::List(items) => items.iter().find_map(first_line),
        _ => None,
    }
}

/// The template with its loops unrolled.
pub(super) fn unrolled(stack: &Stack<'_>, context: &Context) -> Result<Node, Fault> {
    // Parameters in error are told when the result is read.
    let mut faults = Faults::default();
    let template = Template::without_resources(stack, stack.root, context, &mut faults);
    let loops = Loops {
        evaluator: Evaluator::of_condition(&template, Need::Optional),
    };
    loops.unrolled(stack.root)
}

struct Loops<'a, 't> {
    evaluator: Evaluator<'a, 't>,
}

impl Loops<'_, '_> {
    fn unrolled(&self, node: &Node) -> Result<Node, Fault> {
        self.evaluator.spend(0, node.line)?;
        let value = match &node.value {
            Value::Map(written) => {
                let mut made = Vec::with_capacity(written.len());
                for (key, item) in written {
                    if key.text.starts_with(PREFIX) {
                        let repeated = self.repeated(item);
                        made.extend(repeated.map_err(|fault| fault.of(&key.text))?);
                    } else {
                        made.push((key.clone(), self.unrolled(item)?));
                    }
                }
                check_keys(&made)?;
                Value::Map(made)
            }
            Value::List(items) => {
                let items = items.iter().map(|item| self.unrolled(item));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            scalar => scalar.clone(),
        };
        let line = node.line;
        Ok(Node { line, value })
    }

    /// The entries that stand in place of one loop.
    fn repeated(&self, argument: &Node) -> Result<Vec<(Key, Node)>, Fault> {
        let [identifier, collection, output] = arguments("Fn::ForEach", argument)?;
        let identifier = scalar(identifier, "Fn::ForEach")?;
        let output = entries(output, "Fn::ForEach as its third")?;
        let items = self.evaluator.list(collection, "Fn::ForEach")?;
        let mut repeated = Vec::new();
        for item in &items {
            let item = scalar(item, "Fn::ForEach")?;
            let filling = Filling::new(&identifier, &item);
            for (key, node) in output {
                self.evaluator.spend(work::size(&node.value), key.line)?;
                let filled = Key {
                    line: key.line,
                    text: filling.text(&key.text),
                };
                // A loop within a loop is unrolled with the outer one's item in place.
                let wrapped = Node {
                    line: key.line,
                    value: Value::Map(vec![(filled, filling.node(node))]),
                };
                if let Value::Map(made) = self.unrolled(&wrapped)?.value {
                    repeated.extend(made);
                }
            }
        }
        Ok(repeated)
    }
}

/// Names within a mapping are unique, also those that loops make.
fn check_keys(entries: &[(Key, Node)]) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    match entries.iter().find(|(key, _)| !seen.insert(&key.text)) {
        None => Ok(()),
        Some((key, _)) => {
            let message = format!("Fn::ForEach makes {} a second time", key.text);
            Err(Fault::new(key.line, message).with(Consequence::End))
        }
    }
}

/// An item in place of a loop's identifier.
struct Filling<'a> {
    identifier: &'a str,
    item: &'a str,
    /// `${Identifier}`, and `&{Identifier}` for the letters and digits of the item only.
    whole: String,
    alphanumeric: String,
}

impl<'a> Filling<'a> {
    fn new(identifier: &'a str, item: &'a str) -> Self {
        Self {
            identifier,
            item,
            whole: format!("${{{identifier}}}"),
            alphanumeric: format!("&{{{identifier}}}"),
        }
    }

    fn text(&self, text: &str) -> String {
        let text = text.replace(&self.whole, self.item);
        if !text.contains(&self.alphanumeric) {
            return text;
        }
        let item: String = self
            .item
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        text.replace(&self.alphanumeric, &item)
    }

    fn node(&self, node: &Node) -> Node {
        let value = match &node.value {
            Value::Text(text) => Value::Text(self.text(text)),
            Value::List(items) => Value::List(items.iter().map(|item| self.node(item)).collect()),
            Value::Map(entries) => self
                .referred(entries)
                .unwrap_or_else(|| Value::Map(self.entries(entries))),
            scalar => scalar.clone(),
        };
        let line = node.line;
        Node { line, value }
    }

    fn entries(&self, entries: &[(Key, Node)]) -> Vec<(Key, Node)> {
        let entries = entries.iter();
        let filled = entries.map(|(key, item)| {
            let text = self.text(&key.text);
            let line = key.line;
            (Key { line, text }, self.node(item))
        });
        filled.collect()
    }

    /// The item in place of `{Ref: Identifier}`.
    fn referred(&self, entries: &[(Key, Node)]) -> Option<Value> {
        let [(key, node)] = entries else { return None };
        let is_identifier = matches!(&node.value, Value::Text(name) if name == self.identifier);
        (key.text == "Ref" && is_identifier).then(|| Value::Text(self.item.to_owned()))
    }
}
