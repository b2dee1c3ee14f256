//! `ListQueueTags`: a queue's tags.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListQueueTagsInput {
    queue_url: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListQueueTagsOutput {
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: ListQueueTagsInput,
) -> Result<ListQueueTagsOutput, Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    Ok(ListQueueTagsOutput { tags: queue.tags() })
}
