//! `ListDeadLetterSourceQueues`: the queues whose redrive policy names this one.

use std::sync::Arc;

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
    let request = format!("sources\n{}", target.arn);
    let list = |last: Option<&str>, count| {
        let sources = sqs.sources_of(&target, last);
        sources.take(count).map(|(name, _)| name).collect()
    };
    let next_token = input.next_token.as_deref();
    let page = pages::page(input.max_results, next_token, &request, list)?;
    let url = |name: Arc<str>| {
        QueueName {
            name: (&*name).into(),
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
