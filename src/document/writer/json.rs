//! A tree as JSON for people to read: two spaces a level, numbers with the digits that they were written with.

use crate::document::{Node, Value, to_json};

/// The text, which ends in a line break.
pub fn write(tree: &Node) -> String {
    let mut out = String::new();
    value(tree, 0, &mut out);
    out.push('\n');
    printable(&out)
}

/// JSON with invisible characters escaped, and those that YAML does not take: they can only be in strings.
pub fn printable(json: &str) -> String {
    let mut printable = String::with_capacity(json.len());
    for c in json.chars() {
        if is_printable(c) || c == '\n' {
            printable.push(c);
        } else {
            printable.push_str(&named(c));
        }
    }
    printable
}

/// Whether a character can be written as itself.
pub(super) fn is_printable(c: char) -> bool {
    let is_mark = matches!(
        c,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    );
    !c.is_control() && !is_mark
}

/// A character's escape in strings of JSON and YAML. All that are escaped have four digits.
pub(super) fn named(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

fn value(tree: &Node, depth: usize, out: &mut String) {
    match &tree.value {
        Value::List(items) if !items.is_empty() => {
            let items = items.iter().map(|item| (None, item));
            members(items, ['[', ']'], depth, out);
        }
        Value::Map(entries) if !entries.is_empty() => {
            let entries = entries
                .iter()
                .map(|(key, item)| (Some(key.text.as_str()), item));
            members(entries, ['{', '}'], depth, out);
        }
        _ => out.push_str(&to_json(tree)),
    }
}

fn members<'a>(
    members: impl Iterator<Item = (Option<&'a str>, &'a Node)>,
    [open, close]: [char; 2],
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    for (number, (key, item)) in members.enumerate() {
        out.push_str(if number == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            out.push_str(&serde_json::Value::from(key).to_string());
            out.push_str(": ");
        }
        value(item, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}
