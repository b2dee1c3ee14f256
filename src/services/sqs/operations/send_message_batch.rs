//! `SendMessageBatch`: puts up to ten messages on a queue.

use serde::{Deserialize, Serialize};

use super::batch::{self, BatchResultErrorEntry, Results};
use super::send_message::send;
use super::sequence::Sequence;
use crate::aws::Caller;
use crate::ids::MessageId;
use crate::services::sqs::Sqs;
use crate::services::sqs::attributes::QueueAttributes;
use crate::services::sqs::digest::Digest;
use crate::services::sqs::error::Error;
use crate::services::sqs::limits;
use crate::services::sqs::message_input::{AttributeMap, MessageInput, Via};
use crate::services::sqs::queue::Kind;
use crate::wire::{Refusal, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendMessageBatchInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    entries: Option<Vec<SendMessageBatchRequestEntry<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessageBatchRequestEntry<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    message_body: Option<Text<'a>>,
    delay_seconds: Option<i32>,
    message_attributes: Option<AttributeMap<'a>>,
    message_system_attributes: Option<AttributeMap<'a>>,
    message_deduplication_id: Option<Text<'a>>,
    message_group_id: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendMessageBatchOutput<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    successful: Option<Vec<SendMessageBatchResultEntry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Vec<BatchResultErrorEntry<'a>>>,
}

impl SendMessageBatchOutput<'_> {
    /// What the log says of the failed entries.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        batch::refusal(self.failed.as_deref())
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessageBatchResultEntry<'a> {
    id: Text<'a>,
    message_id: MessageId,
    #[serde(rename = "MD5OfMessageBody")]
    md5_of_message_body: Digest,
    #[serde(
        rename = "MD5OfMessageAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_attributes: Option<Digest>,
    #[serde(
        rename = "MD5OfMessageSystemAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_system_attributes: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence_number: Option<Sequence>,
}

impl SendMessageBatchRequestEntry<'_> {
    fn message(&self) -> MessageInput<'_> {
        MessageInput {
            body: self.message_body.as_deref(),
            delay_seconds: self.delay_seconds,
            attributes: self.message_attributes.as_ref(),
            system_attributes: self.message_system_attributes.as_ref(),
            deduplication_id: self.message_deduplication_id.as_deref(),
            group_id: self.message_group_id.as_deref(),
        }
    }
}

pub(super) fn call<'a>(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: SendMessageBatchInput<'a>,
) -> Result<SendMessageBatchOutput<'a>, Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let attributes = queue.attributes();
    let entries = input.entries.unwrap_or_default();
    batch::check(
        entries.iter().map(|entry| entry.id.as_deref()),
        "SendMessageBatchRequestEntry",
    )?;
    check_whole(&entries, &attributes)?;
    let now = sqs.now();
    let results = batch::run(
        &entries,
        |entry| &entry.id,
        |entry, id| {
            sqs.check_entry(caller, &queue)?;
            let checked = entry
                .message()
                .check(&attributes, caller, &sqs.ids, Via::Batch)?;
            let digests = checked.digests();
            let sent = send(sqs, caller, &queue, now, checked.message)?;
            Ok(SendMessageBatchResultEntry {
                id,
                message_id: sent.id,
                md5_of_message_body: digests.body,
                md5_of_message_attributes: digests.attributes,
                md5_of_message_system_attributes: digests.system_attributes,
                sequence_number: sent.sequence_number.map(Sequence),
            })
        },
    );
    let Results { successful, failed } = results;
    Ok(SendMessageBatchOutput { successful, failed })
}

/// The checks for which AWS refuses the batch as a whole: its size, and on a FIFO queue any entry without its ids
/// (recorded).
fn check_whole(
    entries: &[SendMessageBatchRequestEntry<'_>],
    attributes: &QueueAttributes,
) -> Result<(), Error> {
    let size: usize = entries.iter().map(|entry| entry.message().size()).sum();
    if size > limits::BATCH_SIZE {
        return Err(Error::BatchRequestTooLong(size));
    }
    if attributes.kind == Kind::Fifo {
        for entry in entries {
            entry.message().check_has_ids(attributes)?;
        }
    }
    Ok(())
}
