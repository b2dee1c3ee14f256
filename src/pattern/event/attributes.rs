//! Message attributes.
//!
//! AWS puts their values into a JSON document without escaping them, which shows: a text is what it means between quotes, a
//! `String.Array` stands there as it is, and a value that breaks the document spoils all attributes. ("A value must be valid
//! inside a JSON string"; metric `NumberOfNotificationsFilteredOut-InvalidAttributes`; many reports.)

use std::borrow::Cow;

use super::{Contents, Event, FieldId, ROOT, Value};
use crate::pattern::dialect::Dialect;
use crate::pattern::json::quoted;

const LIST: &str = "String.Array";

impl<'e> Event<'e> {
    /// Message attributes: name, data type and the value where it is a text. Binary ones are invisible; nothing matches a
    /// message that has no visible one, or one that cannot be read.
    ///
    /// A `Number` that is not a number is present without a value: what AWS does with it is not recorded.
    pub fn from_attributes(
        attributes: impl IntoIterator<Item = (&'e str, &'e str, Option<&'e str>)>,
    ) -> Self {
        let mut event = Self::empty(Dialect::FilterPolicy);
        for (attribute, data_type, text) in attributes {
            let Some(text) = text else { continue };
            let field = event.intern(0, Cow::Borrowed(attribute));
            match event.add_attribute(field, data_type, text) {
                Seen::Readable => event.contents = Contents::Some,
                Seen::Invisible => {}
                Seen::Unreadable => {
                    event.contents = Contents::Unreadable {
                        attribute,
                        is_list: is_list(data_type),
                    };
                    break;
                }
            }
        }
        event
    }

    fn add_attribute(&mut self, field: FieldId, data_type: &str, text: &'e str) -> Seen {
        let is_readable = if is_list(data_type) {
            self.load_value(field, text)
        } else {
            // Data types can have a custom label after a dot.
            match data_type.split('.').next() {
                Some("String") => {
                    let text = quoted(text);
                    let is_readable = text.is_some();
                    if let Some(text) = text {
                        self.add(field, ROOT, Value::Text(text));
                    }
                    is_readable
                }
                Some("Number") => {
                    if let Some(number) = self.number(text.trim()) {
                        self.add(field, ROOT, number);
                    }
                    true
                }
                _ => return Seen::Invisible,
            }
        };
        if is_readable {
            Seen::Readable
        } else {
            Seen::Unreadable
        }
    }
}

/// What filter policies see of an attribute.
enum Seen {
    Readable,
    Invisible,
    /// It breaks the document.
    Unreadable,
}

fn is_list(data_type: &str) -> bool {
    let label = data_type.strip_prefix(LIST);
    label.is_some_and(|label| label.is_empty() || label.starts_with('.'))
}
