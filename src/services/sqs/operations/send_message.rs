//! `SendMessage`: puts one message on a queue.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::clock::Timestamp;
use crate::ids::MessageId;
use crate::services::sqs::Sqs;
use crate::services::sqs::digest::Digest;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::message_input::{AttributeMap, MessageInput, Via};
use crate::services::sqs::queue::input::Send;
use crate::services::sqs::queue::{NewMessage, Sent};
use crate::services::sqs::struck;
use crate::trace::What;
use crate::wire::Text;

use super::sequence::Sequence;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendMessageInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    message_body: Option<Text<'a>>,
    delay_seconds: Option<i32>,
    message_attributes: Option<AttributeMap<'a>>,
    message_system_attributes: Option<AttributeMap<'a>>,
    message_deduplication_id: Option<Text<'a>>,
    message_group_id: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendMessageOutput {
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

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: SendMessageInput<'_>,
) -> Result<SendMessageOutput, Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let message = MessageInput {
        body: input.message_body.as_deref(),
        delay_seconds: input.delay_seconds,
        attributes: input.message_attributes.as_ref(),
        system_attributes: input.message_system_attributes.as_ref(),
        deduplication_id: input.message_deduplication_id.as_deref(),
        group_id: input.message_group_id.as_deref(),
    };
    let checked = message.check(&queue.attributes(), caller, &sqs.ids, Via::Single)?;
    // The digests are of the message as sent, even if it turns out to be a duplicate.
    let digests = checked.digests();
    let sent = send(sqs, caller, &queue, sqs.now(), checked.message)?;
    Ok(SendMessageOutput {
        message_id: sent.id,
        md5_of_message_body: digests.body,
        md5_of_message_attributes: digests.attributes,
        md5_of_message_system_attributes: digests.system_attributes,
        sequence_number: sent.sequence_number.map(Sequence),
    })
}

/// Puts a checked message on a queue.
#[inline]
pub(super) fn send(
    sqs: &Sqs,
    caller: &Caller<'_>,
    queue: &HostedQueue,
    now: Timestamp,
    message: NewMessage,
) -> Result<Sent, Error> {
    struck::double(&sqs.faults, Some(caller), queue, now, &message);
    let traced = sqs.traces.are_on().then(|| message.body.clone());
    let sent = queue.waiting.apply(now, Send(message));
    let sent = sent.ok_or(Error::QueueDoesNotExist)?;
    if let Some(body) = traced {
        sqs.traces.record(now, sent.id, || What::Sent {
            queue: Arc::clone(&queue.arn),
            by: sqs.traces.by(caller),
            text: body.text(),
            is_duplicate: sent.is_duplicate,
        });
    }
    Ok(sent)
}
