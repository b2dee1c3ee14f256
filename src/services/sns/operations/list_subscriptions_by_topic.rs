//! `ListSubscriptionsByTopic`: a topic's subscriptions, a hundred at a time.

use std::sync::Arc;

use serde::Deserialize;

use super::listing::{self, Place, SubscriptionPage};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSubscriptionsByTopicInput<'a> {
    #[serde(borrow)]
    topic_arn: Option<Text<'a>>,
    next_token: Option<Text<'a>>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListSubscriptionsByTopicInput<'_>,
) -> Result<SubscriptionPage, Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn);
    validation.finish()?;
    let topic = sns.topic(caller, &topic_arn)?;
    sns.forget_unconfirmed();
    let list = |last: Option<Place<'_>>, count| {
        let subscribers = topic.subscribers.read();
        let last = last.map(|(_, protocol, endpoint)| (protocol, endpoint));
        let with_topic = |subscription: &_| (Arc::clone(subscription), topic.arn.clone());
        subscribers
            .after(last)
            .take(count)
            .map(with_topic)
            .collect()
    };
    let request = format!("subscriptions\n{}", topic.arn);
    listing::page(input.next_token.as_deref(), &request, list)
}
