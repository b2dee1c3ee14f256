//! `CreateTopic`, as small as the tests of subscriptions need it: to be dropped for the whole one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::sns::Sns;
use crate::sns::error::Error;
use crate::sns::topic::Topic;
use crate::sns::topic_attributes::{Kind, TopicAttributes};
use crate::sns::topics::TopicName;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateTopicInput {
    name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateTopicOutput {
    topic_arn: String,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: CreateTopicInput,
) -> Result<CreateTopicOutput, Error> {
    let kind = if input.name.ends_with(".fifo") {
        Kind::Fifo
    } else {
        Kind::Standard
    };
    let name = TopicName {
        account: caller.account,
        region: caller.region,
        name: input.name.into(),
    };
    let make = || {
        Topic::new(
            name.clone(),
            TopicAttributes::new(kind),
            BTreeMap::new(),
            None,
        )
    };
    let (topic, _) = sns.topics.get_or_insert(&name, make);
    Ok(CreateTopicOutput {
        topic_arn: topic.arn.to_string(),
    })
}
