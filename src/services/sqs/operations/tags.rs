//! SQS's errors for tags.

use crate::aws::tags::{self, TagRefused, Tags};
use crate::services::sqs::error::Error;

/// Adds `tags` to those of the queue called `queue`; all or none.
pub(super) fn add(present: &mut Tags, tags: Tags, queue: &str) -> Result<(), Error> {
    for (key, value) in &tags {
        tags::check(key, value)?;
    }
    tags::add(present, tags).map_err(|_| {
        let sentence = format!("Too many tags added for queue {queue}.");
        Error::InvalidParameter(sentence.into())
    })
}

/// Removes the tags with these keys. An empty list is refused in the words for an empty key (recorded).
pub(super) fn remove(present: &mut Tags, keys: &[String]) -> Result<(), Error> {
    if keys.is_empty() {
        return Err(TagRefused::KeyLength.into());
    }
    for key in keys {
        tags::check_key_length(key)?;
    }
    tags::remove(present, keys);
    Ok(())
}

impl From<TagRefused> for Error {
    fn from(refused: TagRefused) -> Self {
        Self::InvalidParameter(refused.to_string().into())
    }
}
