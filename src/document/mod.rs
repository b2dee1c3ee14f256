//! YAML and JSON as one tree that knows its lines, so that an error can say where it is.
//!
//! In reading order: `reader` builds the tree from the parser's events, `scalar` gives scalars their types, `tag` tags
//! their meaning; `json` writes a tree as JSON text, [`writer`] as a text for people; [`compose`] builds trees to write,
//! `change` makes one tree from another.

mod change;
pub mod compose;
mod json;
mod reader;
mod scalar;
mod tag;
pub mod writer;

pub use json::to_json;
pub use reader::read;
pub use scalar::plain;

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct SyntaxError {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The line of the file, from 1.
    pub line: usize,
    /// The value.
    pub value: Value,
}

/// A value of a document. Scalars keep the text they were written with: `007` stays `007`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// Any other scalar, and any that is quoted.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in its order. A CloudFormation tag such as `!Ref x` is the mapping it stands for: `{Ref: x}`.
    Map(Vec<(Key, Node)>),
}

/// A mapping's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The line of the file, from 1.
    pub line: usize,
    /// Its text; a number's or truth value's as it was written.
    pub text: String,
}

impl Node {
    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(Key, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(k, _)| k.text == key)
            .map(|(_, node)| node)
    }
}

impl Value {
    /// A scalar's text; nothing of null, lists and mappings.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.clone()),
            Self::Bool(is_true) => Some(is_true.to_string()),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The kind of the value, as errors name it: `a list`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}
