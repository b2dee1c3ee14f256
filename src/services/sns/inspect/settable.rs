//! The attributes of topics and subscriptions that a file can set, and what their values are.

use crate::services::resource::{Settable, Values};
use crate::services::sns::limits;
use crate::services::sns::{subscription_attributes, topic_attributes};

/// What `CreateTopic` takes beside the attributes; in files it is one of them.
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

/// Every attribute of topics, in alphabetical order.
pub fn of_topics() -> Vec<Settable> {
    let own = [(DATA_PROTECTION_POLICY, false), ("FifoTopic", true)];
    let mut settable: Vec<_> = topic_attributes::names()
        .chain(own)
        .map(|(name, is_fifo_only)| Settable {
            name,
            values: of_topic(name),
            is_fifo_only,
        })
        .collect();
    settable.sort_unstable_by_key(|one| one.name);
    settable
}

/// Every attribute of subscriptions, in alphabetical order.
pub fn of_subscriptions() -> Vec<Settable> {
    let names = subscription_attributes::NAMES.iter();
    let settable = names.map(|&name| Settable {
        name,
        values: match name {
            "FilterPolicyScope" => Values::Words(&["MessageAttributes", "MessageBody"]),
            "RawMessageDelivery" => Values::Booleans,
            _ => Values::of_text(name),
        },
        is_fifo_only: name == "ReplayPolicy",
    });
    settable.collect()
}

fn of_topic(name: &'static str) -> Values {
    match name {
        "ContentBasedDeduplication" | "FifoTopic" => Values::Booleans,
        "FifoThroughputScope" => Values::Words(&["Topic", "MessageGroup"]),
        "MaximumMessageSize" => Values::Numbers(limits::MAXIMUM_MESSAGE_SIZE),
        "SignatureVersion" => Values::Words(&["1", "2"]),
        "TracingConfig" => Values::Words(&["PassThrough", "Active"]),
        _ if name.ends_with("SuccessFeedbackSampleRate") => Values::Numbers(0..=100),
        _ => Values::of_text(name),
    }
}
