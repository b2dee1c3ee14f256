//! The attributes that files may set, with what their values are: for the short format, its schema and exports. The
//! services' own tables say which there are.

pub use crate::aws::attributes::{Described, Values};
use crate::services::sns;
use crate::services::sqs::attributes as queues;

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

/// Every attribute of queues, by the alphabet.
pub fn of_queues() -> Vec<Described> {
    queues::settable().collect()
}

/// Every attribute of topics, by the alphabet.
pub fn of_topics() -> Vec<Described> {
    let own = [
        (DATA_PROTECTION_POLICY, Values::Document, false),
        ("FifoTopic", Values::Booleans, true),
    ];
    let own = own.map(|(name, values, is_fifo_only)| Described {
        name,
        values,
        is_fifo_only,
    });
    let mut described: Vec<_> = sns::topic_attributes().chain(own).collect();
    described.sort_unstable_by_key(|one| one.name);
    described
}

/// Every attribute of subscriptions, by the alphabet.
pub fn of_subscriptions() -> Vec<Described> {
    sns::subscription_attributes().collect()
}
