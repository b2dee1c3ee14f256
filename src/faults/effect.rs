//! What a fault does.

use std::time::Duration;

/// What a fault does to what it matches.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A call is answered with an error, and is not carried out.
    Error(Injected),
    /// A call is carried out, and its answer takes longer: `least`, and up to `jitter` more. It goes by the machine's time.
    Latency {
        /// What it takes at least.
        least: Duration,
        /// What it may take more.
        jitter: Duration,
    },
    /// A call's connection is closed without an answer.
    Reset {
        /// Whether the call is carried out before.
        is_after: bool,
    },
    /// A message that reaches a standard queue is there twice; one to a standard topic is delivered twice.
    Duplicate,
    /// A receive from a standard queue passes over up to so many messages.
    Reorder {
        /// How many at most.
        within: usize,
    },
    /// A received message is visible again after this time, whatever its visibility timeout.
    LoseVisibility {
        /// How long it is hidden.
        after: Duration,
    },
    /// An entry of a batch fails, and the others do not.
    PartialBatch(Injected),
    /// A queue's counts of messages are those of a moment ago.
    StaleCounts {
        /// How old they are at most.
        age: Duration,
    },
    /// A request to an HTTP endpoint fails, and is not sent.
    Endpoint(EndpointFault),
}

/// An error that is answered on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injected {
    /// Its code, as clients see it.
    pub code: String,
    /// Its HTTP status, if it is not the code's own.
    pub status: Option<u16>,
    /// Its sentence, if it is not the code's own.
    pub message: Option<String>,
    /// What `x-amz-retry-after` says, in milliseconds.
    pub retry_after: Option<u64>,
}

/// How a request to an endpoint fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointFault {
    /// As if it had been answered with this status.
    Status(u16),
    /// As if it had not been answered in time.
    Timeout,
}

impl Effect {
    /// Whether it is something that happens to calls as a whole.
    pub const fn is_of_calls(&self) -> bool {
        matches!(
            self,
            Self::Error(_) | Self::Latency { .. } | Self::Reset { .. }
        )
    }

    /// The actions in which it can happen; nothing of one that can happen in any, or in none.
    pub(super) const fn actions(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::Error(_) | Self::Latency { .. } | Self::Reset { .. } | Self::Endpoint(_) => None,
            Self::Duplicate => {
                Some(&["SendMessage", "SendMessageBatch", "Publish", "PublishBatch"])
            }
            Self::Reorder { .. } | Self::LoseVisibility { .. } => Some(&["ReceiveMessage"]),
            Self::StaleCounts { .. } => Some(&["GetQueueAttributes"]),
            Self::PartialBatch(_) => Some(&[
                "SendMessageBatch",
                "DeleteMessageBatch",
                "ChangeMessageVisibilityBatch",
                "PublishBatch",
                "PutEvents",
            ]),
        }
    }

    /// Whether it is something that happens to queues and their messages.
    pub const fn is_of_queues(&self) -> bool {
        matches!(
            self,
            Self::Reorder { .. } | Self::LoseVisibility { .. } | Self::StaleCounts { .. }
        )
    }
}
