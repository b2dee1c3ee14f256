//! What tags may be.

use std::collections::BTreeMap;

use crate::services::sqs::error::Error;
use crate::services::sqs::limits;

/// Tags by key.
pub(super) type Tags = BTreeMap<String, String>;

/// Adds `tags` to those that the queue called `queue` has; all or none.
pub(super) fn add(present: &mut Tags, tags: Tags, queue: &str) -> Result<(), Error> {
    let refuse = |sentence: String| Err(Error::InvalidParameter(sentence.into()));
    for (key, value) in &tags {
        if !limits::TAG_KEY_LENGTH.contains(&key.chars().count()) {
            return refuse("Tag keys must be between 1 and 128 characters in length.".into());
        }
        if value.chars().count() > limits::TAG_VALUE_LENGTH {
            return refuse("Tag values must be between 0 and 256 characters in length.".into());
        }
        if key
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
        {
            return refuse(
                "Tag keys must not begin with 'aws:', which is reserved for use by AWS.".into(),
            );
        }
        if !key.chars().chain(value.chars()).all(is_allowed) {
            return refuse(
                "Tags can only include letters, digits, white space and the characters _ . : / = + - @.".into(),
            );
        }
    }
    let new = tags
        .keys()
        .filter(|key| !present.contains_key(*key))
        .count();
    if present.len() + new > limits::TAGS {
        return refuse(format!("Too many tags added for queue {queue}."));
    }
    present.extend(tags);
    Ok(())
}

fn is_allowed(character: char) -> bool {
    character.is_alphanumeric() || character.is_whitespace() || "_.:/=+-@".contains(character)
}
