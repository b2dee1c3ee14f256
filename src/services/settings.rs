//! How the services differ from AWS's, where the user wants it.

use crate::delivery::http;
use crate::faults::Chaos;
use crate::trace;

/// Messages of a queue that may be in flight at once. (SQS quotas: about 120,000.)
pub const IN_FLIGHT_LIMIT: usize = 120_000;

/// Bytes of all entries of a `PutEvents` together. (1 MB since September 2026.)
pub const PUT_EVENTS_LIMIT: usize = 1_048_576;

/// Rules of an event bus. (EventBridge quotas.)
pub const RULES_PER_BUS: usize = 300;

/// Steps of messages that are kept, for those who ask what became of one.
pub const TRACES: usize = trace::STEPS;

/// The settings of all services; each takes those that concern it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether AWS's waits hold: 60 seconds between two purges, before a deleted queue's name is free again and before a
    /// changed deduplication scope is in force, thirty days between two opt-ins of a phone number, a day before a verified
    /// one can be taken from the sandbox, some seconds until a connection is deleted or deauthorised. By default tests are
    /// spared them.
    pub strict_timing: bool,
    /// Whether access policies are enforced: of queues, topics and buses for other accounts, and for deliveries. By
    /// default everything is allowed.
    pub enforce_policies: bool,
    /// How many messages of a queue may be in flight at once. AWS: about 120,000.
    pub in_flight_limit: usize,
    /// How many bytes the entries of a `PutEvents` may have together. AWS: 1,048,576, and 262,144 until September 2026.
    pub put_events_limit: usize,
    /// How many rules an event bus may have. AWS: 300, and more on request.
    pub rules_per_bus: usize,
    /// How many steps of messages are kept, for those who ask what became of one; none if it is zero.
    pub traces: usize,
    /// The base of the links in SNS's messages, instead of that of queue URLs; `{region}` stands for the topic's
    /// region. AWS's own links start with `https://sns.{region}.amazonaws.com`.
    pub sns_url: Option<String>,
    /// The faults to start with, if there are any.
    pub chaos: Option<Chaos>,
    /// How far deliveries to HTTP endpoints reach, and how much they may take up.
    pub deliveries: http::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strict_timing: false,
            enforce_policies: false,
            in_flight_limit: IN_FLIGHT_LIMIT,
            put_events_limit: PUT_EVENTS_LIMIT,
            rules_per_bus: RULES_PER_BUS,
            traces: TRACES,
            sns_url: None,
            chaos: None,
            deliveries: http::Settings::default(),
        }
    }
}
