//! `AddPermission`: adds a statement to a queue's policy.

use serde::Deserialize;

use crate::aws::policy::edit::Permission;
use crate::aws::{AccountId, Caller};
use crate::services::sqs::Sqs;
use crate::services::sqs::attributes::QueueAttributes;
use crate::services::sqs::error::Error;
use crate::services::sqs::limits;
use crate::services::sqs::policy;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AddPermissionInput {
    queue_url: Option<String>,
    label: Option<String>,
    #[serde(rename = "AWSAccountIds")]
    aws_account_ids: Option<Vec<String>>,
    actions: Option<Vec<String>>,
}

/// The actions that a queue's owner can permit to others.
const GRANTABLE: [&str; 9] = [
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
];

pub(super) fn call(sqs: &Sqs, caller: &Caller<'_>, input: AddPermissionInput) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let label = required(input.label, "Label")?;
    let accounts = required(input.aws_account_ids, "AWSAccountId")?;
    let actions = required(input.actions, "ActionName")?;
    check_label(&label)?;
    check_accounts(&accounts)?;
    check_actions(&actions)?;
    let permission = Permission {
        label: &label,
        accounts: &accounts,
        service: "SQS",
        actions: &actions,
        resource_arn: &queue.arn,
        partition: queue.name.region.partition(),
    };
    queue.change_attributes(sqs.now(), &sqs.settings, |present| {
        let policy = policy::add(present.policy.as_deref(), &permission)?;
        Ok(QueueAttributes {
            policy: Some(policy),
            ..present.clone()
        })
    })
}

fn required<T: Default + PartialEq>(value: Option<T>, parameter: &'static str) -> Result<T, Error> {
    value
        .filter(|value| *value != T::default())
        .ok_or_else(|| Error::missing(parameter))
}

fn check_label(label: &str) -> Result<(), Error> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if label.len() <= limits::LABEL_LENGTH && label.bytes().all(is_allowed) {
        return Ok(());
    }
    let reason =
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";
    Err(Error::invalid(label, "Label", reason))
}

/// AWS names those that it cannot verify as Java prints a list.
fn check_accounts(accounts: &[String]) -> Result<(), Error> {
    let unknown = accounts
        .iter()
        .filter(|account| AccountId::parse(account).is_none());
    let unknown: Vec<_> = unknown.map(String::as_str).collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(policy::unverifiable(unknown.join(", ")))
    }
}

fn check_actions(actions: &[String]) -> Result<(), Error> {
    for action in actions {
        if GRANTABLE.contains(&&**action) {
            continue;
        }
        let written = format!("SQS:{action}");
        if Sqs::OPERATIONS.contains(&&**action) && !policy::is_batch(action) {
            let reason = "Only the queue owner is allowed to invoke this action.";
            return Err(Error::invalid(written, "ActionName", reason));
        }
        return Err(policy::no_such_action(written));
    }
    if actions.len() > limits::POLICY_ACTIONS {
        return Err(Error::TooManyActions(actions.len()));
    }
    Ok(())
}
