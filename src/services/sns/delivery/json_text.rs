//! JSON as SNS lays it out: of messages with a member a line, and message attributes.

use std::borrow::Cow;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};

/// What JSON is written to.
pub(super) trait Output {
    fn push_str(&mut self, text: &str);
    fn push_json<T: Serialize + ?Sized>(&mut self, value: &T);
}

impl Output for String {
    fn push_str(&mut self, text: &str) {
        Self::push_str(self, text);
    }

    fn push_json<T: Serialize + ?Sized>(&mut self, value: &T) {
        Self::push_str(self, &compact(value));
    }
}

/// Counts the bytes of a text that is not needed itself.
#[derive(Debug, Default)]
pub(super) struct Length(usize);

impl Output for Length {
    fn push_str(&mut self, text: &str) {
        self.0 += text.len();
    }

    fn push_json<T: Serialize + ?Sized>(&mut self, value: &T) {
        serde_json::to_writer(self, value).expect("what is delivered consists of texts");
    }
}

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Members of an object, each on a line of its own. Each brings what separates it from the one before, so that texts of
/// members can be joined without a look at them.
pub(super) struct Members<O> {
    output: O,
    is_first: bool,
}

impl Members<String> {
    /// An object's first members.
    pub(super) fn first() -> Self {
        Self {
            output: "{".into(),
            is_first: true,
        }
    }

    /// Members that follow others.
    pub(super) fn further() -> Self {
        Self {
            output: String::new(),
            is_first: false,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.output.len()
    }

    pub(super) fn into_text(self) -> Box<str> {
        self.output.into()
    }
}

impl Members<Length> {
    /// A whole object whose members are only counted.
    pub(super) fn counted() -> Self {
        Self {
            output: Length("{".len()),
            is_first: true,
        }
    }

    /// The bytes of what was pushed.
    pub(super) fn count(&self) -> usize {
        self.output.0
    }
}

impl<O: Output> Members<O> {
    pub(super) fn push(&mut self, key: &str, value: &str) {
        self.output
            .push_str(if self.is_first { "\n  \"" } else { ",\n  \"" });
        self.is_first = false;
        self.output.push_str(key);
        self.output.push_str("\" : ");
        self.output.push_json(value);
    }

    /// The member `MessageAttributes`, with an attribute a line.
    pub(super) fn push_attributes(&mut self, attributes: &MessageAttributes) {
        self.output.push_str(",\n  \"MessageAttributes\" : {");
        let mut separator = "\n";
        for attribute in &attributes.attributes {
            self.output.push_str(separator);
            self.output.push_str("    ");
            self.output.push_json(&attribute.name);
            self.output.push_str(" : ");
            self.output.push_json(&AttributeMembers::of(attribute));
            separator = ",\n";
        }
        self.output.push_str("\n  }");
    }

    /// The object's end.
    pub(super) fn close(&mut self) {
        self.output.push_str("\n}");
    }
}

/// A message attribute in JSON: whatever its type, its value is a text.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeMembers<'a> {
    pub(super) r#type: &'a str,
    pub(super) value: Cow<'a, str>,
}

impl<'a> AttributeMembers<'a> {
    pub(super) fn of(attribute: &'a Attribute) -> Self {
        Self {
            r#type: &attribute.data_type,
            value: match &attribute.value {
                AttributeValue::Text(text) => Cow::Borrowed(text),
                AttributeValue::Binary(bytes) => Cow::Owned(BASE64.encode(bytes)),
            },
        }
    }
}

/// JSON without blanks. Texts are escaped only where they must be; what is not ASCII stays as it is.
pub(super) fn compact<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("what is delivered consists of texts")
}
