//! `RemovePermission`: removes a statement from a queue's policy.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::attributes::QueueAttributes;
use crate::services::sqs::error::Error;
use crate::services::sqs::policy;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RemovePermissionInput {
    queue_url: Option<String>,
    label: Option<String>,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: RemovePermissionInput,
) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let label = input
        .label
        .filter(|label| !label.is_empty())
        .ok_or_else(|| Error::missing("Label"))?;
    queue.change_attributes(sqs.now(), &sqs.settings, |present| {
        let policy = policy::remove(present.policy.as_deref(), &label)?;
        Ok(QueueAttributes {
            policy,
            ..present.clone()
        })
    })
}
