//! AWS Query answers: any operation's output becomes XML.
//!
//! In reading order: [`encode`] and [`error`] write the two kinds of answer, `serializer` is how serde's types become
//! elements, `document` how elements become bytes.

mod document;
mod serializer;

use serde::Serialize;

use super::error::ErrorInfo;
use super::names::{Names, Shape};
use document::Document;
use serializer::Element;

/// How a service lays out its XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The namespace of the root.
    pub namespace: &'static str,
    /// Whether the document starts with `<?xml version="1.0"?>`.
    pub declaration: bool,
    /// Whether each element has its own line, indented by two spaces, and the document ends with a newline.
    pub pretty: bool,
    /// Whether an error has an empty `Detail`.
    pub detail: bool,
}

/// Writes an operation's output. `()`, no output at all, has no `Result` element; an output without members has an
/// empty one.
pub fn encode<T: Serialize>(
    operation: &str,
    request_id: &str,
    output: &T,
    style: &Style,
    names: Names,
) -> Vec<u8> {
    let (response, result) = (format!("{operation}Response"), format!("{operation}Result"));
    let mut document = Document::new(style);
    document.start(&response, Some(("xmlns", style.namespace)));
    let root = Element {
        document: &mut document,
        name: &result,
        namespace: None,
        shape: &Shape::PLAIN,
        names,
    };
    output
        .serialize(root)
        .expect("outputs are structures of plain members");
    document.start("ResponseMetadata", None);
    document.element("RequestId", request_id);
    document.end("ResponseMetadata");
    document.end(&response);
    document.finish()
}

/// Writes an error.
pub fn error(info: &ErrorInfo, request_id: &str, style: &Style) -> Vec<u8> {
    let message = info.query_message.as_ref().unwrap_or(&info.message);
    let mut document = Document::new(style);
    document.start("ErrorResponse", Some(("xmlns", style.namespace)));
    document.start("Error", None);
    document.element("Type", info.fault().as_str());
    document.element("Code", info.query_code);
    document.element("Message", message);
    if style.detail {
        document.element("Detail", "");
    }
    document.end("Error");
    document.element("RequestId", request_id);
    document.end("ErrorResponse");
    document.finish()
}
