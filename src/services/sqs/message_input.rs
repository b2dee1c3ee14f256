//! The input of a sender, and its checks.
//!
//! `SendMessage` and `SendMessageBatch` give a [`MessageInput`], other services a
//! [`Message`](crate::delivery::Message). The same checks apply to both, so that no message enters a queue in one way
//! that would be refused in another.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::attributes::QueueAttributes;
use super::digest::Digest;
use super::error::Error;
use super::limits;
use super::message_attributes;
use super::queue::{Kind, NewMessage};
use crate::aws::Caller;
use crate::aws::characters::ill_formed;
use crate::aws::fifo::content_hash;
use crate::aws::message::{Body, MessageAttributes, Sender};
use crate::ids::Ids;
use crate::wire::{Blob, Text};

/// A message attribute as sent and as received.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MessageAttributeValue<'a> {
    /// The value of a `String` or `Number`.
    #[serde(borrow)]
    pub string_value: Option<Text<'a>>,
    /// The value of a `Binary`.
    pub binary_value: Option<Blob>,
    /// Modelled, and refused by AWS.
    pub string_list_values: Option<Vec<IgnoredAny>>,
    /// Modelled, and refused by AWS.
    pub binary_list_values: Option<Vec<IgnoredAny>>,
    /// `String`, `Number` or `Binary`, with or without a custom label.
    pub data_type: Option<Text<'a>>,
}

const NO_DEDUPLICATION_ID: &str = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly";

/// Message attributes by name.
pub(super) type AttributeMap<'a> = BTreeMap<Text<'a>, MessageAttributeValue<'a>>;

/// A message as sent: the members that `SendMessage` and a batch's entry share.
#[derive(Debug)]
pub(super) struct MessageInput<'a> {
    /// `MessageBody`.
    pub body: Option<&'a str>,
    /// `DelaySeconds`.
    pub delay_seconds: Option<i32>,
    /// `MessageAttributes`.
    pub attributes: Option<&'a AttributeMap<'a>>,
    /// `MessageSystemAttributes`.
    pub system_attributes: Option<&'a AttributeMap<'a>>,
    /// `MessageDeduplicationId`.
    pub deduplication_id: Option<&'a str>,
    /// `MessageGroupId`.
    pub group_id: Option<&'a str>,
}

/// Whether a message or a receipt handle came alone or in a batch: some of AWS's sentences differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Via {
    /// As the one that the call is about.
    Single,
    /// As an entry.
    Batch,
}

/// A checked message, and the digests in the answer to its sender.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The message.
    pub message: NewMessage,
    /// The digest of the system attributes sent as a parameter.
    pub system_attributes_md5: Option<Digest>,
}

/// The digests that a sender compares with their own.
#[derive(Debug)]
pub(crate) struct Digests {
    /// Of the body.
    pub body: Digest,
    /// Of the message attributes, if any.
    pub attributes: Option<Digest>,
    /// Of the system attributes sent as a parameter, if any.
    pub system_attributes: Option<Digest>,
}

impl Checked {
    /// The digests of the message as sent.
    pub(crate) fn digests(&self) -> Digests {
        Digests {
            body: Digest(self.message.body.md5()),
            attributes: self
                .message
                .attributes
                .as_ref()
                .map(|attributes| Digest(attributes.md5)),
            system_attributes: self.system_attributes_md5,
        }
    }
}

impl MessageInput<'_> {
    /// The message's size as AWS counts it: the body and, of each attribute, its name, its type and its value. Binary
    /// values count raw, system attributes and ids not at all. (SQS quotas, message size.)
    pub(super) fn size(&self) -> usize {
        let attributes = self.attributes.into_iter().flatten();
        let attributes =
            attributes.map(|(name, value)| name.len() + message_attributes::size(value));
        self.body.map_or(0, str::len) + attributes.sum::<usize>()
    }

    /// Checks the message and prepares it to be sent.
    pub(super) fn check(
        &self,
        queue: &QueueAttributes,
        caller: &Caller<'_>,
        ids: &Ids,
        via: Via,
    ) -> Result<Checked, Error> {
        let body = self.body.unwrap_or_default();
        if body.is_empty() {
            return Err(Error::missing("MessageBody"));
        }
        check_group_id(queue.kind, self.group_id)?;
        let group_id = self.group_id.map(Arc::from);
        let deduplication_id = self.check_deduplication_id(queue, body, via)?;
        let delay_seconds = self.check_delay(queue.kind)?;
        let attributes = match self.attributes {
            Some(attributes) if !attributes.is_empty() => {
                Some(message_attributes::check(attributes)?)
            }
            _ => None,
        };
        let trace = self.check_system_attributes()?;
        if let Some(character) = ill_formed(body) {
            return Err(Error::InvalidMessageContents(character));
        }
        let maximum = queue.maximum_message_size;
        if self.size() > maximum as usize {
            return Err(too_large(maximum, via));
        }
        let system_attributes_md5 = trace.as_ref().map(|attributes| Digest(attributes.md5));
        let message = NewMessage {
            id: ids.message_id(),
            body: Body::new(body),
            attributes: attributes.map(Arc::new),
            trace_header: trace_header(trace.as_ref(), caller.trace_header),
            sender: Sender::User(caller.account),
            delay_seconds,
            group_id,
            deduplication_id,
        };
        Ok(Checked {
            message,
            system_attributes_md5,
        })
    }

    /// Checks, on a FIFO queue, that a batch's entry has a group and a deduplication id, given or from its content: AWS
    /// refuses the whole batch otherwise.
    pub(super) fn check_has_ids(&self, queue: &QueueAttributes) -> Result<(), Error> {
        if self.group_id.is_none() {
            return Err(Error::InvalidParameter(
                Error::missing("MessageGroupId").to_string().into(),
            ));
        }
        if self.deduplication_id.is_none() && !queue.content_based_deduplication {
            return Err(Error::InvalidParameter(NO_DEDUPLICATION_ID.into()));
        }
        Ok(())
    }

    fn check_deduplication_id(
        &self,
        queue: &QueueAttributes,
        body: &str,
        via: Via,
    ) -> Result<Option<Arc<str>>, Error> {
        match (queue.kind, self.deduplication_id) {
            (Kind::Standard, None) => Ok(None),
            (Kind::Fifo, id) => {
                let is_content_based = || queue.content_based_deduplication;
                let content_hash = || content_hash(body);
                fifo_deduplication_id(id.map(Arc::from), is_content_based, content_hash).map(Some)
            }
            (Kind::Standard, Some(_)) => Err(Error::InvalidParameter(match via {
                Via::Single => {
                    "The request include parameter MessageDeduplicationId which is not valid for this queue type".into()
                }
                Via::Batch => "The request include parameter that is not valid for this queue type".into(),
            })),
        }
    }

    fn check_delay(&self, kind: Kind) -> Result<Option<u32>, Error> {
        let Some(delay) = self.delay_seconds else {
            return Ok(None);
        };
        let in_range = u32::try_from(delay)
            .ok()
            .filter(|delay| limits::DELAY_SECONDS.contains(delay));
        let Some(seconds) = in_range else {
            return Err(Error::invalid(
                delay,
                "DelaySeconds",
                "DelaySeconds must be >= 0 and <= 900.",
            ));
        };
        match kind {
            Kind::Standard => Ok(Some(seconds)),
            // Zero means the queue's own delay on FIFO queues (recorded).
            Kind::Fifo if seconds == 0 => Ok(None),
            Kind::Fifo => {
                let reason = "The request include parameter that is not valid for this queue type.";
                Err(Error::invalid(delay, "DelaySeconds", reason))
            }
        }
    }

    /// `AWSTraceHeader` is the only system attribute that AWS accepts.
    fn check_system_attributes(&self) -> Result<Option<MessageAttributes>, Error> {
        let Some(attributes) = self
            .system_attributes
            .filter(|attributes| !attributes.is_empty())
        else {
            return Ok(None);
        };
        if let Some(name) = attributes.keys().find(|name| &***name != "AWSTraceHeader") {
            let sentence = format!("Message system attribute name '{}' is invalid.", &**name);
            return Err(Error::InvalidParameter(sentence.into()));
        }
        message_attributes::check_system(attributes).map(Some)
    }
}

/// Checks the contents of a message that another service delivers, once for all its queues, and returns the size of its
/// attributes in bytes.
pub(super) fn check_contents(
    body: &Body,
    attributes: Option<&MessageAttributes>,
) -> Result<usize, Error> {
    if body.fits(0) {
        return Err(Error::missing("MessageBody"));
    }
    let attributes_size = attributes.map_or(Ok(0), message_attributes::check_delivered)?;
    let invalid = match body {
        Body::Text { text, .. } => ill_formed(text),
        Body::Deferred(deferred) if deferred.is_xml() => None,
        Body::Deferred(deferred) => ill_formed(&deferred.text()),
    };
    match invalid {
        Some(character) => Err(Error::InvalidMessageContents(character)),
        None => Ok(attributes_size),
    }
}

/// Checks the size of a message whose attributes have `attributes_size` bytes.
pub(super) fn check_size(body: &Body, attributes_size: usize, maximum: u32) -> Result<(), Error> {
    match (maximum as usize).checked_sub(attributes_size) {
        Some(room) if body.fits(room) => Ok(()),
        _ => Err(too_large(maximum, Via::Single)),
    }
}

fn too_large(maximum: u32, via: Via) -> Error {
    let start = match via {
        Via::Single => "One or more parameters are invalid.",
        Via::Batch => "One or more parameters cannot be validated.",
    };
    let sentence = format!("{start} Reason: Message must be shorter than {maximum} bytes.");
    Error::InvalidParameter(sentence.into())
}

pub(super) fn check_group_id(kind: Kind, group_id: Option<&str>) -> Result<(), Error> {
    match group_id {
        Some(id) => check_token(id, "MessageGroupId"),
        None if kind == Kind::Standard => Ok(()),
        None => Err(Error::missing("MessageGroupId")),
    }
}

/// The deduplication id of a FIFO queue's message: the one given, or with content-based deduplication the hash of its
/// body.
pub(super) fn fifo_deduplication_id(
    given: Option<Arc<str>>,
    is_content_based: impl FnOnce() -> bool,
    content_hash: impl FnOnce() -> Arc<str>,
) -> Result<Arc<str>, Error> {
    match given {
        Some(id) => check_token(&id, "MessageDeduplicationId").map(|()| id),
        None if is_content_based() => Ok(content_hash()),
        None => Err(Error::InvalidParameter(NO_DEDUPLICATION_ID.into())),
    }
}

/// The trace header sent as a system attribute, else that of the HTTP request (recorded).
fn trace_header(attribute: Option<&MessageAttributes>, http: Option<&str>) -> Option<Arc<str>> {
    match attribute {
        Some(attributes) => attributes
            .attributes
            .first()
            .and_then(|attribute| attribute.value.as_text())
            .map(Arc::from),
        None => http.map(Arc::from),
    }
}

/// Checks a message group id, a deduplication id or a receive request attempt id.
pub(super) fn check_token(token: &str, parameter: &'static str) -> Result<(), Error> {
    // Checks all bytes, without an early exit: that is fastest for short texts.
    let is_allowed = token
        .bytes()
        .fold(true, |allowed, byte| allowed & byte.is_ascii_graphic());
    if (1..=limits::TOKEN_LENGTH).contains(&token.len()) && is_allowed {
        return Ok(());
    }
    let reason = format!(
        "{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
    );
    Err(Error::invalid(token, parameter, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{AccountId, Region};

    const CALLER: fn() -> Caller<'static> = || Caller {
        trace_header: Some("Root=1-http"),
        ..Caller::within(
            AccountId::DEFAULT,
            Region::default(),
            "Publish",
            "http://localhost:4566",
        )
    };

    fn input(body: &str) -> MessageInput<'_> {
        MessageInput {
            body: Some(body),
            delay_seconds: None,
            attributes: None,
            system_attributes: None,
            deduplication_id: None,
            group_id: None,
        }
    }

    fn standard(input: &MessageInput<'_>) -> Result<Checked, Error> {
        input.check(
            &QueueAttributes::new(Kind::Standard),
            &CALLER(),
            &Ids::seeded(1),
            Via::Single,
        )
    }

    fn fifo(input: &MessageInput<'_>, via: Via) -> Result<Checked, Error> {
        input.check(
            &QueueAttributes::new(Kind::Fifo),
            &CALLER(),
            &Ids::seeded(1),
            via,
        )
    }

    #[test]
    fn bodies_hold_the_characters_of_xml() {
        for fine in [
            "a",
            "\t\n\r",
            "\u{d7ff}\u{e000}\u{fffd}",
            "\u{10ffff}",
            "é€😀",
        ] {
            assert!(standard(&input(fine)).is_ok(), "{fine:?}");
        }
        for (wrong, shown) in [
            ("\0", "#x0"),
            ("a\u{b}\u{1}", "#xB"),
            ("\u{1f}", "#x1F"),
            ("a\u{fffe}", "#xFFFE"),
            ("\u{ffff}", "#xFFFF"),
        ] {
            let refused = standard(&input(wrong)).expect_err(wrong).to_string();
            let expected = format!(
                "Invalid binary character '{shown}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]."
            );
            assert_eq!(refused, expected);
        }
        assert_eq!(
            standard(&input("")).err(),
            Some(Error::missing("MessageBody"))
        );
    }

    #[test]
    fn largest_message_has_exactly_the_queues_size() {
        let mut queue = QueueAttributes::new(Kind::Standard);
        queue.maximum_message_size = 1024;
        let check = |length: usize| {
            input(&"x".repeat(length))
                .check(&queue, &CALLER(), &Ids::seeded(1), Via::Single)
                .map(|_| ())
        };
        assert_eq!(check(1024), Ok(()));
        let text = check(1025).expect_err("too large").to_string();
        assert_eq!(
            text,
            "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."
        );
    }

    #[test]
    fn group_ids_are_checked_on_both_kinds_of_queue() {
        let grouped = |group| MessageInput {
            group_id: Some(group),
            ..input("a")
        };
        assert!(standard(&grouped("tenant-1")).is_ok());
        let text = standard(&grouped("group 123"))
            .expect_err("a space")
            .to_string();
        let expected = "Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.";
        assert_eq!(text, expected);
        assert!(
            standard(&grouped(""))
                .expect_err("empty")
                .to_string()
                .starts_with("Value  for parameter")
        );
        assert!(standard(&grouped(&"x".repeat(129))).is_err());
    }

    #[test]
    fn fifo_messages_need_a_group_and_a_deduplication_id() {
        assert_eq!(
            fifo(&input("a"), Via::Single).err(),
            Some(Error::missing("MessageGroupId"))
        );
        let batch = input("a")
            .check_has_ids(&QueueAttributes::new(Kind::Fifo))
            .expect_err("no group");
        assert!(matches!(&batch, Error::InvalidParameter(text) if text.contains("MessageGroupId")));
        let grouped = MessageInput {
            group_id: Some("g"),
            ..input("a")
        };
        assert!(
            fifo(&grouped, Via::Single)
                .expect_err("no id")
                .to_string()
                .starts_with("The queue should either")
        );
    }

    #[test]
    fn content_hash_is_the_sha256_of_the_body() {
        assert_eq!(
            &*content_hash("same"),
            "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5"
        );
    }

    #[test]
    fn delays_other_than_zero_are_refused_on_fifo_queues() {
        let delayed = |delay| MessageInput {
            delay_seconds: Some(delay),
            group_id: Some("g"),
            deduplication_id: Some("d"),
            ..input("a")
        };
        assert_eq!(
            fifo(&delayed(0), Via::Single)
                .expect("the queue's")
                .message
                .delay_seconds,
            None
        );
        let text = fifo(&delayed(2), Via::Single)
            .expect_err("a delay")
            .to_string();
        assert!(
            text.ends_with("The request include parameter that is not valid for this queue type."),
            "{text}"
        );
        let standard_delay = |delay| {
            standard(&MessageInput {
                delay_seconds: Some(delay),
                ..input("a")
            })
        };
        assert_eq!(
            standard_delay(0).expect("in range").message.delay_seconds,
            Some(0)
        );
        assert!(standard_delay(901).is_err());
        assert!(standard_delay(-1).is_err());
    }

    #[test]
    fn http_trace_header_becomes_the_messages() {
        let checked = standard(&input("a")).expect("a message");
        assert_eq!(checked.message.trace_header.as_deref(), Some("Root=1-http"));
        assert!(checked.system_attributes_md5.is_none());
    }
}
