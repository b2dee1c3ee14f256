//! Message attributes.

use std::borrow::Cow;

use super::{Decimal, Event, FieldId, ROOT, Value};

impl<'e> Event<'e> {
    /// Message attributes: name, data type and the value where it is a text. Binary ones are invisible; nothing matches a
    /// message that has no visible one.
    ///
    /// A `Number` that is not a number and a `String.Array` that is not a JSON list are present without a value: what AWS
    /// does with them is not recorded.
    pub fn from_attributes(
        attributes: impl IntoIterator<Item = (&'e str, &'e str, Option<&'e str>)>,
    ) -> Self {
        let mut event = Self::empty();
        for (name, data_type, text) in attributes {
            let Some(text) = text else { continue };
            let field = event.intern(0, Cow::Borrowed(name));
            event.is_usable |= event.add_attribute(field, data_type, text);
        }
        event
    }

    /// Whether the attribute is visible. Data types can have a custom label after a dot.
    fn add_attribute(&mut self, field: FieldId, data_type: &str, text: &'e str) -> bool {
        if data_type == "String.Array" {
            self.load_list(field, text);
            return true;
        }
        match data_type.split('.').next() {
            Some("String") => self.add(field, ROOT, Value::Text(text.into())),
            Some("Number") => {
                if let Some(number) = Decimal::parse(text.trim()) {
                    self.add(field, ROOT, Value::Number(number));
                }
            }
            _ => return false,
        }
        true
    }
}
