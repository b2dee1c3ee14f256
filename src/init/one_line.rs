//! Texts for the log: names in files may have line breaks and be megabytes long, and a log line is one line.

use std::fmt::Write as _;

/// The longest text that is shown whole, in characters.
const MAX_CHARS: usize = 1000;

/// How many characters remain of the end of a longer text: the reason comes last.
const END_CHARS: usize = 300;

/// The text on one line: control characters escaped, and the middle cut out if it is long.
pub(super) fn one_line(text: &str) -> String {
    let count = text.chars().count();
    if count <= MAX_CHARS {
        return escaped(text.chars());
    }
    let start = text.chars().take(MAX_CHARS - END_CHARS);
    let end = text.chars().skip(count - END_CHARS);
    format!("{} … {}", escaped(start), escaped(end))
}

fn escaped(text: impl Iterator<Item = char>) -> String {
    let mut escaped = String::new();
    for c in text {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            let _ = write!(escaped, "{}", c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_and_control_characters_are_escaped() {
        assert_eq!(
            one_line("a\nb\r\u{1b}\t\u{2028}\u{7f}é"),
            "a\\nb\\r\\u{1b}\\t\\u{2028}\\u{7f}é"
        );
    }

    #[test]
    fn long_text_keeps_its_beginning_and_its_end() {
        let long = format!("file:1: {}: there is no such thing", "k".repeat(2_000_000));
        let line = one_line(&long);
        assert!(line.starts_with("file:1: kkk"), "{line}");
        assert!(line.ends_with("kkk: there is no such thing"), "{line}");
        assert_eq!(line.chars().count(), MAX_CHARS + " … ".len() - 2);
        let fits = "é".repeat(MAX_CHARS);
        assert_eq!(one_line(&fits), fits);
    }
}
