//! `UntagQueue`: removes tags; keys that the queue does not have are not an error.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagQueueInput {
    queue_url: Option<String>,
    tag_keys: Option<Vec<String>>,
}

pub(super) fn call(sqs: &Sqs, caller: &Caller<'_>, input: UntagQueueInput) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let keys = input.tag_keys.ok_or_else(|| Error::missing("TagKeys"))?;
    queue.change_tags(|present| tags::remove(present, &keys))
}
