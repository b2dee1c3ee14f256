//! The attributes that files may set, with what their values are: for the short format, its schema and exports. The
//! services' own tables say which there are.

use std::ops::RangeInclusive;

use crate::services::sns;
use crate::services::sqs::attributes as queues;
use crate::services::sqs::limits;

/// One attribute that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// AWS's name of it.
    pub name: &'static str,
    /// What its value is.
    pub values: Values,
    /// Whether only FIFO queues or topics have it.
    pub is_fifo_only: bool,
}

/// What an attribute's value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A whole number of this range.
    Numbers(RangeInclusive<u32>),
    /// `true` or `false`.
    Booleans,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Any text.
    Text,
    /// A JSON document.
    Document,
}

/// What `CreateTopic` takes beside the attributes; files have it among them.
pub const DATA_PROTECTION_POLICY: &str = "DataProtectionPolicy";

/// What templates call a protocol whose deliveries a topic logs (`DeliveryStatusLogging`), by what the names of the
/// topic's attributes for it begin with.
pub const LOGGED: [(&str, &str); 5] = [
    ("Application", "application"),
    ("Firehose", "firehose"),
    ("HTTP", "http/s"),
    ("Lambda", "lambda"),
    ("SQS", "sqs"),
];

/// The attributes whose values are JSON documents.
const DOCUMENTS: [&str; 8] = [
    "ArchivePolicy",
    DATA_PROTECTION_POLICY,
    "DeliveryPolicy",
    "FilterPolicy",
    "Policy",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "ReplayPolicy",
];

/// Every attribute of queues, by the alphabet.
pub fn of_queues() -> Vec<Described> {
    let described = queues::settable().map(|(name, values, is_fifo_only)| Described {
        name,
        values: match values {
            queues::Values::Numbers(range) => Values::Numbers(range),
            queues::Values::Booleans => Values::Booleans,
            queues::Values::Words(words) => Values::Words(words),
            queues::Values::Text => text_or_document(name),
        },
        is_fifo_only,
    });
    described.collect()
}

/// Every attribute of topics, by the alphabet.
pub fn of_topics() -> Vec<Described> {
    let own = [(DATA_PROTECTION_POLICY, false), ("FifoTopic", true)];
    let mut described: Vec<_> = sns::topic_attribute_names()
        .chain(own)
        .map(|(name, is_fifo_only)| Described {
            name,
            values: of_topic(name),
            is_fifo_only,
        })
        .collect();
    described.sort_unstable_by_key(|one| one.name);
    described
}

/// Every attribute of subscriptions, by the alphabet.
pub fn of_subscriptions() -> Vec<Described> {
    let described = sns::SUBSCRIPTION_ATTRIBUTES.iter().map(|&name| Described {
        name,
        values: match name {
            "FilterPolicyScope" => Values::Words(&["MessageAttributes", "MessageBody"]),
            "RawMessageDelivery" => Values::Booleans,
            _ => text_or_document(name),
        },
        is_fifo_only: name == "ReplayPolicy",
    });
    described.collect()
}

fn of_topic(name: &'static str) -> Values {
    match name {
        "ContentBasedDeduplication" | "FifoTopic" => Values::Booleans,
        "FifoThroughputScope" => Values::Words(&["Topic", "MessageGroup"]),
        "MaximumMessageSize" => Values::Numbers(limits::MAXIMUM_MESSAGE_SIZE),
        "SignatureVersion" => Values::Words(&["1", "2"]),
        "TracingConfig" => Values::Words(&["PassThrough", "Active"]),
        _ if name.ends_with("SuccessFeedbackSampleRate") => Values::Numbers(0..=100),
        _ => text_or_document(name),
    }
}

fn text_or_document(name: &str) -> Values {
    if DOCUMENTS.contains(&name) {
        Values::Document
    } else {
        Values::Text
    }
}
