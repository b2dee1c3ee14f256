//! The tree of a text. `mapping` builds mappings, `anchors` keeps the nodes that aliases repeat.

mod anchors;
mod mapping;
#[cfg(test)]
mod tests;
use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag, options};

use super::{Node, SyntaxError, Value, scalar, tag};
use anchors::Anchors;
use mapping::{Mapping, Scalar};

/// How deep collections may nest, aliases followed: shallow enough to walk a tree by recursion.
const MAX_DEPTH: usize = 100;

/// How far the parser looks ahead for the end of a key: YAML says 1024, JSON has no such rule.
const MAX_KEY_CHARS: usize = 1 << 16;

/// Reads one document of YAML or JSON.
pub fn read(text: &str) -> Result<Node, SyntaxError> {
    let mut reader = Reader {
        text,
        ..Reader::default()
    };
    let options = options! { emit_comments: false, simple_key_max_lookahead: MAX_KEY_CHARS };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| syntax(text, &error))?;
        reader.take(event, &span)?;
    }
    Ok(reader.root.unwrap_or(Node {
        line: 1,
        value: Value::Null,
    }))
}

/// The parser's message; JSON's own for a text that is meant as JSON.
fn syntax(text: &str, error: &ScanError) -> SyntaxError {
    let text = text.trim_start_matches('\u{feff}');
    let is_json = text.trim_start().starts_with(['{', '[']);
    if is_json && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let message = error.to_string();
        let message = message
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        return SyntaxError {
            line: error.line().max(1),
            message,
        };
    }
    SyntaxError {
        line: error.marker().line(),
        message: error.info(),
    }
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    root: Option<Node>,
    has_document: bool,
    open: Vec<Open>,
    anchors: Anchors,
}

/// A collection that has begun.
struct Open {
    line: usize,
    anchor: usize,
    tag: Option<Tag>,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(Mapping),
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), SyntaxError> {
        let line = span.tag_start().unwrap_or(span.start).line();
        match event {
            Event::DocumentStart(..) if self.has_document => Err(fail(
                line,
                "a second document begins here, and a file has one",
            )),
            Event::DocumentStart(..) => {
                self.has_document = true;
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), line)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(Content::List(Vec::new()), anchor, tag, line)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.open(Content::Map(Mapping::default()), anchor, tag, line)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(id) => self.alias(id, span.slice(self.text).unwrap_or("*"), line),
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<(), SyntaxError> {
        let is_plain = style == ScalarStyle::Plain;
        let value = if is_plain {
            scalar::plain(text)
        } else {
            Value::Text(text.to_owned())
        };
        let mut node = Node { line, value };
        if let Some(tag) = tag {
            node = tag::apply(tag, Some(text), node).map_err(|message| fail(line, message))?;
        }
        self.anchors.remember(anchor, &node, line)?;
        let is_plain = is_plain && tag.is_none();
        self.put(node, Some(Scalar { text, is_plain }))
    }

    fn open(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        line: usize,
    ) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(fail(line, too_deep()));
        }
        if self.awaits_key() {
            return Err(fail(line, "a key is a text, not a collection"));
        }
        self.open.push(Open {
            line,
            anchor,
            tag: tag.map(Cow::into_owned),
            content,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(Open {
            line,
            anchor,
            tag,
            content,
        }) = self.open.pop()
        else {
            return Ok(());
        };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Map(mapping) => Value::Map(mapping.finish()?),
        };
        let mut node = Node { line, value };
        if let Some(tag) = tag {
            node = tag::apply(&tag, None, node).map_err(|message| fail(line, message))?;
        }
        self.anchors.remember(anchor, &node, line)?;
        self.put(node, None)
    }

    fn alias(&mut self, id: usize, name: &str, line: usize) -> Result<(), SyntaxError> {
        let node = self.anchors.copy(id, name, line)?;
        if self.open.len() + depth(&node) > MAX_DEPTH {
            return Err(fail(line, too_deep()));
        }
        let text = match &node.value {
            Value::Text(text) | Value::Number(text) => Some(text.clone()),
            _ => None,
        };
        let scalar = text.as_deref().map(|text| Scalar {
            text,
            is_plain: false,
        });
        self.put(node, scalar)
    }

    fn awaits_key(&self) -> bool {
        match self.open.last().map(|open| &open.content) {
            Some(Content::Map(mapping)) => mapping.awaits_key(),
            _ => false,
        }
    }

    /// Puts a finished node where it belongs.
    fn put(&mut self, node: Node, scalar: Option<Scalar<'_>>) -> Result<(), SyntaxError> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(mapping)) => mapping.put(node, scalar)?,
        }
        Ok(())
    }
}

/// How deep collections nest in `node`.
fn depth(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(entries) => {
            1 + entries
                .iter()
                .map(|(_, node)| depth(node))
                .max()
                .unwrap_or(0)
        }
        _ => 0,
    }
}

fn too_deep() -> String {
    format!("this nests deeper than {MAX_DEPTH} levels")
}

fn fail(line: usize, message: impl Into<String>) -> SyntaxError {
    SyntaxError {
        line,
        message: message.into(),
    }
}
