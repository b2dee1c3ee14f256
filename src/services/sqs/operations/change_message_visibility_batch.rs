//! `ChangeMessageVisibilityBatch`: changes the visibility of up to ten received messages.

use serde::{Deserialize, Serialize};

use super::batch::{self, BatchResultErrorEntry, Results};
use super::change_message_visibility::change;
use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::message_input::Via;
use crate::wire::{Refusal, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangeMessageVisibilityBatchInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    entries: Option<Vec<ChangeMessageVisibilityBatchRequestEntry<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangeMessageVisibilityBatchRequestEntry<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    receipt_handle: Option<Text<'a>>,
    visibility_timeout: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangeMessageVisibilityBatchOutput<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    successful: Option<Vec<ChangeMessageVisibilityBatchResultEntry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Vec<BatchResultErrorEntry<'a>>>,
}

impl ChangeMessageVisibilityBatchOutput<'_> {
    /// What the log says of the failed entries.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        batch::refusal(self.failed.as_deref())
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ChangeMessageVisibilityBatchResultEntry<'a> {
    id: Text<'a>,
}

const ENTRY: &str = "ChangeMessageVisibilityBatchRequestEntry";

pub(super) fn call<'a>(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: ChangeMessageVisibilityBatchInput<'a>,
) -> Result<ChangeMessageVisibilityBatchOutput<'a>, Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let entries = input.entries.unwrap_or_default();
    batch::check(entries.iter().map(|entry| entry.id.as_deref()), ENTRY)?;
    let Results { successful, failed } = batch::run(
        &entries,
        |entry| &entry.id,
        |entry, id| {
            sqs.check_entry(caller, &queue)?;
            let timeout = entry
                .visibility_timeout
                .ok_or_else(|| Error::missing("VisibilityTimeout"))?;
            change(
                sqs,
                caller,
                &queue,
                entry.receipt_handle.as_deref(),
                timeout,
                Via::Batch,
            )?;
            Ok(ChangeMessageVisibilityBatchResultEntry { id })
        },
    );
    Ok(ChangeMessageVisibilityBatchOutput { successful, failed })
}
