//! SQS's errors for tags, and the characters that tags may have.

use crate::aws::tags::{self, TagRefused, Tags};
use crate::services::sqs::error::Error;

/// Adds `tags` to those of the queue called `queue`; all or none.
pub(super) fn add(present: &mut Tags, tags: Tags, queue: &str) -> Result<(), Error> {
    let refuse = |sentence: String| Error::InvalidParameter(sentence.into());
    for (key, value) in &tags {
        tags::check(key, value).map_err(|refused| match refused {
            TagRefused::Reserved => refuse(
                "Tag keys must not begin with 'aws:', which is reserved for use by AWS.".into(),
            ),
            other => refuse(other.to_string()),
        })?;
        if !key.chars().chain(value.chars()).all(is_allowed) {
            return Err(refuse(
                "Tags can only include letters, digits, white space and the characters _ . : / = + - @.".into(),
            ));
        }
    }
    tags::add(present, tags).map_err(|_| refuse(format!("Too many tags added for queue {queue}.")))
}

fn is_allowed(character: char) -> bool {
    character.is_alphanumeric() || character.is_whitespace() || "_.:/=+-@".contains(character)
}
