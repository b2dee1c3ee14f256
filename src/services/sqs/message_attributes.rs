//! Message attributes: their checks, and the filter on receive.

use std::borrow::Cow;

use serde::Serialize;

use super::digest::Digest;
use super::error::{Error, invalid_character};
use super::limits;
use super::message_input::{AttributeMap, MessageAttributeValue};
use crate::aws::characters::ill_formed;
use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};
use crate::wire::Blob;

/// An attribute's value as answers have it (`MessageAttributeValue`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownAttribute {
    #[serde(skip_serializing_if = "Option::is_none")]
    string_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary_value: Option<Blob>,
    data_type: String,
}

impl From<&Attribute> for ShownAttribute {
    fn from(attribute: &Attribute) -> Self {
        let (string_value, binary_value) = match &attribute.value {
            AttributeValue::Text(text) => (Some(text.to_string()), None),
            AttributeValue::Binary(bytes) => (None, Some(Blob(bytes.to_vec()))),
        };
        Self {
            string_value,
            binary_value,
            data_type: attribute.data_type.to_string(),
        }
    }
}

impl ShownAttribute {
    /// Its bytes.
    pub(super) fn size(&self) -> usize {
        let text = self.string_value.as_ref().map_or(0, String::len);
        let bytes = self.binary_value.as_ref();
        let bytes = bytes.map_or(0, |Blob(bytes)| bytes.len());
        self.data_type.len() + text + bytes
    }
}

/// The size of an attribute's type and value in bytes.
pub(super) fn size(attribute: &MessageAttributeValue<'_>) -> usize {
    let text = attribute.string_value.as_ref().map_or(0, |text| text.len());
    let bytes = attribute
        .binary_value
        .as_ref()
        .map_or(0, |Blob(bytes)| bytes.len());
    attribute
        .data_type
        .as_ref()
        .map_or(0, |data_type| data_type.len())
        + text
        + bytes
}

/// Checks a message's attributes. The map's order, by bytes, is the order of their digest.
pub(super) fn check(attributes: &AttributeMap<'_>) -> Result<MessageAttributes, Error> {
    check_names(attributes.keys().map(|name| &**name))?;
    values(attributes)
}

/// Checks the attributes of a message that another service delivers, just as [`check`] does, and returns their size in
/// bytes.
pub(super) fn check_delivered(attributes: &MessageAttributes) -> Result<usize, Error> {
    let attributes = &attributes.attributes;
    check_names(attributes.iter().map(|attribute| &*attribute.name))?;
    let mut size = 0;
    for attribute in attributes {
        let family = check_type(&attribute.name, &attribute.data_type)?;
        check_value(&attribute.name, family, &attribute.value)?;
        size += attribute.size();
    }
    Ok(size)
}

/// Checks the number of attributes, and their names.
fn check_names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Result<(), Error> {
    if names.len() > limits::MESSAGE_ATTRIBUTES {
        let sentence = format!(
            "Number of message attributes [{}] exceeds the allowed maximum [{}].",
            names.len(),
            limits::MESSAGE_ATTRIBUTES
        );
        return Err(invalid(sentence));
    }
    for name in names {
        check_name(name)?;
    }
    Ok(())
}

/// Checks a message's system attributes, whose names are AWS's own and whose values are text. (API reference,
/// `MessageSystemAttributeValue`; the sentence is modelled on that for message attributes.)
pub(super) fn check_system(attributes: &AttributeMap<'_>) -> Result<MessageAttributes, Error> {
    let checked = values(attributes)?;
    let is_text = |attribute: &Attribute| &*attribute.data_type == "String";
    match checked
        .attributes
        .iter()
        .find(|attribute| !is_text(attribute))
    {
        None => Ok(checked),
        Some(Attribute { name, .. }) => Err(invalid(format!(
            "The type of message (system) attribute '{name}' is invalid. You must use only the following supported type prefixes: String."
        ))),
    }
}

fn values(attributes: &AttributeMap<'_>) -> Result<MessageAttributes, Error> {
    let attributes = attributes.iter().map(|(name, value)| read(name, value));
    let attributes = attributes.collect::<Result<Vec<_>, _>>()?;
    Ok(MessageAttributes::new(attributes))
}

fn invalid(sentence: impl Into<Cow<'static, str>>) -> Error {
    Error::InvalidParameter(sentence.into())
}

fn check_name(name: &str) -> Result<(), Error> {
    const PLAIN: &[u8] = b"_-.";
    let is_reserved = |prefix: &str| {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if name.is_empty() {
        return Err(invalid(
            "The request must contain non-empty message (user) attribute names.",
        ));
    }
    if name.len() > limits::MESSAGE_ATTRIBUTE_NAME_LENGTH {
        return Err(invalid(
            "Message (user) attribute name must be shorter than 256 bytes.",
        ));
    }
    if is_reserved("AWS.") || is_reserved("Amazon.") {
        return Err(invalid(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
        ));
    }
    if name.starts_with('.') {
        return Err(invalid(
            "Message (user) attribute name must not begin with character '.'.",
        ));
    }
    if name.ends_with('.') {
        return Err(invalid(
            "Message (user) attribute name must not end with character '.'.",
        ));
    }
    if name.contains("..") {
        return Err(invalid(
            "Message (user) attribute name must not have successive '.' characters.",
        ));
    }
    // AWS has been observed to accept letters beyond ASCII, though its documentation does not say so.
    let is_allowed = |c: char| c.is_alphanumeric() || (c.is_ascii() && PLAIN.contains(&(c as u8)));
    if let Some(character) = name.chars().find(|&character| !is_allowed(character)) {
        let sentence = format!(
            "Invalid non-alphanumeric character '#x{:X}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
            u32::from(character)
        );
        return Err(invalid(sentence));
    }
    Ok(())
}

/// Reads an attribute as sent, and checks its type and value.
fn read(name: &str, value: &MessageAttributeValue<'_>) -> Result<Attribute, Error> {
    let has_list = value
        .string_list_values
        .as_ref()
        .is_some_and(|list| !list.is_empty())
        || value
            .binary_list_values
            .as_ref()
            .is_some_and(|list| !list.is_empty());
    if has_list {
        return Err(Error::AttributeListValues);
    }
    let data_type = value.data_type.as_deref().unwrap_or_default();
    let family = check_type(name, data_type)?;
    let value = match (&value.string_value, &value.binary_value) {
        (Some(_), Some(_)) => {
            return Err(invalid(format!(
                "Message (user) attribute '{name}' must have a single value."
            )));
        }
        (None, None) => {
            let sentence = format!(
                "The message (user) attribute '{name}' must contain a non-empty message attribute value."
            );
            return Err(invalid(sentence));
        }
        (Some(text), None) => AttributeValue::Text((**text).into()),
        (None, Some(Blob(bytes))) => AttributeValue::Binary(bytes.as_slice().into()),
    };
    check_value(name, family, &value)?;
    Ok(Attribute {
        name: name.into(),
        data_type: data_type.into(),
        value,
    })
}

/// Checks a value in the member of its kind.
fn check_value(name: &str, family: &str, value: &AttributeValue) -> Result<(), Error> {
    let (member, is_empty) = match value {
        AttributeValue::Text(text) => ("String", text.is_empty()),
        AttributeValue::Binary(bytes) => ("Binary", bytes.is_empty()),
    };
    let expected = if family == "Binary" {
        "Binary"
    } else {
        "String"
    };
    if member != expected {
        return Err(invalid(format!(
            "Message (user) attribute '{name}' with type '{family}' must use field '{expected}'."
        )));
    }
    if is_empty {
        return Err(invalid(format!(
            "Message (user) attribute '{name}' must contain a non-empty value of type '{family}'."
        )));
    }
    if let AttributeValue::Text(text) = value {
        if let Some(character) = ill_formed(text) {
            let place = format!("the value of message (user) attribute '{name}'");
            return Err(invalid(invalid_character(character, &place)));
        }
        if family == "Number" && !is_number(text) {
            let sentence =
                format!("Can't cast the value of message (user) attribute '{name}' to a number.");
            return Err(invalid(sentence));
        }
    }
    Ok(())
}

/// The family of a data type: the part before its custom label.
fn check_type<'a>(name: &str, data_type: &'a str) -> Result<&'a str, Error> {
    if data_type.is_empty() {
        let sentence = format!(
            "The message (user) attribute '{name}' must contain a non-empty message attribute type."
        );
        return Err(invalid(sentence));
    }
    if data_type.len() > limits::MESSAGE_ATTRIBUTE_NAME_LENGTH {
        return Err(invalid(
            "Message (user) attribute type must be shorter than 256 bytes.",
        ));
    }
    let family = data_type
        .split_once('.')
        .map_or(data_type, |(family, _)| family);
    // A label has the characters of a body. (Developer guide, "Message attributes".)
    if matches!(family, "String" | "Number" | "Binary") && ill_formed(data_type).is_none() {
        return Ok(family);
    }
    let sentence = format!(
        "The type of message (user) attribute '{name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String."
    );
    Err(invalid(sentence))
}

/// Whether a text is a number that AWS accepts: up to 38 significant digits, between 10^-128 and 10^126.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()),
        None => (text, Some(0)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let Some(exponent) = exponent else {
        return false;
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return true;
    }
    let leading_zeros = digits.len() - significant.len();
    // A message is at most 1 MiB, so these lengths fit.
    let length = |length: usize| i64::try_from(length).unwrap_or(i64::MAX / 2);
    let magnitude = i64::from(exponent) + length(whole.len()) - length(leading_zeros);
    significant.trim_end_matches('0').len() <= limits::NUMBER_DIGITS
        && (-127..=127).contains(&magnitude)
}

/// The message attributes that a receiver asks for (`MessageAttributeNames`).
#[derive(Debug)]
pub(super) struct Filter<'a> {
    names: Vec<&'a str>,
    wants_all: bool,
}

impl<'a> Filter<'a> {
    /// Reads the names: `All`, `.*` and `*` mean every attribute, `prefix.*` those whose name starts with `prefix`.
    pub(super) fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<_> = names.into_iter().collect();
        let wants_all = names.iter().any(|name| matches!(*name, "All" | ".*" | "*"));
        Self { names, wants_all }
    }

    /// The matching attributes, ordered by name, and the digest of just these; `None` if none matches.
    pub(super) fn select<'m>(
        &self,
        attributes: &'m MessageAttributes,
    ) -> Option<(Vec<&'m Attribute>, Digest)> {
        if self.wants_all {
            return Some((
                attributes.attributes.iter().collect(),
                Digest(attributes.md5),
            ));
        }
        let matching = attributes
            .attributes
            .iter()
            .filter(|attribute| self.matches(&attribute.name));
        let matching: Vec<_> = matching.collect();
        // AWS's digest covers the returned attributes, not all of the message's.
        let md5 = Digest::of_attributes(matching.iter().copied());
        (!matching.is_empty()).then_some((matching, md5))
    }

    fn matches(&self, attribute: &str) -> bool {
        self.names.iter().any(|name| match name.strip_suffix(".*") {
            Some(prefix) => attribute.starts_with(prefix),
            None => *name == attribute,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Text;

    fn text(data_type: &str, value: &str) -> MessageAttributeValue<'static> {
        MessageAttributeValue {
            string_value: Some(Text(value.to_owned().into())),
            data_type: Some(Text(data_type.to_owned().into())),
            ..MessageAttributeValue::default()
        }
    }

    fn map(
        attributes: impl IntoIterator<Item = (&'static str, MessageAttributeValue<'static>)>,
    ) -> AttributeMap<'static> {
        attributes
            .into_iter()
            .map(|(name, value)| (Text(name.into()), value))
            .collect()
    }

    fn refusal(name: &'static str, value: MessageAttributeValue<'static>) -> String {
        check(&map([(name, value)]))
            .expect_err("a refusal")
            .to_string()
    }

    #[test]
    fn names_follow_awss_rules() {
        for fine in ["a", "Help.Me", "a_b-c.d", "attr.1øßä", "AWSome"] {
            assert!(check(&map([(fine, text("String", "x"))])).is_ok(), "{fine}");
        }
        for wrong in [
            "", ".a", "a.", "a..b", "AWS.x", "aws.x", "Amazon.x", "a!", "a b", "a\"", "a(", "a?",
            "§",
        ] {
            assert!(
                check(&map([(wrong, text("String", "x"))])).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn values_must_fit_their_type() {
        assert!(refusal("a", text("String", "")).contains("non-empty value of type 'String'"));
        assert!(refusal("a", text("Float", "1")).contains("supported type prefixes"));
        assert!(refusal("a", text("string", "1")).contains("supported type prefixes"));
        assert!(refusal("a", text("Binary", "1")).contains("must use field 'Binary'"));
        assert!(refusal("a", text("Number", "one")).contains("Can't cast"));
        assert!(refusal("a", text("String", "\u{1}")).contains("'#x1' was found in the value"));
        assert!(refusal("a", text("String.\u{1}", "1")).contains("supported type prefixes"));
        assert!(refusal("a", MessageAttributeValue::default()).contains("attribute type"));
        let list = MessageAttributeValue {
            string_list_values: Some(vec![serde::de::IgnoredAny]),
            ..text("String", "x")
        };
        assert_eq!(check(&map([("a", list)])), Err(Error::AttributeListValues));
    }

    #[test]
    fn numbers_have_38_digits_and_a_bounded_magnitude() {
        for fine in [
            "0",
            "-1.5",
            "+7",
            "00012",
            "1e10",
            "12345678901234567890123456789012345678",
            "1E-128",
        ] {
            assert!(is_number(fine), "{fine}");
        }
        for wrong in [
            "",
            "-",
            ".",
            "1x",
            "1e",
            "1e200",
            "1e-200",
            "123456789012345678901234567890123456789",
            " 1",
        ] {
            assert!(!is_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn filter_selects_names_prefixes_and_all() {
        let attributes = map([
            ("Hello", text("String", "There")),
            ("Help.Me", text("String", "Me")),
        ]);
        let attributes = check(&attributes).expect("attributes");
        let names = |filter: &[&str]| {
            let selected = Filter::new(filter.iter().copied()).select(&attributes);
            selected.map(|(selected, md5)| {
                (
                    selected
                        .iter()
                        .map(|a| a.name.to_string())
                        .collect::<Vec<_>>(),
                    md5.to_string(),
                )
            })
        };
        let all = (
            vec!["Hello".to_owned(), "Help.Me".to_owned()],
            "83fee93c1bcd8b9a5a923ffacdc636c7".to_owned(),
        );
        for every in ["All", ".*", "*", "Hel.*"] {
            assert_eq!(names(&[every]), Some(all.clone()), "{every}");
        }
        let hello = (
            vec!["Hello".to_owned()],
            "a311262e065454b75da111d535b8dacd".to_owned(),
        );
        assert_eq!(names(&["Hello", "unknown", "AWS.", "..foo"]), Some(hello));
        assert_eq!(names(&["Help"]), None);
        assert_eq!(names(&[]), None);
    }
}
