//! The tree of a text's events: anchors, aliases, merge keys, and the bounds that no file can pass.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag, options};

use super::{Key, Node, SyntaxError, Value, scalar, tag};

/// How deep collections may nest, aliases followed. Whoever walks a tree may do so by recursion.
const MAX_DEPTH: usize = 100;

/// What anchors and aliases of a file may copy, in bytes as [`size`] counts them: against "billion laughs".
const MAX_COPIED_BYTES: usize = 16 << 20;

/// What the parser looks ahead for the end of a key: YAML says 1024, JSON has no such rule.
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

/// What the parser says; of a text that is meant as JSON, what JSON's parser says.
fn syntax(text: &str, error: &ScanError) -> SyntaxError {
    let is_json = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with(['{', '[']);
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
    /// Finished nodes by their anchor's id.
    anchors: HashMap<usize, Node>,
    copied_bytes: usize,
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
    Map {
        entries: Vec<(Key, Node)>,
        keys: HashSet<String>,
        /// The key whose value comes next.
        key: Option<MapKey>,
        /// What `<<` names.
        merged: Vec<Node>,
    },
}

enum MapKey {
    Named(Key),
    Merge,
}

/// A scalar as it stands, before anybody asked what it is.
struct Scalar<'s> {
    text: &'s str,
    is_plain: bool,
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
                let content = Content::Map {
                    entries: Vec::new(),
                    keys: HashSet::new(),
                    key: None,
                    merged: Vec::new(),
                };
                self.open(content, anchor, tag, line)
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
        self.remember(anchor, &node, line)?;
        self.put(
            node,
            Some(&Scalar {
                text,
                is_plain: is_plain && tag.is_none(),
            }),
        )
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
            Content::Map {
                entries,
                keys,
                merged,
                ..
            } => Value::Map(merge(entries, keys, merged)?),
        };
        let mut node = Node { line, value };
        if let Some(tag) = tag {
            node = tag::apply(&tag, None, node).map_err(|message| fail(line, message))?;
        }
        self.remember(anchor, &node, line)?;
        self.put(node, None)
    }

    fn alias(&mut self, id: usize, name: &str, line: usize) -> Result<(), SyntaxError> {
        let Some(node) = self.anchors.get(&id) else {
            return Err(fail(line, format!("{name} stands inside of what it names")));
        };
        if self.open.len() + depth(node) > MAX_DEPTH {
            return Err(fail(line, too_deep()));
        }
        let node = node.clone();
        self.spend(&node, line)?;
        match node.value.clone() {
            Value::Text(text) | Value::Number(text) => self.put(
                node,
                Some(&Scalar {
                    text: &text,
                    is_plain: false,
                }),
            ),
            _ => self.put(node, None),
        }
    }

    fn remember(&mut self, anchor: usize, node: &Node, line: usize) -> Result<(), SyntaxError> {
        if anchor != 0 {
            self.spend(node, line)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    fn spend(&mut self, node: &Node, line: usize) -> Result<(), SyntaxError> {
        self.copied_bytes = self.copied_bytes.saturating_add(size(node));
        if self.copied_bytes > MAX_COPIED_BYTES {
            return Err(fail(line, "anchors and aliases repeat more than 16 MiB"));
        }
        Ok(())
    }

    fn awaits_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                content: Content::Map { key: None, .. },
                ..
            })
        )
    }

    /// Puts a finished node where it belongs.
    fn put(&mut self, node: Node, scalar: Option<&Scalar<'_>>) -> Result<(), SyntaxError> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map {
                entries,
                keys,
                key,
                merged,
            }) => match key.take() {
                None => *key = Some(map_key(&node, scalar, keys)?),
                Some(MapKey::Named(key)) => entries.push((key, node)),
                Some(MapKey::Merge) => merged.push(node),
            },
        }
        Ok(())
    }
}

fn map_key(
    node: &Node,
    scalar: Option<&Scalar<'_>>,
    keys: &mut HashSet<String>,
) -> Result<MapKey, SyntaxError> {
    let line = node.line;
    let (Some(scalar), false) = (scalar, matches!(node.value, Value::Map(_))) else {
        return Err(fail(line, "a key is a text, not a collection"));
    };
    if scalar.is_plain && scalar.text == "<<" {
        return Ok(MapKey::Merge);
    }
    if !keys.insert(scalar.text.to_owned()) {
        return Err(fail(
            line,
            format!("the key {} stands here a second time", scalar.text),
        ));
    }
    Ok(MapKey::Named(Key {
        line,
        text: scalar.text.to_owned(),
    }))
}

/// Adds what `<<` names: keys that the mapping has itself win, then those of the first that has them.
fn merge(
    mut entries: Vec<(Key, Node)>,
    mut keys: HashSet<String>,
    merged: Vec<Node>,
) -> Result<Vec<(Key, Node)>, SyntaxError> {
    let mut sources = Vec::new();
    for node in merged {
        match node.value {
            Value::List(nodes) => sources.extend(nodes),
            _ => sources.push(node),
        }
    }
    for source in sources {
        let Value::Map(added) = source.value else {
            return Err(fail(
                source.line,
                format!("<< takes a mapping, and this is {}", source.value.kind()),
            ));
        };
        entries.extend(
            added
                .into_iter()
                .filter(|(key, _)| keys.insert(key.text.clone())),
        );
    }
    Ok(entries)
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

/// About what `node` takes in memory.
fn size(node: &Node) -> usize {
    let own = size_of::<(Key, Node)>();
    own + match &node.value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(text) | Value::Text(text) => text.len(),
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, node)| key.text.len() + size(node))
            .sum(),
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

#[cfg(test)]
mod tests;
