//! A tree as YAML for people to read: block style, quotes only where a text could be read as something else.

use super::json::{is_printable, named};
use crate::document::{Node, Value, to_json};

/// How a template's functions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tags {
    /// As tags: `!Ref Orders`.
    Short,
    /// Without tags: a function is a mapping.
    None,
}

/// The text, which ends in a line break.
pub fn write(tree: &Node, tags: Tags) -> String {
    let mut writer = Writer {
        tags,
        out: String::new(),
    };
    match scalar(tree, tags) {
        Some(text) => {
            writer.out.push_str(&text);
            writer.out.push('\n');
        }
        None => writer.block(tree, 0),
    }
    writer.out
}

struct Writer {
    tags: Tags,
    out: String,
}

impl Writer {
    /// The lines of a mapping or list that is not empty; the first begins where the text ends.
    fn block(&mut self, tree: &Node, indent: usize) {
        match &tree.value {
            Value::Map(entries) => {
                for (number, (key, item)) in entries.iter().enumerate() {
                    self.indent(number, indent);
                    self.out.push_str(&quoted(&key.text));
                    self.out.push(':');
                    self.item(item, indent);
                }
            }
            Value::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.indent(number, indent);
                    self.out.push('-');
                    match &item.value {
                        Value::Map(_) if scalar(item, self.tags).is_none() => {
                            self.out.push(' ');
                            self.block(item, indent + 2);
                        }
                        _ => self.item(item, indent),
                    }
                }
            }
            _ => {}
        }
    }

    /// What follows a key or dash.
    fn item(&mut self, item: &Node, indent: usize) {
        if let Some(text) = scalar(item, self.tags) {
            self.out.push(' ');
            self.out.push_str(&text);
            self.out.push('\n');
        } else {
            self.out.push('\n');
            self.out.push_str(&" ".repeat(indent + 2));
            self.block(item, indent + 2);
        }
    }

    /// The first line of a block is indented already.
    fn indent(&mut self, number: usize, indent: usize) {
        if number > 0 {
            self.out.push_str(&" ".repeat(indent));
        }
    }
}

/// The text of a value that fits on the line: anything except for mappings and lists that are not empty.
fn scalar(tree: &Node, tags: Tags) -> Option<String> {
    match &tree.value {
        Value::Text(text) => Some(quoted(text)),
        Value::Map(entries) => match (entries.as_slice(), tags) {
            ([], _) => Some("{}".to_owned()),
            ([(key, argument)], Tags::Short) => function(&key.text, argument),
            _ => None,
        },
        Value::List(items) => items.is_empty().then(|| "[]".to_owned()),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(to_json(tree)),
    }
}

/// A template's function as a tag.
fn function(name: &str, argument: &Node) -> Option<String> {
    match (name, &argument.value) {
        ("Ref", Value::Text(id)) => Some(format!("!Ref {}", quoted(id))),
        ("Fn::Sub", Value::Text(pattern)) => Some(format!("!Sub {}", quoted(pattern))),
        ("Fn::GetAtt", Value::List(parts)) => match parts.as_slice() {
            [
                Node {
                    value: Value::Text(id),
                    ..
                },
                Node {
                    value: Value::Text(attribute),
                    ..
                },
            ] => Some(format!("!GetAtt {id}.{attribute}")),
            _ => None,
        },
        _ => None,
    }
}

/// The text, in quotes unless it cannot be read as anything else.
fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if is_printable(c) => quoted.push(c),
            _ => quoted.push_str(&named(c)),
        }
    }
    quoted.push('"');
    quoted
}

/// Words that some readers take for truth values, numbers or null.
const RESERVED: [&str; 11] = [
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf",
];

/// A word of plain characters that begins with a letter; colons only within.
fn is_plain(text: &str) -> bool {
    let begins_with_letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-./:@+*".contains(c);
    begins_with_letter
        && text.chars().all(is_safe)
        && !text.ends_with(':')
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
}
