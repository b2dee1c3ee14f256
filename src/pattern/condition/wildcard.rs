//! Texts with stars.

use std::fmt;

/// Texts between stars, each of which stands for any run of characters, also none. The whole text must match.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::pattern) struct Wildcard {
    /// What stands before, between and after the stars: one part more than there are stars.
    parts: Box<[Box<str>]>,
}

/// What is wrong with a wildcard, and at which of its bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::pattern) enum WildcardRefused {
    ConsecutiveStars(usize),
    Escape(usize),
}

impl Wildcard {
    /// `\*` is a star and `\\` a backslash.
    pub(in crate::pattern) fn parse(text: &str) -> Result<Self, WildcardRefused> {
        let mut parts = vec![String::new()];
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|&(_, next)| next);
            let literal = match (character, next) {
                ('*', Some('*')) => return Err(WildcardRefused::ConsecutiveStars(at)),
                ('*', _) => {
                    parts.push(String::new());
                    continue;
                }
                ('\\', Some(escaped @ ('*' | '\\'))) => {
                    characters.next();
                    escaped
                }
                ('\\', _) => return Err(WildcardRefused::Escape(at)),
                (character, _) => character,
            };
            parts.last_mut().expect("never empty").push(literal);
        }
        Ok(Self {
            parts: parts.into_iter().map(String::into_boxed_str).collect(),
        })
    }

    pub(in crate::pattern) fn stars(&self) -> usize {
        self.parts.len() - 1
    }

    /// What stands before, between and after the stars.
    pub(in crate::pattern) fn parts(&self) -> &[Box<str>] {
        &self.parts
    }

    /// What stands before the first star.
    pub(in crate::pattern) fn start(&self) -> &str {
        self.parts.first().map_or("", |part| part)
    }

    /// Takes the first place for each part, which leaves most for the next.
    pub(in crate::pattern) fn matches(&self, text: &str) -> bool {
        let (first, others) = self.parts.split_first().expect("never empty");
        let Some((last, middle)) = others.split_last() else {
            return **first == *text;
        };
        let Some(mut rest) = text.strip_prefix(&**first) else {
            return false;
        };
        for part in middle {
            match rest.find(&**part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(&**last)
    }
}

/// As a policy writes it, before it is quoted.
impl fmt::Display for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.parts.iter().enumerate() {
            let star = if place > 0 { "*" } else { "" };
            let part = part.replace('\\', r"\\").replace('*', r"\*");
            write!(f, "{star}{part}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(wildcard: &str, text: &str) -> bool {
        Wildcard::parse(wildcard).unwrap().matches(text)
    }

    #[test]
    fn stars_stand_for_any_run_of_characters() {
        for (wildcard, text) in [
            ("*", ""),
            ("*", "é"),
            ("a*", "a"),
            ("*a", "ba"),
            ("a*a", "aa"),
            ("a*b*c", "abbc"),
            ("*ab*", "xaaby"),
            ("a*ba", "ababa"),
            ("plain", "plain"),
            ("", ""),
            (r"\**", "*x"),
            (r"a\\*", r"a\b"),
            ("*é*", "aéb"),
        ] {
            assert!(matches(wildcard, text), "{wildcard} {text}");
        }
        for (wildcard, text) in [
            ("a*a", "a"),
            ("a*", "ba"),
            ("*a", "ab"),
            ("a*b*c", "acb"),
            ("plain", "plains"),
            ("", "a"),
            (r"\*", "x"),
            ("ab*bc", "abc"),
        ] {
            assert!(!matches(wildcard, text), "{wildcard} {text}");
        }
    }

    #[test]
    fn what_is_shown_reads_as_the_same() {
        for wildcard in ["*", "a*b", "", r"\**", r"a\\*", "*é*"] {
            assert_eq!(Wildcard::parse(wildcard).unwrap().to_string(), wildcard);
        }
    }

    #[test]
    fn two_stars_in_a_row_and_other_escapes_are_refused() {
        let refused = |text| Wildcard::parse(text).unwrap_err();
        assert_eq!(refused("a**b"), WildcardRefused::ConsecutiveStars(1));
        assert_eq!(refused(r"é\b"), WildcardRefused::Escape(2));
        assert_eq!(refused(r"ab\"), WildcardRefused::Escape(2));
    }
}
