//! `ListQueues`: the URLs of the caller's queues in the region, ordered by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::QueueName;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListQueuesInput {
    queue_name_prefix: Option<String>,
    next_token: Option<String>,
    max_results: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListQueuesOutput {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    queue_urls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: ListQueuesInput,
) -> Result<ListQueuesOutput, Error> {
    let prefix = input.queue_name_prefix.unwrap_or_default();
    let request = format!("queues\n{prefix}");
    let list = |last: Option<&str>, count| {
        let (account, region) = (caller.account, caller.region);
        let names = sqs.queues.names(account, region, &prefix, last);
        names.take(count).collect()
    };
    let next_token = input.next_token.as_deref();
    let page = pages::page(input.max_results, next_token, &request, list)?;
    let url = |name: Arc<str>| {
        let name = QueueName {
            account: caller.account,
            region: caller.region,
            name: (&*name).into(),
        };
        name.url(caller.endpoint)
    };
    let queue_urls = page.items.into_iter().map(url).collect();
    Ok(ListQueuesOutput {
        queue_urls,
        next_token: page.next_token,
    })
}
