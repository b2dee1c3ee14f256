//! `PublishBatch`: up to ten messages to a topic.
//!
//! AWS refuses the whole batch for one invalid entry (recorded), so that `Failed` has only what a fault fails.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::batch::repeated;
use crate::aws::validation::{Validation, Violations};
use crate::ids::MessageId;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::limits;
use crate::services::sns::message_attributes::AttributeMap;
use crate::services::sns::message_input::MessageInput;
use crate::wire::{Fault, Refusal, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PublishBatchInput<'a> {
    #[serde(borrow)]
    topic_arn: Option<Text<'a>>,
    publish_batch_request_entries: Option<Vec<PublishBatchRequestEntry<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PublishBatchRequestEntry<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    message: Option<Text<'a>>,
    subject: Option<Text<'a>>,
    message_structure: Option<Text<'a>>,
    message_attributes: Option<AttributeMap<'a>>,
    message_deduplication_id: Option<Text<'a>>,
    message_group_id: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PublishBatchOutput<'a> {
    // In the order in which AWS writes them, and so below (recorded).
    failed: Vec<BatchResultErrorEntry<'a>>,
    successful: Vec<PublishBatchResultEntry<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PublishBatchResultEntry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence_number: Option<String>,
    message_id: MessageId,
    id: Text<'a>,
}

/// An entry that failed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BatchResultErrorEntry<'a> {
    id: Text<'a>,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    sender_fault: bool,
}

impl PublishBatchOutput<'_> {
    /// What the log says of the failed entries.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let first = self.failed.first()?;
        Some(Refusal {
            code: first.code.clone(),
            message: first.message.clone(),
            entries: Some(self.failed.len()),
        })
    }
}

impl PublishBatchRequestEntry<'_> {
    fn message(&self) -> MessageInput<'_> {
        MessageInput {
            message: self.message.as_deref(),
            subject: self.subject.as_deref(),
            structure: self.message_structure.as_deref(),
            attributes: self.message_attributes.as_ref(),
            group_id: self.message_group_id.as_deref(),
            deduplication_id: self.message_deduplication_id.as_deref(),
        }
    }
}

pub(super) async fn call<'a>(
    sns: &Sns,
    caller: &Caller<'_>,
    input: &PublishBatchInput<'a>,
) -> Result<PublishBatchOutput<'a>, Error> {
    validate(input)?;
    let entries = input.publish_batch_request_entries.as_deref();
    let entries = entries.unwrap_or_default();
    let topic = sns.topic(caller, input.topic_arn.as_deref().unwrap_or_default())?;
    let attributes = topic.attributes();
    check_entries(entries)?;

    let messages: Vec<_> = entries
        .iter()
        .map(PublishBatchRequestEntry::message)
        .collect();
    let checked = messages.iter().map(MessageInput::check_attributes);
    let checked = checked.collect::<Result<Vec<_>, _>>()?;
    if messages.iter().map(MessageInput::size).sum::<usize>() > attributes.message_size() {
        return Err(Error::BatchRequestTooLong);
    }
    let contents = messages
        .iter()
        .zip(checked)
        .map(|(message, attributes)| message.contents(attributes));
    let contents = contents.collect::<Result<Vec<_>, _>>()?;
    let ids = messages
        .iter()
        .map(|message| message.check_ids(&attributes));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;

    let (mut successful, mut failed) = (Vec::with_capacity(entries.len()), Vec::new());
    for (entry, (contents, ids)) in entries.iter().zip(contents.into_iter().zip(ids)) {
        let id = entry.id.clone().unwrap_or_default();
        if let Some(info) = sns.entry_fault(caller, &topic) {
            failed.push(BatchResultErrorEntry {
                id,
                sender_fault: info.fault() == Fault::Sender,
                code: info.query_code,
                message: info.message,
            });
            continue;
        }
        let published = sns
            .publish(caller, &topic, &attributes, contents, ids)
            .await?;
        successful.push(PublishBatchResultEntry {
            id,
            message_id: published.id,
            sequence_number: published.sequence_number.map(|number| number.to_string()),
        });
    }
    Ok(PublishBatchOutput { failed, successful })
}

/// Refuses a batch that lacks required members, those of its entries among them.
fn validate(input: &PublishBatchInput<'_>) -> Result<(), Violations> {
    const ENTRIES: &str = "publishBatchRequestEntries";
    let mut validation = Validation::default();
    if input.topic_arn.is_none() {
        validation.refuse_null("topicArn");
    }
    match &input.publish_batch_request_entries {
        None => validation.refuse_null(ENTRIES),
        Some(entries) => {
            for (number, entry) in (1..).zip(entries) {
                let prefix = format_args!("{ENTRIES}.{number}.member.");
                if entry.id.is_none() {
                    validation.refuse_null(format_args!("{prefix}id"));
                }
                entry.message().validate(prefix, &mut validation);
            }
        }
    }
    validation.finish()
}

/// The number of entries, then their ids: AWS's order (recorded).
fn check_entries(entries: &[PublishBatchRequestEntry<'_>]) -> Result<(), Error> {
    if entries.is_empty() {
        return Err(Error::EmptyBatchRequest);
    }
    if entries.len() > limits::BATCH_ENTRIES {
        return Err(Error::TooManyEntriesInBatchRequest);
    }
    let ids = entries.iter().filter_map(|entry| entry.id.as_deref());
    let ids: Vec<_> = ids.collect();
    if repeated(&ids).is_some() {
        return Err(Error::BatchEntryIdsNotDistinct);
    }
    ids.into_iter().try_for_each(check_id)
}

fn check_id(id: &str) -> Result<(), Error> {
    let start = "The Id of a batch entry in the batch request";
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if id.is_empty() || !id.bytes().all(is_allowed) {
        let sentence = format!("{start} contains an impermissible character: {id}");
        return Err(Error::InvalidBatchEntryId(sentence));
    }
    if id.len() > limits::BATCH_ENTRY_ID_LENGTH {
        let sentence = format!("{start} is too long: {id}");
        return Err(Error::InvalidBatchEntryId(sentence));
    }
    Ok(())
}
