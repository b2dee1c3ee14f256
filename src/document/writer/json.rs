//! A tree as JSON for people to read: indented by two spaces, its numbers with their original digits.

use crate::document::Node;

/// The text, which ends with a line break.
pub fn write(tree: &Node) -> String {
    let json = serde_json::to_string_pretty(tree)
        .expect("the reader takes only JSON's numbers for numbers");
    printable(&json) + "\n"
}

/// JSON with invisible characters, and those that YAML rejects, escaped: they can only be in strings.
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

/// The escape of a character in strings of JSON and YAML. All characters that need one have four digits.
pub(super) fn named(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}
