//! HOCON, as far as configurations of queues use it: objects, lists, texts with and without quotes, dotted keys, comments.
//! Includes are passed over. Substitutions (`${…}`), `+=` and values put together of parts are left out: whoever needs one
//! of them says so.

use super::{fail, key, text};
use crate::document::{Key, Node, SyntaxError, Value, plain};

/// How deep objects and lists may nest: shallow enough for any call stack.
const MAX_DEPTH: usize = 100;

/// What a text says.
pub(super) struct Read {
    /// Its outermost object. What is left out is null in it, and nothing else is.
    pub(super) root: Node,
    /// Why, for each value that is left out.
    left_out: Vec<SyntaxError>,
}

impl Read {
    /// Why a part of `node` is left out, if one is.
    pub(super) fn left_out_of(&self, node: &Node) -> Option<&SyntaxError> {
        match &node.value {
            Value::Null => self.left_out.iter().find(|why| why.line == node.line),
            Value::List(items) => items.iter().find_map(|item| self.left_out_of(item)),
            Value::Map(entries) => {
                let mut values = entries.iter().map(|(_, value)| value);
                values.find_map(|value| self.left_out_of(value))
            }
            Value::Bool(_) | Value::Number(_) | Value::Text(_) => None,
        }
    }
}

pub(super) fn read(text: &str) -> Result<Read, SyntaxError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        rest: text,
        line: 1,
        depth: 0,
        left_out: Vec::new(),
    };
    reader.skip();
    let is_braced = reader.take('{');
    let root = reader.object(is_braced.then_some('}'))?;
    reader.skip();
    match reader.peek() {
        None => Ok(Read {
            root,
            left_out: reader.left_out,
        }),
        Some(c) => Err(fail(reader.line, format!("there is a {c:?} too many"))),
    }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    depth: usize,
    left_out: Vec<SyntaxError>,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.next();
        }
        is_next
    }

    /// Passes over what satisfies `is`, and returns it.
    fn pass(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !is(c)).unwrap_or(self.rest.len());
        let (passed, rest) = self.rest.split_at(end);
        self.line += passed.matches('\n').count();
        self.rest = rest;
        passed
    }

    fn is_comment(&self) -> bool {
        self.rest.starts_with('#') || self.rest.starts_with("//")
    }

    /// Passes over white space, line breaks, commas and comments.
    fn skip(&mut self) {
        loop {
            self.pass(|c| c.is_whitespace() || c == ',');
            if !self.is_comment() {
                return;
            }
            self.pass(|c| c != '\n');
        }
    }

    fn spaces(&mut self) {
        self.pass(|c| c != '\n' && c.is_whitespace());
    }

    fn nested(&mut self) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("this nests deeper than {MAX_DEPTH} levels");
            return Err(fail(self.line, message));
        }
        Ok(())
    }

    /// The entries up to `end`, or to the end of the text.
    fn object(&mut self, end: Option<char>) -> Result<Node, SyntaxError> {
        let line = self.line;
        self.nested()?;
        let mut entries = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                Some(c) if Some(c) == end => {
                    self.next();
                    break;
                }
                None if end.is_none() => break,
                None => return Err(fail(line, "there is no } to this {")),
                Some('}' | ']') => break,
                Some(_) if self.rest.starts_with("include ") => {
                    self.pass(|c| c != '\n');
                }
                Some(_) => self.entry(&mut entries)?,
            }
        }
        self.depth -= 1;
        let value = Value::Map(entries);
        Ok(Node { line, value })
    }

    fn entry(&mut self, entries: &mut Vec<(Key, Node)>) -> Result<(), SyntaxError> {
        let path = self.path()?;
        self.spaces();
        let value = match self.peek() {
            Some('{') => self.value()?,
            Some('=' | ':') => {
                self.next();
                // The value may begin on the next line.
                self.pass(char::is_whitespace);
                self.value()?
            }
            Some('+') if self.rest.starts_with("+=") => {
                self.rest = &self.rest["+=".len()..];
                self.pass(char::is_whitespace);
                let line = self.value()?.line;
                self.leave_out(line, "+= is not read: write the whole value here")
            }
            _ => {
                let name = path.last().map_or("", |key| key.text.as_str());
                let message = format!("{name} has no value: = or {{ follows a name");
                return Err(fail(self.line, message));
            }
        };
        put(entries, &path, value);
        Ok(())
    }

    /// `a.b."c.d"`
    fn path(&mut self) -> Result<Vec<Key>, SyntaxError> {
        let mut path = Vec::new();
        loop {
            let line = self.line;
            let name = if self.take('"') {
                self.quoted()?
            } else {
                let is_name = |c: char| !c.is_whitespace() && !".:={}[]\",+#".contains(c);
                self.pass(is_name).to_owned()
            };
            if name.is_empty() {
                return Err(fail(line, "there is no name here"));
            }
            path.push(key(line, name));
            if !self.take('.') {
                return Ok(path);
            }
        }
    }

    /// One value. It is left out if it is put together of several parts, or a substitution.
    fn value(&mut self) -> Result<Node, SyntaxError> {
        let line = self.line;
        let first = self.part()?;
        let mut is_substituted = first.is_none();
        let mut is_whole = true;
        self.spaces();
        while !self.is_at_end() {
            is_substituted |= self.part()?.is_none();
            is_whole = false;
            self.spaces();
        }
        Ok(match first {
            Some(value) if is_whole => value,
            _ if is_substituted => self.leave_out(
                line,
                "a substitution (${…}) is not read: write its value here",
            ),
            _ => self.leave_out(line, "a value put together of parts is not read"),
        })
    }

    /// Whether a value ends here.
    fn is_at_end(&self) -> bool {
        matches!(self.peek(), None | Some('\n' | ',' | '}' | ']')) || self.is_comment()
    }

    /// What stands in place of a value that is left out.
    fn leave_out(&mut self, line: usize, why: &str) -> Node {
        self.left_out.push(fail(line, why));
        let value = Value::Null;
        Node { line, value }
    }

    /// A part of a value, in nearly all cases all of it: an object, a list or a text. Nothing is a substitution.
    fn part(&mut self) -> Result<Option<Node>, SyntaxError> {
        let line = self.line;
        let value = if self.take('{') {
            return self.object(Some('}')).map(Some);
        } else if self.take('[') {
            Value::List(self.items(line)?)
        } else if self.rest.starts_with("${") {
            self.pass(|c| c != '}' && c != '\n');
            if !self.take('}') {
                return Err(fail(line, "there is no } to this ${"));
            }
            return Ok(None);
        } else if self.rest.starts_with("\"\"\"") {
            self.rest = &self.rest[3..];
            let Some((content, rest)) = self.rest.split_once("\"\"\"") else {
                return Err(fail(line, "there is no end to this text"));
            };
            self.line += content.matches('\n').count();
            self.rest = rest;
            Value::Text(content.to_owned())
        } else if self.take('"') {
            Value::Text(self.quoted()?)
        } else {
            return self.unquoted().map(Some);
        };
        Ok(Some(Node { line, value }))
    }

    /// The items of a list that began on `line`.
    fn items(&mut self, line: usize) -> Result<Vec<Node>, SyntaxError> {
        self.nested()?;
        let mut items = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                Some(']') => {
                    self.next();
                    break;
                }
                None => return Err(fail(line, "there is no ] to this [")),
                Some(_) => items.push(self.value()?),
            }
        }
        self.depth -= 1;
        Ok(items)
    }

    /// A text without quotes, such as `10 seconds`.
    fn unquoted(&mut self) -> Result<Node, SyntaxError> {
        let line = self.line;
        let mut content = String::new();
        while let Some(c) = self.peek() {
            if "\n,}]{[\"".contains(c) || self.rest.starts_with("${") || self.is_comment() {
                break;
            }
            content.push(c);
            self.next();
        }
        let content = content.trim();
        if content.is_empty() {
            return Err(fail(line, "there is no value here"));
        }
        Ok(match plain(content) {
            Value::Null => text(line, content),
            value => Node { line, value },
        })
    }

    /// The rest of a text whose quote has been passed.
    fn quoted(&mut self) -> Result<String, SyntaxError> {
        let line = self.line;
        let start = self.rest;
        loop {
            match self.next() {
                Some('"') => break,
                Some('\\') => {
                    self.next();
                }
                None | Some('\n') => return Err(fail(line, "there is no end to this text")),
                Some(_) => {}
            }
        }
        let length = start.len() - self.rest.len() - 1;
        let written = format!("\"{}\"", &start[..length]);
        serde_json::from_str(&written).map_err(|error| fail(line, error.to_string()))
    }
}

/// Puts a value at a path: objects of one name are merged, other values replaced. What is left out stays so until a value
/// that is no object replaces it.
fn put(entries: &mut Vec<(Key, Node)>, path: &[Key], value: Node) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let place = entries.iter().position(|(key, _)| key.text == first.text);
    let place = place.unwrap_or_else(|| {
        entries.push((first.clone(), super::map(first.line, Vec::new())));
        entries.len() - 1
    });
    let present = &mut entries[place].1;
    if rest.is_empty() {
        match (&mut present.value, value.value) {
            (Value::Map(present), Value::Map(added)) => {
                for (key, node) in added {
                    put(present, &[key], node);
                }
            }
            // What is left out may be an object, and more than what is added to it.
            (Value::Null, Value::Map(_)) => {}
            (_, value_of) => {
                *present = Node {
                    line: value.line,
                    value: value_of,
                };
            }
        }
        return;
    }
    if !matches!(present.value, Value::Map(_) | Value::Null) {
        present.value = Value::Map(Vec::new());
    }
    if let Value::Map(inner) = &mut present.value {
        put(inner, rest, value);
    }
}
