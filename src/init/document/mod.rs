//! YAML and JSON as one tree that knows its lines, so that an error can say where.

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The line of the file, from 1.
    pub line: usize,
    /// The value.
    pub value: Value,
}

/// What stands in a document. Scalars keep the text they were written with: `007` stays `007`.
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
