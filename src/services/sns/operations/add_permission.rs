//! `AddPermission`: one more statement in a topic's policy.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::characters::ill_formed;
use crate::aws::policy::edit::Permission;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::topic_attributes::TopicAttributes;
use crate::services::sns::topic_policy::{self, Unacceptable};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AddPermissionInput {
    topic_arn: Option<String>,
    label: Option<String>,
    #[serde(rename = "AWSAccountId")]
    aws_account_id: Option<Vec<String>>,
    action_name: Option<Vec<String>>,
}

/// The actions that a topic's owner can permit to others. (`AddPermission`.)
const GRANTABLE: [&str; 10] = [
    "*",
    "AddPermission",
    "DeleteTopic",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "Publish",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
];

pub(super) fn call(sns: &Sns, caller: &Caller<'_>, input: AddPermissionInput) -> Result<(), Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn);
    let label = validation.required("label", input.label);
    let accounts = validation.required_list("aWSAccountId", input.aws_account_id);
    let actions = validation.required_list("actionName", input.action_name);
    validation.finish()?;
    let topic = sns.topic(caller, &topic_arn)?;
    if ill_formed(&label).is_some() {
        return Err(Error::invalid("Label"));
    }
    if !actions.iter().all(|name| GRANTABLE.contains(&&**name)) {
        return Err(refused(Unacceptable::ActionOutOfScope));
    }
    let permission = Permission {
        label: &label,
        accounts: &accounts,
        service: "SNS",
        actions: &actions,
        resource_arn: &topic.arn,
        partition: topic.name.region.partition(),
    };
    topic.change_attributes(|present| {
        let policy =
            topic_policy::add(&present.policy(&topic.name), &permission).map_err(refused)?;
        Ok(TopicAttributes {
            policy: Some(policy),
            ..present.clone()
        })
    })
}

fn refused(reason: Unacceptable) -> Error {
    Error::invalid(reason.to_string())
}
