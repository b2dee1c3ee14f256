//! A pattern's text, read from left to right.

use super::Refused;

/// What of a pattern is still to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'p> {
    rest: &'p str,
}

impl<'p> Reader<'p> {
    pub(super) const fn new(text: &'p str) -> Self {
        Self { rest: text }
    }

    pub(super) fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads this text, if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads this text, which must come next after blanks.
    pub(super) fn expect(&mut self, text: &str) -> Result<(), Refused> {
        self.skip_blanks();
        if self.eat(text) {
            Ok(())
        } else {
            Err(Refused::Invalid)
        }
    }

    /// Reads this word, if it comes next after blanks and ends there.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let mut ahead = *self;
        ahead.skip_blanks();
        let is_word = ahead.eat(word) && !ahead.peek().is_some_and(char::is_alphanumeric);
        if is_word {
            *self = ahead;
        }
        is_word
    }

    /// Reads as many characters as are meant; there may be none.
    pub(super) fn take_while(&mut self, is_meant: impl Fn(char) -> bool) -> &'p str {
        let end = self.rest.find(|character| !is_meant(character));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Reads a text up to `end`, which is read too. A backslash before `end`, or before another one, stands for it.
    pub(super) fn quoted(&mut self, end: char) -> Result<String, Refused> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let escaped = characters
                .peek()
                .map(|(_, next)| *next)
                .filter(|next| character == '\\' && (*next == end || *next == '\\'));
            match escaped {
                Some(next) => {
                    text.push(next);
                    characters.next();
                }
                None if character == end => {
                    self.rest = &self.rest[at + end.len_utf8()..];
                    return Ok(text);
                }
                None => text.push(character),
            }
        }
        Err(Refused::Invalid)
    }

    /// Reads the rest of a regular expression and the percent sign that ends it.
    pub(super) fn expression(&mut self) -> Result<&'p str, Refused> {
        let expression = self.take_while(|character| character != '%');
        self.expect("%")?;
        Ok(expression)
    }
}
