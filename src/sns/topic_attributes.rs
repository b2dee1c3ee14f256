//! A topic's attributes: their names, ranges and defaults, and the errors of those who set what is not allowed.

use std::collections::BTreeMap;

use super::delivery::signature::SignatureVersion;
use super::delivery_policy::TopicPolicy;
use super::limits;

/// Whether a topic keeps order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Standard,
    Fifo,
}

/// What deduplication ids are compared over (`FifoThroughputScope`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThroughputScope {
    Topic,
    MessageGroup,
}

/// The attributes that can be set. What is absent is not shown.
#[derive(Clone, Debug)]
pub(crate) struct TopicAttributes {
    pub(crate) kind: Kind,
    pub(crate) display_name: String,
    /// The access policy, where it is not the default one.
    pub(crate) policy: Option<String>,
    pub(crate) delivery_policy: Option<TopicPolicy>,
    pub(crate) kms_master_key_id: Option<String>,
    pub(crate) signature_version: Option<SignatureVersion>,
    /// `PassThrough` or `Active`; kept and shown.
    pub(crate) tracing_config: Option<String>,
    /// FIFO only.
    pub(crate) content_based_deduplication: bool,
    /// FIFO only.
    pub(crate) fifo_throughput_scope: Option<ThroughputScope>,
    /// FIFO only: how many days messages are kept for replays, and the text that said so.
    pub(crate) archive_policy: Option<ArchivePolicy>,
    /// Bytes of a message with its attributes.
    pub(crate) maximum_message_size: Option<usize>,
    /// `HTTPSuccessFeedbackRoleArn` and its like, by name; kept and shown.
    pub(crate) feedback: BTreeMap<&'static str, String>,
}

/// How long a FIFO topic keeps its messages for replays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArchivePolicy {
    pub(crate) days: u32,
    pub(crate) text: String,
}

impl TopicAttributes {
    /// The defaults of a new topic.
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            display_name: String::new(),
            policy: None,
            delivery_policy: None,
            kms_master_key_id: None,
            signature_version: None,
            tracing_config: None,
            content_based_deduplication: false,
            fifo_throughput_scope: None,
            archive_policy: None,
            maximum_message_size: None,
            feedback: BTreeMap::new(),
        }
    }

    /// The largest message that the topic takes, in bytes, attributes included.
    pub(crate) fn message_size(&self) -> usize {
        self.maximum_message_size.unwrap_or(limits::MESSAGE_SIZE)
    }
}
