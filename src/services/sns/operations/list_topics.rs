//! `ListTopics`: the caller's topics in the region, a hundred at a time.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTopicsInput<'a> {
    #[serde(borrow)]
    next_token: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTopicsOutput {
    topics: Vec<Topic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Topic {
    topic_arn: Arc<str>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListTopicsInput<'_>,
) -> Result<ListTopicsOutput, Error> {
    let next_token = input.next_token.as_deref();
    let list = |last: Option<&str>, count| {
        let topics = sns.topics.after(caller.account, caller.region, last);
        topics.take(count).collect()
    };
    let name = |topic: &Arc<hosted_topic::Topic>| topic.name.name.to_string();
    let page = pages::page(next_token, "topics", name, list)?;
    let shown = page.items.into_iter().map(|topic| Topic {
        topic_arn: topic.arn.clone(),
    });
    Ok(ListTopicsOutput {
        topics: shown.collect(),
        next_token: page.next_token,
    })
}
