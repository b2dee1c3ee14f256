//! A publisher's message, and the checks that `Publish` and an entry of `PublishBatch` share.
//!
//! In AWS's order: the message is not empty, its attributes, its size, its subject, its structure, and on FIFO topics its
//! group and its deduplication id.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::delivery::direct::EndpointTarget;
use super::error::Error;
use super::limits;
use super::message_attributes::{self, AttributeMap};
use super::topic_attributes::{Kind, TopicAttributes};
use crate::aws::characters::is_well_formed;
use crate::aws::fifo::content_hash;
use crate::aws::message::MessageAttributes;
use crate::aws::validation::Validation;

/// A message as its publisher sent it.
#[derive(Debug)]
pub(super) struct MessageInput<'a> {
    pub(super) message: Option<&'a str>,
    pub(super) subject: Option<&'a str>,
    pub(super) structure: Option<&'a str>,
    pub(super) attributes: Option<&'a AttributeMap<'a>>,
    pub(super) group_id: Option<&'a str>,
    pub(super) deduplication_id: Option<&'a str>,
}

/// A message's contents, checked.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) subject: Option<Box<str>>,
    /// The message, or its `default` if it has structure.
    pub(super) text: Arc<str>,
    /// The texts for single protocols.
    pub(super) texts: Texts,
    /// The whole message as it was sent, where it has structure.
    pub(super) published: Option<Arc<str>>,
    pub(super) attributes: Option<Arc<MessageAttributes>>,
}

/// The group and the deduplication id of a message, where it has them.
#[derive(Debug, Default)]
pub(super) struct GroupIds {
    pub(super) group_id: Option<Arc<str>>,
    pub(super) deduplication_id: Option<Arc<str>>,
}

impl MessageInput<'_> {
    /// Records the required members that are absent; their paths begin with `prefix`.
    pub(super) fn validate(&self, prefix: impl fmt::Display, validation: &mut Validation) {
        if self.message.is_none() {
            validation.refuse_null(format_args!("{prefix}message"));
        }
        if let Some(attributes) = self.attributes {
            let path = format_args!("{prefix}messageAttributes");
            message_attributes::validate(attributes, path, validation);
        }
    }

    /// The bytes that AWS counts: the message and its attributes, not its subject. (Recorded.)
    pub(super) fn size(&self) -> usize {
        self.message.map_or(0, str::len) + self.attributes.map_or(0, message_attributes::size)
    }

    /// Checks the message and its attributes, up to its size.
    pub(super) fn check_attributes(&self) -> Result<Option<MessageAttributes>, Error> {
        if self.message.is_none_or(str::is_empty) {
            return Err(Error::invalid("Empty message"));
        }
        let attributes = self.attributes.filter(|attributes| !attributes.is_empty());
        attributes.map(message_attributes::check).transpose()
    }

    /// Checks the contents of a message of at most `limit` bytes.
    pub(super) fn check(&self, limit: usize) -> Result<Contents, Error> {
        self.contents(self.check_size(limit)?)
    }

    /// The same for a platform endpoint, whose platform's text can replace the default one.
    pub(super) fn check_for_endpoint(&self, target: &EndpointTarget) -> Result<Contents, Error> {
        let attributes = self.check_size(limits::MESSAGE_SIZE)?;
        self.contents_with(attributes, |texts| {
            let default = texts.remove("default");
            target.text(default.as_ref(), texts)
        })
    }

    fn check_size(&self, limit: usize) -> Result<Option<MessageAttributes>, Error> {
        let attributes = self.check_attributes()?;
        if self.size() > limit {
            return Err(Error::invalid("Message too long"));
        }
        Ok(attributes)
    }

    /// Checks subject and structure; attributes and size have been checked before.
    pub(super) fn contents(
        &self,
        attributes: Option<MessageAttributes>,
    ) -> Result<Contents, Error> {
        self.contents_with(attributes, |texts| {
            texts.remove("default").ok_or_else(|| {
                Error::invalid("Message Structure - No default entry in JSON message body")
            })
        })
    }

    fn contents_with(
        &self,
        attributes: Option<MessageAttributes>,
        default: impl FnOnce(&mut Texts) -> Result<Arc<str>, Error>,
    ) -> Result<Contents, Error> {
        if !self.subject.is_none_or(is_subject) {
            return Err(Error::invalid("Subject"));
        }
        let message = self.message.unwrap_or_default();
        // Any structure other than `json` means none.
        let (text, texts, published) = if self.structure == Some("json") {
            let mut texts = texts(message)?;
            (default(&mut texts)?, texts, Some(message.into()))
        } else {
            (message.into(), BTreeMap::new(), None)
        };
        Ok(Contents {
            subject: self.subject.map(Box::from),
            text,
            texts,
            published,
            attributes: attributes.map(Arc::new),
        })
    }

    /// Checks the ids that the kind of topic requires and allows.
    pub(super) fn check_ids(&self, topic: &TopicAttributes) -> Result<GroupIds, Error> {
        self.check_group(topic.kind)?;
        let deduplication_id = match (topic.kind, self.deduplication_id) {
            (Kind::Standard, None) => None,
            (Kind::Standard, Some(_)) => {
                let reason = "The request includes MessageDeduplicationId parameter that is not valid for this topic type";
                return Err(Error::invalid_because("MessageDeduplicationId", reason));
            }
            (Kind::Fifo, Some(id)) => {
                check_token("MessageDeduplicationId", id)?;
                Some(id.into())
            }
            (Kind::Fifo, None) if topic.content_based_deduplication => {
                Some(content_hash(self.message.unwrap_or_default()))
            }
            (Kind::Fifo, None) => {
                return Err(Error::invalid(
                    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
                ));
            }
        };
        Ok(GroupIds {
            group_id: self.group_id.map(Arc::from),
            deduplication_id,
        })
    }

    fn check_group(&self, kind: Kind) -> Result<(), Error> {
        match self.group_id {
            Some(id) => check_token("MessageGroupId", id),
            None if kind == Kind::Fifo => Err(Error::invalid(
                "The MessageGroupId parameter is required for FIFO topics",
            )),
            None => Ok(()),
        }
    }
}

/// Not empty, no line breaks or control characters. (Publish, `Subject`; emptiness recorded.)
fn is_subject(subject: &str) -> bool {
    (1..=limits::SUBJECT_LENGTH).contains(&subject.chars().count())
        && subject
            .chars()
            .all(|character| !character.is_control() && is_well_formed(character))
}

/// The texts of a message with structure, by protocol.
type Texts = BTreeMap<Box<str>, Arc<str>>;

/// The texts of a message with structure, `default` among them. Values that are not texts are ignored (recorded).
fn texts(message: &str) -> Result<Texts, Error> {
    let Ok(Value::Object(entries)) = serde_json::from_str::<Value>(message) else {
        return Err(Error::invalid(
            "Message Structure - JSON message body failed to parse",
        ));
    };
    let mut texts = Texts::new();
    for (key, value) in entries {
        if let Value::String(text) = value {
            texts.insert(Box::from(key), Arc::from(text));
        }
    }
    Ok(texts)
}

/// Checks a group or deduplication id. (Publish; the sentence is not recorded.)
fn check_token(parameter: &'static str, token: &str) -> Result<(), Error> {
    let is_short = (1..=limits::TOKEN_LENGTH).contains(&token.len());
    if is_short && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let reason = format!(
        "{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length"
    );
    Err(Error::invalid_because(parameter, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(message: &str) -> MessageInput<'_> {
        MessageInput {
            message: Some(message),
            subject: None,
            structure: None,
            attributes: None,
            group_id: None,
            deduplication_id: None,
        }
    }

    fn sentence<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
        result.expect_err("refused").to_string()
    }

    #[test]
    fn messages_are_neither_empty_nor_too_long() {
        assert_eq!(
            sentence(input("").check(10)),
            "Invalid parameter: Empty message"
        );
        assert_eq!(
            sentence(input("12345678901").check(10)),
            "Invalid parameter: Message too long"
        );
        assert_eq!(
            &*input("1234567890").check(10).expect("fits").text,
            "1234567890"
        );
    }

    #[test]
    fn subjects_are_short_lines() {
        for wrong in ["", "a\nb", &"x".repeat(101)] {
            let input = MessageInput {
                subject: Some(wrong),
                ..input("m")
            };
            assert_eq!(
                sentence(input.check(10)),
                "Invalid parameter: Subject",
                "{wrong}"
            );
        }
        let longest = "é".repeat(100);
        let input = MessageInput {
            subject: Some(&longest),
            ..input("m")
        };
        assert!(input.check(10).is_ok());
    }

    #[test]
    fn structure_chooses_texts_and_needs_a_default() {
        let with = |message| {
            MessageInput {
                structure: Some("json"),
                ..input(message)
            }
            .check(1000)
        };
        let contents = with(r#"{"default":"d","sqs":"s","http":1,"default":"e"}"#).expect("texts");
        assert_eq!(&*contents.text, "e");
        assert_eq!(
            contents.texts.keys().map(|key| &**key).collect::<Vec<_>>(),
            ["sqs"]
        );
        for wrong in [r#"{"sqs":"s"}"#, r#"{"default":1}"#] {
            assert_eq!(
                sentence(with(wrong)),
                "Invalid parameter: Message Structure - No default entry in JSON message body"
            );
        }
        assert_eq!(
            sentence(with("{")),
            "Invalid parameter: Message Structure - JSON message body failed to parse"
        );
        let other = MessageInput {
            structure: Some("xml"),
            ..input("{")
        };
        assert_eq!(&*other.check(10).expect("ignored").text, "{");
    }

    #[test]
    fn ids_follow_the_kind_of_the_topic() {
        let standard = TopicAttributes::new(Kind::Standard);
        let mut fifo = TopicAttributes::new(Kind::Fifo);
        let grouped = MessageInput {
            group_id: Some("g"),
            ..input("Test")
        };
        assert!(
            grouped
                .check_ids(&standard)
                .expect("allowed")
                .group_id
                .is_some()
        );
        assert_eq!(
            sentence(input("m").check_ids(&fifo)),
            "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
        );
        assert!(sentence(grouped.check_ids(&fifo)).contains("ContentBasedDeduplication"));
        fifo.content_based_deduplication = true;
        let hash = grouped.check_ids(&fifo).expect("hashed").deduplication_id;
        assert_eq!(
            hash.as_deref(),
            Some("532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25")
        );
        let given = MessageInput {
            deduplication_id: Some("d"),
            ..grouped
        };
        assert_eq!(
            given
                .check_ids(&fifo)
                .expect("given")
                .deduplication_id
                .as_deref(),
            Some("d")
        );
        assert!(sentence(given.check_ids(&standard)).contains("not valid for this topic type"));
    }
}
