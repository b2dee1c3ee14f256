//! The message attributes that a publisher sends, and their checks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::error::Error;
use super::limits;
use crate::aws::characters::ill_formed;
use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};
use crate::aws::validation::Validation;
use crate::wire::{Blob, Text};

/// A message attribute as publishers send it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MessageAttributeValue<'a> {
    /// `String`, `String.Array`, `Number` or `Binary`, with or without a custom label.
    #[serde(borrow)]
    pub(super) data_type: Option<Text<'a>>,
    /// The value, unless it is a `Binary`.
    pub(super) string_value: Option<Text<'a>>,
    /// The value of a `Binary`.
    pub(super) binary_value: Option<Blob>,
}

/// Message attributes by name. The map's order, by bytes, is the order of their digest.
pub(super) type AttributeMap<'a> = BTreeMap<Text<'a>, MessageAttributeValue<'a>>;

/// Records the required members that are absent; their paths begin with `path` (`messageAttributes`).
pub(super) fn validate(
    attributes: &AttributeMap<'_>,
    path: impl fmt::Display,
    validation: &mut Validation,
) {
    for (name, value) in attributes {
        if value.data_type.is_none() {
            validation.refuse_null(format_args!("{path}.{}.member.dataType", &**name));
        }
    }
}

/// The bytes that AWS counts: each attribute's name, type and value. (Recorded.)
pub(super) fn size(attributes: &AttributeMap<'_>) -> usize {
    let length = |text: &Option<Text<'_>>| text.as_ref().map_or(0, |text| text.len());
    let sizes = attributes.iter().map(|(name, value)| {
        let binary = value.binary_value.as_ref().map_or(0, |bytes| bytes.0.len());
        name.len() + length(&value.data_type) + length(&value.string_value) + binary
    });
    sizes.sum()
}

/// Checks a message's attributes.
pub(super) fn check(attributes: &AttributeMap<'_>) -> Result<MessageAttributes, Error> {
    let checked = attributes.iter().map(|(name, value)| {
        check_name(name)?;
        check_value(name, value)
    });
    Ok(MessageAttributes::new(checked.collect::<Result<_, _>>()?))
}

fn invalid(sentence: impl Into<Cow<'static, str>>) -> Error {
    Error::InvalidMessageAttribute(sentence.into())
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.len() > limits::MESSAGE_ATTRIBUTE_NAME_LENGTH {
        return Err(invalid(
            "Length of message attribute name must be less than 256 bytes.",
        ));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if let Some(character) = name.chars().find(|&character| !is_allowed(character)) {
        return Err(invalid(format!(
            "Invalid non-alphanumeric character '#x{:X}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
            u32::from(character)
        )));
    }
    if is_reserved(name) {
        // The sentence is not recorded: it is that of SQS.
        return Err(invalid(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
        ));
    }
    if name.starts_with('.') {
        return Err(invalid(
            "Invalid message attribute name starting with character '.' was found.",
        ));
    }
    if name.ends_with('.') {
        return Err(invalid(
            "Invalid message attribute name ending with character '.' was found.",
        ));
    }
    if name.contains("..") {
        return Err(invalid(
            "Message attribute name can not have successive '.' character.",
        ));
    }
    Ok(())
}

/// Whether AWS keeps the name for itself: its prefixes in any case, except for the attributes of text messages and push
/// notifications. (SNS developer guide, "Message attributes".)
fn is_reserved(name: &str) -> bool {
    let has_prefix = |prefix: &str| {
        let start = name.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let is_known = |prefix: &&str| name.starts_with(prefix);
    (has_prefix("AWS.") || has_prefix("Amazon."))
        && !["AWS.SNS.MOBILE.", "AWS.SNS.SMS.", "AWS.MM.SMS."]
            .iter()
            .any(is_known)
}

fn check_value(name: &str, value: &MessageAttributeValue<'_>) -> Result<Attribute, Error> {
    let data_type = value.data_type.as_deref().unwrap_or_default();
    let family = family(data_type).ok_or_else(|| {
        invalid(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
        ))
    })?;
    let empty = || {
        invalid(format!(
            "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{data_type}'."
        ))
    };
    let wrong_field = |field| {
        invalid(format!(
            "The message attribute '{name}' with type '{data_type}' must use field '{field}'."
        ))
    };
    let text = value.string_value.as_deref();
    let bytes = value.binary_value.as_ref().map(|Blob(bytes)| bytes);
    let checked = match (family, text, bytes) {
        ("Binary", _, Some(bytes)) if !bytes.is_empty() => {
            AttributeValue::Binary(bytes.as_slice().into())
        }
        ("Binary", Some(_), None) => return Err(wrong_field("Binary")),
        ("String" | "Number", Some(text), _) if !text.is_empty() => {
            AttributeValue::Text(text.into())
        }
        ("String" | "Number", None, Some(_)) => return Err(wrong_field("String")),
        _ => return Err(empty()),
    };
    if family == "Number" && checked.as_text().is_some_and(|text| !is_number(text)) {
        // The sentence is not recorded.
        return Err(invalid(format!(
            "Could not cast message attribute '{name}' value to number."
        )));
    }
    Ok(Attribute {
        name: name.into(),
        data_type: data_type.into(),
        value: checked,
    })
}

/// The type without its custom label, which must not be empty: `String.` is no type (recorded). A label has the
/// characters of XML, as in SQS.
fn family(data_type: &str) -> Option<&str> {
    let family = match data_type.split_once('.') {
        Some((_, label)) if label.is_empty() || ill_formed(label).is_some() => return None,
        Some((family, _)) => family,
        None => data_type,
    };
    matches!(family, "String" | "Number" | "Binary").then_some(family)
}

fn is_number(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    text.trim().chars().all(is_plain) && text.trim().parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    fn refused(name: &str, data_type: &str, text: Option<&str>, bytes: Option<&[u8]>) -> String {
        checked(name, data_type, text, bytes)
            .expect_err("refused")
            .to_string()
    }

    fn checked(
        name: &str,
        data_type: &str,
        text: Option<&str>,
        bytes: Option<&[u8]>,
    ) -> Result<MessageAttributes, Error> {
        let value = MessageAttributeValue {
            data_type: Some(Text(data_type.to_owned().into())),
            string_value: text.map(|text| Text(text.to_owned().into())),
            binary_value: bytes.map(|bytes| Blob(bytes.to_vec())),
        };
        check(&AttributeMap::from([(Text(name.to_owned().into()), value)]))
    }

    #[test]
    fn types_are_families_with_a_label_or_none() {
        for data_type in ["String", "String.Array", "String.x", "String.  prefixed."] {
            assert!(
                checked("a", data_type, Some("v"), None).is_ok(),
                "{data_type}"
            );
        }
        for data_type in ["", "String.", "Stringx", "string", "Bool", "String.\u{1}"] {
            let sentence = refused("a", data_type, Some("v"), None);
            assert!(
                sentence.contains("invalid message attribute type"),
                "{sentence}"
            );
        }
    }

    #[test]
    fn values_are_in_the_field_of_their_type() {
        assert_eq!(
            refused("a", "Number", None, Some(b"1")),
            "The message attribute 'a' with type 'Number' must use field 'String'."
        );
        assert_eq!(
            refused("a", "Binary", Some("1"), None),
            "The message attribute 'a' with type 'Binary' must use field 'Binary'."
        );
        for (text, bytes) in [(None, None), (Some(""), None)] {
            assert_eq!(
                refused("a", "String", text, bytes),
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'."
            );
        }
        assert!(checked("a", "Number", Some("-1.5e3"), None).is_ok());
        assert!(checked("a", "Number", Some("one"), None).is_err());
    }

    #[test]
    fn names_are_refused_as_aws_does() {
        let cases = [
            ("a^", "'#x5E' was found"),
            (".a", "starting with character '.'"),
            ("a.", "ending with character '.'"),
            ("a..b", "successive '.'"),
            ("AWS.a", "reserved for internal use"),
            ("amazon.SNS.SMS.a", "reserved for internal use"),
        ];
        for known in [
            "AWS.SNS.SMS.SenderID",
            "AWS.MM.SMS.EntityId",
            "AWSome",
            "aws",
        ] {
            assert!(checked(known, "String", Some("v"), None).is_ok(), "{known}");
        }
        for (name, part) in cases {
            let sentence = refused(name, "String", Some("v"), None);
            assert!(sentence.contains(part), "{sentence}");
        }
        let long = refused(&"x".repeat(257), "String", Some("v"), None);
        assert_eq!(
            long,
            "Length of message attribute name must be less than 256 bytes."
        );
    }

    #[test]
    fn digests_are_those_of_sqs() {
        let hex = |attributes: &MessageAttributes| hex::encode(&attributes.md5);
        let one = checked("attr1", "Number", Some("99.12"), None).expect("checked");
        assert_eq!(hex(&one), "d302007e9aa062660afc85fd0a482472");
    }
}
