//! JSON with positions: AWS's text about a bad policy names the position of its parser.
//!
//! In reading order: `reader.rs` turns text into tokens and keeps nothing, `string.rs` reads a string or a name,
//! `syntax_error.rs` says what is wrong in the words of Jackson, the parser behind AWS's answers, `document.rs` is the
//! whole text as a flat list of nodes. None of them recurses: no nesting overflows the stack.

mod document;
mod reader;
mod string;
mod syntax_error;

pub(super) use document::{CUT, Document, Node, Quoted};
pub(super) use reader::{Reader, Token};
pub(super) use string::quoted;
pub use syntax_error::JsonRefused;
pub(super) use syntax_error::{Position, SyntaxError};

/// Whether an attribute's value is JSON, and if not, AWS's text: `{attribute}: failed to parse JSON. …`.
pub fn check_json(attribute: &'static str, text: &str) -> Result<(), JsonRefused> {
    match mistake(text) {
        None => Ok(()),
        Some(error) => Err(JsonRefused::new(attribute, text, &error)),
    }
}

/// The first mistake of a text that is not JSON.
pub(super) fn mistake(text: &str) -> Option<SyntaxError> {
    let mut reader = Reader::new(text);
    loop {
        match reader.next() {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(error) => return Some(error),
        }
    }
}
