//! JSON as SNS lays it out: of messages with a member a line, and message attributes.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};

/// Members of an object, each on a line of its own. Each brings what separates it from the one before, so that texts of
/// members can be joined without a look at them.
pub(super) struct Members {
    text: String,
}

impl Members {
    /// An object's first members.
    pub(super) fn first() -> Self {
        Self { text: "{".into() }
    }

    /// Members that follow others.
    pub(super) fn further() -> Self {
        Self {
            text: String::new(),
        }
    }

    pub(super) fn push(&mut self, key: &str, value: &str) {
        let is_first = self.text == "{";
        self.text
            .push_str(if is_first { "\n  \"" } else { ",\n  \"" });
        self.text.push_str(key);
        self.text.push_str("\" : ");
        self.text.push_str(&compact(value));
    }

    /// The member `MessageAttributes`, with an attribute a line.
    pub(super) fn push_attributes(&mut self, attributes: &MessageAttributes) {
        self.text.push_str(",\n  \"MessageAttributes\" : {");
        let mut separator = "\n";
        for attribute in &attributes.attributes {
            let value = compact(&AttributeMembers::of(attribute));
            self.text.push_str(separator);
            self.text
                .extend(["    ", &compact(&attribute.name), " : ", &value]);
            separator = ",\n";
        }
        self.text.push_str("\n  }");
    }

    /// The object's end.
    pub(super) fn close(&mut self) {
        self.text.push_str("\n}");
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn into_text(self) -> Box<str> {
        self.text.into()
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
