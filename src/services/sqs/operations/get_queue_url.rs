//! `GetQueueUrl`: the URL of a queue, by its name.

use serde::{Deserialize, Serialize};

use crate::aws::{AccountId, Caller};
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetQueueUrlInput<'a> {
    #[serde(borrow)]
    queue_name: Option<Text<'a>>,
    #[serde(rename = "QueueOwnerAWSAccountId")]
    queue_owner_aws_account_id: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetQueueUrlOutput {
    queue_url: String,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: GetQueueUrlInput<'_>,
) -> Result<GetQueueUrlOutput, Error> {
    let name = input
        .queue_name
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            // Not MissingParameter: recorded.
            let sentence =
                "Value for parameter QueueName is invalid. Reason: Must specify a queue name.";
            Error::InvalidParameter(sentence.into())
        })?;
    let account = match input.queue_owner_aws_account_id.as_deref() {
        None => caller.account,
        // An invalid account has no queues.
        Some(owner) => AccountId::parse(owner).ok_or(Error::QueueDoesNotExist)?,
    };
    let queue = sqs
        .queues
        .get(account, caller.region, &name)
        .ok_or(Error::QueueDoesNotExist)?;
    Ok(GetQueueUrlOutput {
        queue_url: queue.name.url(caller.endpoint),
    })
}
