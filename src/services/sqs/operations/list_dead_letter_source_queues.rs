//! `ListDeadLetterSourceQueues`: the queues whose redrive policy names this one.

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::QueueName;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListDeadLetterSourceQueuesInput {
    queue_url: Option<String>,
    next_token: Option<String>,
    max_results: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListDeadLetterSourceQueuesOutput {
    // AWS's model spells this one member in lower case.
    #[serde(rename = "queueUrls", skip_serializing_if = "Vec::is_empty")]
    queue_urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: ListDeadLetterSourceQueuesInput,
) -> Result<ListDeadLetterSourceQueuesOutput, Error> {
    let target = sqs.queue(caller, input.queue_url.as_deref())?;
    let sources = sqs
        .sources_of(&target)
        .map(|source| source.name.name.to_string())
        .collect();
    let request = format!("sources\n{}", target.arn);
    let page = pages::page(
        sources,
        input.max_results,
        input.next_token.as_deref(),
        &request,
    )?;
    let url = |name: String| {
        QueueName {
            name: name.into(),
            ..target.name.clone()
        }
        .url(caller.endpoint)
    };
    let queue_urls = page.items.into_iter().map(url).collect();
    Ok(ListDeadLetterSourceQueuesOutput {
        queue_urls,
        next_token: page.next_token,
    })
}
