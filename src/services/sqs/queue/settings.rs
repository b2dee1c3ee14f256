//! Settings: the attributes that change what a queue's core does.

use std::sync::Arc;

/// Standard or FIFO: fixed when the queue is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Best-effort order, at least once.
    Standard,
    /// Order within a message group, deduplication.
    Fifo,
}

/// What deduplication ids are compared over (`DeduplicationScope`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeduplicationScope {
    /// All messages of the queue.
    Queue,
    /// The messages of one group.
    MessageGroup,
}

/// When and where undeliverable messages go (`RedrivePolicy`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// The ARN of the dead-letter queue.
    pub target: Arc<str>,
    /// How often a message is delivered before it is moved; 1 to 1,000.
    pub max_receive_count: u32,
}

/// The attributes that change what a queue's core does, checked. Durations are in seconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a new message stays hidden, in seconds: 0 to 900.
    pub delay_seconds: u32,
    /// How long a message is kept after it was sent, in seconds: 60 to 1,209,600.
    pub message_retention_period: u32,
    /// How long a received message stays hidden, in seconds: 0 to 43,200.
    pub visibility_timeout: u32,
    /// What deduplication ids are compared over; FIFO only.
    pub deduplication_scope: DeduplicationScope,
    /// How long a changed deduplication scope takes to come into force, in seconds.
    pub deduplication_scope_delay: u32,
    /// Where messages go that were received too often.
    pub redrive: Option<Redrive>,
    /// How many messages may be in flight at once. AWS: about 120,000 (SQS quotas).
    pub in_flight_limit: usize,
}

/// What AWS has where a queue is made without attributes.
impl Default for Settings {
    fn default() -> Self {
        Self {
            delay_seconds: 0,
            message_retention_period: 345_600,
            visibility_timeout: 30,
            deduplication_scope: DeduplicationScope::Queue,
            deduplication_scope_delay: 0,
            redrive: None,
            in_flight_limit: 120_000,
        }
    }
}
