//! The attributes of topics and subscriptions that a file can set, and the kinds of their values.

use crate::aws::attributes::{Settable, Values};
use crate::services::sns::topic_attributes;

/// A parameter of `CreateTopic` beside the attributes; in files it is one of them.
pub const DATA_PROTECTION_POLICY: &str = "DataProtectionPolicy";

/// The protocols whose deliveries a topic logs: the prefix of its attributes' names, and the protocol's name in
/// templates (`DeliveryStatusLogging`).
pub const LOGGED: [(&str, &str); 5] = [
    ("Application", "application"),
    ("Firehose", "firehose"),
    ("HTTP", "http/s"),
    ("Lambda", "lambda"),
    ("SQS", "sqs"),
];

/// Every attribute of topics, in alphabetical order.
pub fn of_topics() -> Vec<Settable> {
    let own = [
        (DATA_PROTECTION_POLICY, Values::Document, false),
        ("FifoTopic", Values::Booleans, true),
    ];
    let own = own.map(|(name, values, is_fifo_only)| Settable {
        name,
        values,
        is_fifo_only,
    });
    let mut settable: Vec<_> = topic_attributes::settable().chain(own).collect();
    settable.sort_unstable_by_key(|one| one.name);
    settable
}
