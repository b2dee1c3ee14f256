//! `GetTopicAttributes`: a topic's attributes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::wire::DateTimeMillis;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetTopicAttributesInput {
    topic_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetTopicAttributesOutput {
    attributes: BTreeMap<&'static str, String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: GetTopicAttributesInput,
) -> Result<GetTopicAttributesOutput, Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn);
    validation.finish()?;
    let topic = sns.topic(caller, &topic_arn)?;
    sns.forget_unconfirmed();
    let counts = topic.subscribers.read().counts();
    let mut attributes = topic.attributes().all(&topic.name);
    attributes.extend([
        ("SubscriptionsConfirmed", counts.confirmed.to_string()),
        ("SubscriptionsPending", counts.pending.to_string()),
        ("SubscriptionsDeleted", counts.deleted.to_string()),
    ]);
    let now = sns.now();
    if let Some(begins_at) = topic.memory.lock().archive_begins_at(now) {
        attributes.insert(
            "BeginningArchiveTime",
            DateTimeMillis(begins_at).to_string(),
        );
    }
    Ok(GetTopicAttributesOutput { attributes })
}
