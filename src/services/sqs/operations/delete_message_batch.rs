//! `DeleteMessageBatch`: deletes up to ten received messages.

use serde::{Deserialize, Serialize};

use super::batch::{self, BatchResultErrorEntry, Results};
use super::delete_message::delete;
use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::wire::{Refusal, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteMessageBatchInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    entries: Option<Vec<DeleteMessageBatchRequestEntry<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteMessageBatchRequestEntry<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    receipt_handle: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteMessageBatchOutput<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    successful: Option<Vec<DeleteMessageBatchResultEntry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Vec<BatchResultErrorEntry<'a>>>,
}

impl DeleteMessageBatchOutput<'_> {
    /// What the log says of the failed entries.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        batch::refusal(self.failed.as_deref())
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteMessageBatchResultEntry<'a> {
    id: Text<'a>,
}

pub(super) fn call<'a>(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: DeleteMessageBatchInput<'a>,
) -> Result<DeleteMessageBatchOutput<'a>, Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let entries = input.entries.unwrap_or_default();
    batch::check(
        entries.iter().map(|entry| entry.id.as_deref()),
        "DeleteMessageBatchRequestEntry",
    )?;
    let now = sqs.now();
    let Results { successful, failed } = batch::run(
        &entries,
        |entry| &entry.id,
        |entry, id| {
            sqs.check_entry(caller, &queue)?;
            delete(sqs, caller, &queue, now, entry.receipt_handle.as_deref())?;
            Ok(DeleteMessageBatchResultEntry { id })
        },
    );
    Ok(DeleteMessageBatchOutput { successful, failed })
}
