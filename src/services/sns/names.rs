//! The names of SNS's members in forms and XML: those of the model, with Smithy's words around lists and maps, except
//! for message attributes.

use crate::wire::names::{MemberName, Shape, plain};

/// `MessageAttributes.entry.1.Name=…&MessageAttributes.entry.1.Value.DataType=…`.
const MESSAGE_ATTRIBUTES: Shape = Shape::PLAIN.with_words("Name", "Value");

/// SNS's [`Names`](crate::wire::names::Names).
pub fn names(structure: &str, member: &'static str) -> MemberName {
    match member {
        "MessageAttributes" => MemberName::new(member, &MESSAGE_ATTRIBUTES),
        _ => plain(structure, member),
    }
}
