//! Tags of streams and consumers: their checks, and whose they are.

use serde::Serialize;

use crate::aws::tags::{self, Tags};
use crate::aws::validation::{Rule, Validation, Value};
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::RESOURCES;
use crate::services::kinesis::error::{Error, Under};
use crate::services::kinesis::name::StreamName;
use crate::services::kinesis::resource::Resource;

static MAP: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(200)];
static LIST: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(50)];
pub(super) static KEYS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(128)];
static VALUES: [Rule; 1] = [Rule::LengthAtMost(256)];

/// A tag as it is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// A tag as it is shown.
pub(super) fn shown((key, value): (&String, &String)) -> Tag {
    Tag {
        key: key.clone(),
        value: value.clone(),
    }
}

/// Checks the constraints of the model on tags.
pub(super) fn validate(validation: &mut Validation, tags: Option<&Tags>) {
    let Some(tags) = tags else { return };
    let texts: Vec<_> = tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let map = Value::List {
        length: tags.len(),
        shown: &format_args!("{{{}}}", texts.join(", ")),
    };
    validation.check("tags", Some(map), &MAP);
    for (key, value) in tags {
        validation.check("tags", Some(key.as_str()), &KEYS);
        validation.check(
            format_args!("tags.{key}.member"),
            Some(value.as_str()),
            &VALUES,
        );
    }
}

/// Checks the constraints of the model on required keys without values.
pub(super) fn validate_keys(validation: &mut Validation, keys: Option<&[String]>) {
    let Some(keys) = keys else {
        return validation.refuse_null("tagKeys");
    };
    let list = Value::List {
        length: keys.len(),
        shown: &format_args!("[{}]", keys.join(", ")),
    };
    validation.check("tagKeys", Some(list), &LIST);
    for (place, key) in (1..).zip(keys) {
        validation.check(
            format_args!("tagKeys.{place}.member"),
            Some(key.as_str()),
            &KEYS,
        );
    }
}

/// Checks the characters of tags. Those that both checks of AWS's server refuse are refused by the first.
pub(super) fn check(tags: &Tags) -> Result<(), Error> {
    let mut characters = tags
        .iter()
        .flat_map(|(key, value)| key.chars().chain(value.chars()));
    let is_valid = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_./=+-%@:".contains(c);
    if characters.all(is_valid) {
        return Ok(());
    }
    Err(Error::invalid(
        "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.",
    ))
}

/// Adds tags to those of a stream or its consumer, replacing those with the same keys; all or none.
pub(super) fn add(present: &mut Tags, new: &Tags, stream: &StreamName) -> Result<(), Error> {
    check(new)?;
    let refuse = |why: &str| {
        let stream = Under(stream).to_string();
        let stream = stream.replacen('S', "s", 1);
        Error::invalid(format!("Failed to add tags to {stream} because {why}"))
    };
    let mut characters = new
        .iter()
        .flat_map(|(key, value)| key.chars().chain(value.chars()));
    if characters.any(|c| c == '%') {
        return Err(refuse(
            "some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, \
             '_',',','/','=','+','-','@'.",
        ));
    }
    // The sentence is older than the limit, which is 50.
    tags::add(present, new.clone())
        .map_err(|_| refuse("a given stream cannot have more than 10 tags associated with it."))
}

/// The resource that a request names by its ARN.
pub(super) fn resource(
    kinesis: &Kinesis,
    mut validation: Validation,
    arn: Option<&str>,
) -> Result<Resource, Error> {
    let arn = validation.required_text("resourceARN", arn, &RESOURCES);
    validation.finish()?;
    Resource::find(kinesis, arn)
}
