//! `GetQueueAttributes`: a queue's attributes, and how many messages it holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::attributes;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::queue::input::Count;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetQueueAttributesInput {
    queue_url: Option<String>,
    attribute_names: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetQueueAttributesOutput {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<&'static str, String>,
}

const ALL: &str = "All";

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: GetQueueAttributesInput,
) -> Result<GetQueueAttributesOutput, Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let names = input.attribute_names.unwrap_or_default();
    if let Some(name) = names
        .iter()
        .find(|name| *name != ALL && !attributes::is_known(name))
    {
        return Err(Error::UnknownAttribute(name.clone()));
    }
    if names.is_empty() {
        return Ok(GetQueueAttributesOutput {
            attributes: BTreeMap::new(),
        });
    }
    let mut attributes = all(sqs, caller, &queue)?;
    if !names.iter().any(|name| name == ALL) {
        attributes.retain(|present, _| names.iter().any(|name| name == present));
    }
    Ok(GetQueueAttributesOutput { attributes })
}

/// All attributes of the queue, without those that are not set and those that its kind does not have.
fn all(
    sqs: &Sqs,
    caller: &Caller<'_>,
    queue: &HostedQueue,
) -> Result<BTreeMap<&'static str, String>, Error> {
    let counts = queue.waiting.apply(sqs.now(), Count);
    let counts = counts.ok_or(Error::QueueDoesNotExist)?;
    let counts = sqs.stale_counts(caller, queue).unwrap_or(counts);
    let mut all: BTreeMap<_, _> = queue.attributes().all().collect();
    all.extend([
        ("ApproximateNumberOfMessages", counts.visible.to_string()),
        (
            "ApproximateNumberOfMessagesDelayed",
            counts.delayed.to_string(),
        ),
        (
            "ApproximateNumberOfMessagesNotVisible",
            counts.in_flight.to_string(),
        ),
        ("CreatedTimestamp", queue.created_at.as_secs().to_string()),
        (
            "LastModifiedTimestamp",
            queue.modified_at().as_secs().to_string(),
        ),
        ("QueueArn", queue.arn.to_string()),
    ]);
    Ok(all)
}
