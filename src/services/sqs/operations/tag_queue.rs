//! `TagQueue`: adds tags to a queue, replacing those with the same keys.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagQueueInput {
    queue_url: Option<String>,
    tags: Option<Tags>,
}

pub(super) fn call(sqs: &Sqs, caller: &Caller<'_>, input: TagQueueInput) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let tags = input
        .tags
        .filter(|tags| !tags.is_empty())
        .ok_or_else(|| Error::missing("Tags"))?;
    queue.change_tags(|present| tags::add(present, tags, &queue.name.name))
}
