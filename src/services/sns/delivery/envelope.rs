//! The envelope: the JSON text in which subscribers get a message unless they want it raw.
//!
//! Most of it is the same for all subscribers of a message and is written once, on first use: until then a message
//! costs nothing here, and its publisher never waits for a signature. Each delivery only inserts its subscription's
//! links.

use std::fmt;
use std::iter;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::json_text::{NamedAttributes, Part, pretty, pretty_length};
use super::links::Links;
use crate::aws::message::AttributeValue;
use crate::services::sns::message::Message;
use crate::services::sns::signing::signature::{Signer, text_to_sign};
use crate::wire::DateTimeMillis;

/// The bytes of a signature by a 2048-bit key, in Base64.
const SIGNATURE_LENGTH: usize = 344;

/// All envelopes of one message.
#[derive(Debug)]
pub(crate) struct Envelopes {
    message: Arc<Message>,
    signer: Arc<Signer>,
    default_text: SharedText,
    /// The texts for protocols with a text of their own, each text once.
    other_texts: Box<[SharedText]>,
    /// From after the links to the end: the attributes, if there are any.
    tail: OnceLock<Box<str>>,
}

/// One text of a message, with everything that depends on it alone.
#[derive(Debug)]
struct SharedText {
    text: Arc<str>,
    signature: OnceLock<Box<str>>,
    /// From the start up to the links.
    head: OnceLock<Box<str>>,
    /// The bytes of the envelope without its links.
    length: OnceLock<u32>,
    /// Whether the envelope has only characters that XML 1.0 has.
    is_xml: OnceLock<bool>,
}

/// The envelope of one delivery.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    parts: [&'a str; 3],
}

impl Envelopes {
    /// The envelopes of a message, none of them written yet.
    pub(crate) fn new(message: Arc<Message>, signer: Arc<Signer>) -> Self {
        let mut other_texts: Vec<SharedText> = Vec::new();
        for text in message.texts.values() {
            let is_known =
                *text == message.text || other_texts.iter().any(|other| other.text == *text);
            if !is_known {
                other_texts.push(SharedText::new(text));
            }
        }
        Self {
            default_text: SharedText::new(&message.text),
            other_texts: other_texts.into(),
            tail: OnceLock::new(),
            message,
            signer,
        }
    }

    pub(crate) fn message(&self) -> &Arc<Message> {
        &self.message
    }

    /// The envelope for a subscription whose protocol has the key `key` in messages of structure `json`. The first call
    /// for a text signs it, unless the topic is FIFO: AWS does not sign those messages.
    pub(crate) fn notification<'a>(&'a self, key: &str, links: &'a Links) -> Envelope<'a> {
        let text = self.shared_text(key);
        Envelope {
            parts: [
                text.head.get_or_init(|| self.head(text)),
                self.members_of(links),
                self.tail.get_or_init(|| self.tail()),
            ],
        }
    }

    /// Whether the envelope that [`Envelopes::notification`] would write has at most `bytes` bytes. It is not written
    /// for this, nor its text read, unless the length comes close.
    pub(crate) fn fit(&self, key: &str, links: &Links, bytes: usize) -> bool {
        let text = self.shared_text(key);
        let room = bytes.checked_sub(self.members_of(links).len());
        room.is_some_and(|room| self.most_length(text) <= room || self.length(text) <= room)
    }

    /// Whether the envelopes for a protocol have only characters that XML 1.0 has. JSON escapes all others except two.
    pub(crate) fn are_xml(&self, key: &str) -> bool {
        let is_xml = |text: &str| text.is_ascii() || !text.contains(['\u{fffe}', '\u{ffff}']);
        let text = self.shared_text(key);
        *text.is_xml.get_or_init(|| {
            let subject = self.message.subject.as_deref();
            let attributes = self.message.attributes.iter();
            is_xml(&text.text)
                && subject.is_none_or(is_xml)
                && attributes.flat_map(|all| &all.attributes).all(|attribute| {
                    is_xml(&attribute.data_type) && attribute.value.as_text().is_none_or(is_xml)
                })
        })
    }

    /// An upper bound of [`Envelopes::length`].
    fn most_length(&self, text: &SharedText) -> usize {
        /// For the members' names, ids, dates and the signature.
        const FIXED: usize = 1024;
        /// For one attribute's layout.
        const ATTRIBUTE: usize = 64;
        /// For one byte: `\u0001`. Base64 needs fewer per byte.
        const ESCAPED: usize = 6;
        let message = &self.message;
        let subject = message.subject.as_deref().map_or(0, str::len);
        let attributes = message.attributes.iter().flat_map(|all| &all.attributes);
        let attributes = attributes.map(|attribute| {
            let value = match &attribute.value {
                AttributeValue::Text(text) => text.len(),
                AttributeValue::Binary(bytes) => bytes.len(),
            };
            ATTRIBUTE + ESCAPED * (attribute.name.len() + attribute.data_type.len() + value)
        });
        FIXED
            + ESCAPED * (message.topic_arn.len() + subject + text.text.len())
            + attributes.sum::<usize>()
    }

    /// The bytes of the envelope without its links.
    fn length(&self, text: &SharedText) -> usize {
        let count = text.length.get_or_init(|| {
            let signature = self.is_signed().then(|| "-".repeat(SIGNATURE_LENGTH));
            let head = self.head_members(text, signature.as_deref());
            let head = pretty_length(&head, Part::Head);
            let tail = pretty_length(&self.tail_members(), Part::Tail);
            u32::try_from(head + tail).unwrap_or(u32::MAX)
        });
        *count as usize
    }

    /// The links, as far as this message's envelopes have them.
    fn members_of<'a>(&self, links: &'a Links) -> &'a str {
        if self.is_signed() {
            links.members()
        } else {
            links.unsubscribe_member()
        }
    }

    fn is_signed(&self) -> bool {
        self.message.sequence_number.is_none()
    }

    /// The signature of the text that a protocol's subscribers get.
    pub(super) fn signature(&self, key: &str) -> &str {
        self.signature_of(self.shared_text(key))
    }

    fn signature_of<'a>(&self, text: &'a SharedText) -> &'a str {
        text.signature.get_or_init(|| {
            let version = self.message.signature_version;
            let to_sign = notification_to_sign(&self.message, &text.text);
            self.signer.sign(version, &to_sign).into()
        })
    }

    fn shared_text(&self, key: &str) -> &SharedText {
        let text = self.message.text_for(key);
        iter::once(&self.default_text)
            .chain(&self.other_texts)
            .find(|shared| shared.text == *text)
            .expect("all texts of the message are shared texts")
    }

    fn head(&self, text: &SharedText) -> Box<str> {
        let signature = self.is_signed().then(|| self.signature_of(text));
        pretty(&self.head_members(text, signature), Part::Head).into()
    }

    fn head_members<'a>(&'a self, text: &'a SharedText, signature: Option<&'a str>) -> Head<'a> {
        let message = &self.message;
        Head {
            r#type: "Notification",
            message_id: message.id.to_string(),
            sequence_number: message.sequence_number.map(|number| number.to_string()),
            topic_arn: &message.topic_arn,
            subject: message.subject.as_deref(),
            message: &text.text,
            timestamp: DateTimeMillis(message.published_at).to_string(),
            signature_version: signature.map(|_| message.signature_version.as_str()),
            signature,
        }
    }

    fn tail(&self) -> Box<str> {
        pretty(&self.tail_members(), Part::Tail).into()
    }

    fn tail_members(&self) -> Tail<'_> {
        let attributes = self.message.attributes.as_deref();
        Tail {
            message_attributes: attributes.map(NamedAttributes),
        }
    }
}

/// The members before the links.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Head<'a> {
    r#type: &'a str,
    message_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence_number: Option<String>,
    topic_arn: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    message: &'a str,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<&'a str>,
}

/// The members after the links.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_attributes: Option<NamedAttributes<'a>>,
}

impl SharedText {
    fn new(text: &Arc<str>) -> Self {
        Self {
            text: Arc::clone(text),
            signature: OnceLock::new(),
            head: OnceLock::new(),
            length: OnceLock::new(),
            is_xml: OnceLock::new(),
        }
    }
}

impl Envelope<'_> {
    /// The text, in one allocation.
    pub(crate) fn text(&self) -> String {
        self.parts.concat()
    }
}

impl fmt::Display for Envelope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| f.write_str(part))
    }
}

/// The text that a notification's signature covers: neither its attributes nor its links.
fn notification_to_sign(message: &Message, text: &str) -> String {
    let id = message.id.to_string();
    let timestamp = DateTimeMillis(message.published_at).to_string();
    let subject = message.subject.as_deref();
    text_to_sign(
        [("Message", text), ("MessageId", &id)]
            .into_iter()
            .chain(subject.map(|subject| ("Subject", subject)))
            .chain([
                ("Timestamp", &*timestamp),
                ("TopicArn", &*message.topic_arn),
                ("Type", "Notification"),
            ]),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{attributes, is_signature, links, member, message, signer};
    use super::*;
    use crate::aws::message::SequenceNumber;
    use crate::services::sns::signing::signature::SignatureVersion;

    fn envelopes(message: Message) -> Envelopes {
        Envelopes::new(Arc::new(message), signer())
    }

    /// Compares the envelope for an SQS subscription, with its signature masked.
    fn check(message: Message, expected: &str) {
        let envelopes = envelopes(message);
        let text = envelopes.notification("sqs", &links()).text();
        let signature = if text.contains("\"Signature\"") {
            member(&text, "Signature")
        } else {
            "none"
        };
        assert_eq!(text.replace(signature, "SIGNATURE"), expected);
    }

    #[test]
    fn a_plain_message_has_neither_subject_nor_attributes() {
        check(
            message("Hello world!"),
            r#"{
  "Type" : "Notification",
  "MessageId" : "63a3f6b6-d533-4a47-aef9-fcf5cf758c76",
  "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
  "Message" : "Hello world!",
  "Timestamp" : "2012-03-29T05:12:16.901Z",
  "SignatureVersion" : "1",
  "Signature" : "SIGNATURE",
  "SigningCertURL" : "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem",
  "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee"
}"#,
        );
    }

    #[test]
    fn subject_and_attributes_have_their_places() {
        check(
            Message {
                subject: Some("Testing publish to subscribed queues".into()),
                attributes: Some(attributes()),
                published_at: crate::clock::Timestamp::from_secs(1_332_997_936),
                signature_version: SignatureVersion::V2,
                ..message("Hello world!")
            },
            r#"{
  "Type" : "Notification",
  "MessageId" : "63a3f6b6-d533-4a47-aef9-fcf5cf758c76",
  "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
  "Subject" : "Testing publish to subscribed queues",
  "Message" : "Hello world!",
  "Timestamp" : "2012-03-29T05:12:16.000Z",
  "SignatureVersion" : "2",
  "Signature" : "SIGNATURE",
  "SigningCertURL" : "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem",
  "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee",
  "MessageAttributes" : {
    "array" : {"Type":"String.Array","Value":"[\"a\", 1]"},
    "blob" : {"Type":"Binary","Value":"AgED"},
    "code" : {"Type":"String","Value":"movement-OUT"},
    "count" : {"Type":"Number","Value":"1.50"}
  }
}"#,
        );
    }

    #[test]
    fn messages_of_fifo_topics_are_not_signed() {
        check(
            Message {
                subject: Some("S".into()),
                attributes: Some(attributes()),
                sequence_number: Some(SequenceNumber(10_000_000_000_000_000_000)),
                ..message("Hello world!")
            },
            r#"{
  "Type" : "Notification",
  "MessageId" : "63a3f6b6-d533-4a47-aef9-fcf5cf758c76",
  "SequenceNumber" : "10000000000000000000",
  "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
  "Subject" : "S",
  "Message" : "Hello world!",
  "Timestamp" : "2012-03-29T05:12:16.901Z",
  "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee",
  "MessageAttributes" : {
    "array" : {"Type":"String.Array","Value":"[\"a\", 1]"},
    "blob" : {"Type":"Binary","Value":"AgED"},
    "code" : {"Type":"String","Value":"movement-OUT"},
    "count" : {"Type":"Number","Value":"1.50"}
  }
}"#,
        );
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        let envelopes = envelopes(message("\"a\"\\b/c\n\r\t\u{1}\u{7f}é😀<&>'"));
        let text = envelopes.notification("sqs", &links()).text();
        let expected = r#"  "Message" : "\"a\"\\b/c\n\r\t\u0001"#.to_owned() + "\u{7f}é😀<&>'\",\n";
        assert!(text.contains(&expected), "{text}");
    }

    #[test]
    fn signatures_verify_with_and_without_subject() {
        for version in [SignatureVersion::V1, SignatureVersion::V2] {
            for (subject, line) in [(None, ""), (Some("S".into()), "Subject\nS\n")] {
                let envelopes = envelopes(Message {
                    subject,
                    signature_version: version,
                    ..message("two\nlines")
                });
                let text = envelopes.notification("http", &links()).text();
                let signed = format!(
                    "Message\ntwo\nlines\nMessageId\n63a3f6b6-d533-4a47-aef9-fcf5cf758c76\n{line}Timestamp\n\
                     2012-03-29T05:12:16.901Z\nTopicArn\narn:aws:sns:us-west-2:123456789012:MyTopic\nType\nNotification\n"
                );
                let signature = member(&text, "Signature");
                let pem = signer();
                let pem = pem.certificate_pem();
                assert!(is_signature(pem, version, &signed, signature), "{text}");
            }
        }
    }

    #[test]
    fn protocols_with_equal_texts_share_their_part() {
        let envelopes = envelopes(Message {
            texts: [("http", "own"), ("https", "own"), ("lambda", "default")]
                .map(|(key, text)| (key.into(), text.into()))
                .into(),
            ..message("default")
        });
        assert_eq!(envelopes.other_texts.len(), 1);
        let links = links();
        let head = |key| envelopes.notification(key, &links).parts[0];
        assert!(head("http").contains("\"Message\" : \"own\""));
        assert_eq!(head("http").as_ptr(), head("https").as_ptr());
        assert!(head("sqs").contains("\"Message\" : \"default\""));
        assert_eq!(head("sqs").as_ptr(), head("lambda").as_ptr());
        assert_ne!(envelopes.signature("http"), envelopes.signature("sqs"));
    }

    #[test]
    fn sizes_are_told_without_writing() {
        let texts = ["", "plain", "\"a\"\\b\n\r\t\u{8}\u{c}\u{1}\u{7f}é😀<&>'"];
        let long = texts.map(|text| text.repeat(500));
        let messages = texts.into_iter().chain(long.iter().map(|text| &**text));
        for message in messages.map(message) {
            let subject = Some("\"s\"".into());
            let full = Message {
                subject,
                attributes: Some(attributes()),
                ..message.clone()
            };
            let fifo = Message {
                sequence_number: Some(SequenceNumber(10_000_000_000_000_000_000)),
                ..full.clone()
            };
            for message in [message, full, fifo] {
                let (measured, links) = (envelopes(message), links());
                let size = envelopes(Message::clone(&measured.message))
                    .notification("sqs", &links)
                    .text()
                    .len();
                assert!(measured.fit("sqs", &links, size), "{measured:?}");
                assert!(!measured.fit("sqs", &links, size - 1), "{measured:?}");
                assert!(!measured.fit("sqs", &links, 0));
                assert!(measured.fit("sqs", &links, usize::MAX));
                let text = &measured.default_text;
                assert!(measured.most_length(text) >= measured.length(text));
                assert!(text.head.get().is_none() && text.signature.get().is_none());
            }
        }
    }

    #[test]
    fn only_two_characters_are_neither_escaped_nor_xml() {
        let is_xml = |message| envelopes(message).are_xml("sqs");
        assert!(is_xml(message("a\0\u{1}\u{1f}\u{7f}é😀\u{fffd}")));
        for wrong in ["a\u{fffe}", "\u{ffff}"] {
            assert!(!is_xml(message(wrong)));
            assert!(!is_xml(Message {
                subject: Some(wrong.into()),
                ..message("a")
            }));
        }
    }

    #[test]
    fn nothing_is_written_before_it_is_asked_for() {
        let envelopes = envelopes(message("a"));
        assert!(envelopes.default_text.head.get().is_none());
        assert!(envelopes.default_text.signature.get().is_none());
        let links = links();
        let envelope = envelopes.notification("sqs", &links);
        assert_eq!(envelope.text(), envelope.to_string());
        assert_eq!(envelope.text().capacity(), envelope.text().len());
    }
}
