//! The tokens of a JSON text, one after the other.

use std::borrow::Cow;

use super::string;
use super::syntax_error::{Container, Mistake, SyntaxError};

/// How deep a text may nest: the limit of the parser behind AWS's answers, and what bounds the work of its readers.
const MAX_DEPTH: usize = 1000;

/// One token. Numbers keep their spelling.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::pattern) enum Token<'t> {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    /// The name of a member, its colon read.
    Name(Cow<'t, str>),
    String(Cow<'t, str>),
    Number(&'t str),
    True,
    False,
    Null,
}

/// Reads a text token by token; at its end, exactly one value has been read.
pub(in crate::pattern) struct Reader<'t> {
    text: &'t str,
    /// The byte to read next.
    at: usize,
    /// The position of AWS's parser after the token: see [`Reader::opened`].
    opened: usize,
    /// The containers that are open, with the byte at which each begins.
    open: Vec<(Container, usize)>,
    expects: Expects,
}

#[derive(Clone, Copy, PartialEq)]
enum Expects {
    Root,
    /// What follows an opening bracket.
    First,
    /// What follows a name.
    Value,
    /// What follows a value.
    Next,
}

impl<'t> Reader<'t> {
    pub(in crate::pattern) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            opened: 0,
            open: Vec::new(),
            expects: Expects::Root,
        }
    }

    /// The byte after the last token.
    pub(in crate::pattern) fn closed(&self) -> usize {
        self.at
    }

    /// The position of a parser that leaves a string's text for later: just after the opening quote of a string, otherwise
    /// after the token.
    pub(in crate::pattern) fn opened(&self) -> usize {
        self.opened
    }

    /// The next token; none at the end of the text.
    pub(in crate::pattern) fn next(&mut self) -> Result<Option<Token<'t>>, SyntaxError> {
        self.skip_whitespace()?;
        let Some(byte) = self.peek() else {
            return self.end();
        };
        match (self.expects, self.open.last().copied()) {
            (Expects::Root | Expects::Value, _) => self.value(byte),
            // AWS's answer to text after the document is not recorded.
            (_, None) => Err(self.unexpected(Mistake::TrailingText)),
            (expects, Some((container, start))) => {
                if matches!(byte, b']' | b'}') {
                    return self.close(byte, container, start);
                }
                self.entry(byte, container, expects)
            }
        }
        .map(Some)
    }

    fn end(&self) -> Result<Option<Token<'t>>, SyntaxError> {
        let mistake = match (self.expects, self.open.last()) {
            (Expects::Root, _) => Mistake::NoContent,
            (Expects::Value, _) => Mistake::EndBetween(Container::Object),
            (_, None) => return Ok(None),
            (_, Some(&(container, start))) => Mistake::EndInside(container, start),
        };
        Err(SyntaxError::new(mistake, self.at))
    }

    fn close(
        &mut self,
        byte: u8,
        container: Container,
        start: usize,
    ) -> Result<Option<Token<'t>>, SyntaxError> {
        if byte != container.close_marker() {
            return Err(self.unexpected(Mistake::CloseMarker(container, start)));
        }
        self.open.pop();
        self.expects = Expects::Next;
        self.advance(1);
        Ok(Some(match container {
            Container::Object => Token::ObjectEnd,
            Container::Array => Token::ArrayEnd,
        }))
    }

    fn entry(
        &mut self,
        mut byte: u8,
        container: Container,
        expects: Expects,
    ) -> Result<Token<'t>, SyntaxError> {
        if expects == Expects::Next {
            if byte != b',' {
                return Err(self.unexpected(Mistake::NoComma(container)));
            }
            self.at += 1;
            self.skip_whitespace()?;
            let end = SyntaxError::new(Mistake::EndBetween(container), self.at);
            byte = self.peek().ok_or(end)?;
        }
        match container {
            Container::Object => self.name(byte),
            Container::Array => self.value(byte),
        }
    }

    fn name(&mut self, byte: u8) -> Result<Token<'t>, SyntaxError> {
        if byte != b'"' {
            return Err(self.unexpected(Mistake::NoName));
        }
        let (name, end) = string::read(self.text, self.at + 1, Mistake::EndInName)?;
        self.at = end;
        self.skip_whitespace()?;
        match self.peek() {
            Some(b':') => self.advance(1),
            Some(_) => return Err(self.unexpected(Mistake::NoColon)),
            None => {
                let mistake = Mistake::EndBetween(Container::Object);
                return Err(SyntaxError::new(mistake, self.at));
            }
        }
        self.expects = Expects::Value;
        Ok(Token::Name(name))
    }

    fn value(&mut self, byte: u8) -> Result<Token<'t>, SyntaxError> {
        self.expects = Expects::Next;
        match byte {
            b'"' => {
                self.opened = self.at + 1;
                let (text, end) = string::read(self.text, self.opened, Mistake::EndInString)?;
                self.at = end;
                Ok(Token::String(text))
            }
            b'{' => self.open(Container::Object, Token::ObjectStart),
            b'[' => self.open(Container::Array, Token::ArrayStart),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn open(&mut self, container: Container, token: Token<'t>) -> Result<Token<'t>, SyntaxError> {
        if self.open.len() == MAX_DEPTH {
            return Err(SyntaxError::new(Mistake::TooDeep(MAX_DEPTH), self.at + 1));
        }
        self.open.push((container, self.at));
        self.expects = Expects::First;
        self.advance(1);
        Ok(token)
    }

    fn number(&mut self) -> Result<Token<'t>, SyntaxError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading = self.at;
        self.digits(Mistake::NoDigitAfterMinus)?;
        if self.at - leading > 1 && self.text.as_bytes()[leading] == b'0' {
            return Err(SyntaxError::new(Mistake::LeadingZeroes, leading + 1));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits(Mistake::NoDigitAfterPoint)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits(Mistake::NoDigitInExponent)?;
        }
        self.opened = self.at;
        Ok(Token::Number(&self.text[start..self.at]))
    }

    fn digits(&mut self, missing: Mistake) -> Result<(), SyntaxError> {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        match (count, self.peek()) {
            (0, Some(_)) => Err(self.unexpected(missing)),
            (0, None) => Err(SyntaxError::new(Mistake::EndInNumber, self.at)),
            _ => Ok(()),
        }
    }

    fn word(&mut self) -> Result<Token<'t>, SyntaxError> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let word = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        if word.is_empty() {
            return Err(self.unexpected(Mistake::NoValue));
        }
        self.advance(word.len());
        match word {
            "true" => Ok(Token::True),
            "false" => Ok(Token::False),
            "null" => Ok(Token::Null),
            _ => Err(SyntaxError::new(Mistake::Word(word.into()), self.at)),
        }
    }

    fn skip_whitespace(&mut self) -> Result<(), SyntaxError> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += rest.iter().take_while(is_space).count();
        match self.peek() {
            Some(b'/') => Err(self.unexpected(Mistake::Comment)),
            _ => Ok(()),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn advance(&mut self, bytes: usize) {
        self.at += bytes;
        self.opened = self.at;
    }

    /// An error at the character that is read next.
    fn unexpected(&self, mistake: Mistake) -> SyntaxError {
        SyntaxError::at_character(mistake, self.text, self.at)
    }
}
