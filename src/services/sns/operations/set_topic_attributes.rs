//! `SetTopicAttributes`: changes one attribute of a topic.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::limits;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::Subscribers;
use crate::services::sns::topic_attributes::{Refused, TopicAttributes};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetTopicAttributesInput {
    topic_arn: Option<String>,
    attribute_name: Option<String>,
    attribute_value: Option<String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: SetTopicAttributesInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn);
    let name = validation.required("attributeName", input.attribute_name);
    validation.finish()?;
    let topic = sns.topic(caller, &topic_arn)?;
    let value = input.attribute_value.unwrap_or_default();
    // Checked before the attributes are locked: a publish holds the subscribers while it reads attributes.
    let takes_large =
        name != "MaximumMessageSize" || take_large_messages(&topic.subscribers.read());
    topic.change_attributes(|present| {
        let mut changed = TopicAttributes::clone(present);
        changed.set(&name, &value).map_err(Refused::in_set)?;
        if changed.message_size() > limits::MESSAGE_SIZE && !takes_large {
            return Err(Error::invalid("MaximumMessageSize"));
        }
        Ok(changed)
    })?;
    if name == "ArchivePolicy" {
        topic.keep_archive(sns.now());
    }
    Ok(())
}

/// Whether messages over 256 KiB can go to all of them. (`SetTopicAttributes`: at most a hundred, of three protocols.)
fn take_large_messages(subscribers: &Subscribers) -> bool {
    let mut all = subscribers.all();
    let counts = subscribers.counts();
    counts.confirmed + counts.pending <= limits::LARGE_MESSAGE_SUBSCRIPTIONS
        && all.all(|subscription| {
            matches!(
                subscription.identity.protocol,
                Protocol::Sqs | Protocol::Firehose | Protocol::Lambda
            )
        })
}
