//! `RemovePermission`: removes one statement from a topic's policy. An unknown label is no error.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::topic_attributes::TopicAttributes;
use crate::services::sns::topic_policy;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RemovePermissionInput {
    topic_arn: Option<String>,
    label: Option<String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: RemovePermissionInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn);
    let label = validation.required("label", input.label);
    validation.finish()?;
    let topic = sns.topic(caller, &topic_arn)?;
    topic.change_attributes(|present| {
        let mut changed = TopicAttributes::clone(present);
        if let Some(policy) = topic_policy::remove(&present.policy(&topic.name), &label) {
            changed.policy = Some(policy);
        }
        Ok(changed)
    })
}
