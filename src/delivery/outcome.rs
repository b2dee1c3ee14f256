//! The outcome of a delivery: one type for every service and every kind of target.

use std::hash::{DefaultHasher, Hasher};
use std::io;

use super::http::{Answer, Egress};
use crate::ids::MessageId;
use crate::trace::End;

/// The outcome of a delivery.
pub type Outcome = Result<Delivered, Undelivered>;

/// The place of a delivered message.
#[derive(Debug)]
pub enum Delivered {
    /// At its target, under this id.
    As(MessageId),
    /// In the log of captured deliveries, under this number: its target is not on this machine.
    Captured(u64),
    /// At its endpoint, which gave this answer.
    Answered(Box<Answer>),
}

/// Why a message was not delivered. Displays as the end of a sentence, for logs.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// No resource has the target's ARN, or no longer.
    #[error("the target does not exist")]
    NoTarget,
    /// The target's own checks refuse it; holds its service's sentence.
    #[error("the target refuses it: {0}")]
    Refused(Box<str>),
    /// The target's access policy does not allow it; holds the statement that decides.
    #[error("access denied: {0}")]
    Denied(String),
    /// The target is switched off.
    #[error("the target is disabled")]
    Disabled,
    /// The recipient has opted out. This is no failure: nothing goes to a dead-letter queue.
    #[error("the recipient has opted out")]
    OptedOut,
    /// The endpoint did not answer with success.
    #[error("it answered {status}")]
    Status {
        /// The answer's status.
        status: u16,
        /// Whether the endpoint may answer differently the next time.
        is_retryable: bool,
    },
    /// The target gets more than it takes; holds its service's sentence.
    #[error("the target throttles: {0}")]
    Throttled(Box<str>),
    /// There was no whole answer in time.
    #[error("no answer within {0} seconds")]
    Timeout(u64),
    /// The endpoint's name cannot be resolved.
    #[error("cannot resolve its name: {0}")]
    Resolve(io::Error),
    /// Nothing listens on the address, or it cannot be reached.
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    /// The TLS handshake failed.
    #[error("TLS handshake: {0}")]
    Tls(io::Error),
    /// The connection ended early, or the answer was not HTTP.
    #[error("no HTTP answer: {0}")]
    Exchange(#[from] hyper::Error),
    /// Deliveries may not connect to the address.
    #[error("deliveries to {address} are not permitted (--egress {egress})")]
    Egress {
        /// The address; the name where none is permitted, and it is not resolved.
        address: Box<str>,
        /// How far deliveries reach.
        egress: Egress,
    },
    /// Its turn did not come before it was too old.
    #[error("its turn did not come in time")]
    Expired,
    /// Too many messages wait for this endpoint.
    #[error("too many messages wait for it")]
    LaneFull,
    /// Too many bytes are held for endpoints that do not take them, and others.
    #[error("the memory budget is used up (--memory-budget)")]
    OverBudget,
}

impl End {
    /// The end of a message that was given up, by what its dead-letter queue made of it, if there is one.
    pub(crate) fn of(queue: Option<&str>, moved: Option<&Outcome>) -> Self {
        match (queue, moved) {
            (Some(queue), Some(Ok(Delivered::As(id)))) => Self::DeadLetter {
                queue: queue.into(),
                id: *id,
            },
            (Some(queue), Some(Err(refusal))) => Self::RefusedTwice {
                queue: queue.into(),
                reason: refusal.to_string().into(),
            },
            _ => Self::Lost,
        }
    }
}

/// A number that stands for what a sentence says, whatever the values in it: their digits, and what is quoted.
pub(crate) fn wording(sentence: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let outside = sentence.split(['\'', '"']).step_by(2);
    outside
        .flat_map(str::bytes)
        .filter(|byte| !byte.is_ascii_digit())
        .for_each(|byte| hasher.write_u8(byte));
    hasher.finish() & 0xffff
}

impl Undelivered {
    /// A number that tells causes apart: what happens to every message of a subscription is one, whatever the words.
    pub(crate) fn cause(&self) -> u64 {
        match self {
            Self::Status { status, .. } => u64::from(*status),
            Self::NoTarget => 1,
            Self::Refused(why) => 2 | wording(why) << 8,
            Self::Denied(_) => 3,
            Self::Disabled => 4,
            Self::OptedOut => 5,
            Self::Timeout(_) => 6,
            Self::Resolve(_) => 7,
            Self::Connect(_) => 8,
            Self::Tls(_) => 9,
            Self::Exchange(_) => 10,
            Self::Egress { .. } => 11,
            Self::LaneFull => 12,
            Self::OverBudget => 13,
            Self::Expired => 15,
            Self::Throttled(_) => 14,
        }
    }

    /// Whether another attempt can help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Status { is_retryable, .. } => *is_retryable,
            Self::Throttled(_)
            | Self::Timeout(_)
            | Self::Resolve(_)
            | Self::Connect(_)
            | Self::Tls(_)
            | Self::Exchange(_) => true,
            Self::NoTarget
            | Self::Refused(_)
            | Self::Denied(_)
            | Self::Disabled
            | Self::OptedOut
            | Self::Egress { .. }
            | Self::LaneFull
            | Self::OverBudget
            | Self::Expired => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_apart_by_their_words_and_not_by_values() {
        let refused = |why: &str| Undelivered::Refused(why.into()).cause();
        let one = refused("Message must be shorter than 1024 bytes: '2000'");
        assert_eq!(one, refused("Message must be shorter than 512 bytes: '7a'"));
        assert_ne!(one, refused("Invalid binary character '#x1' was found"));
        assert!(one < 1 << 32);
    }

    #[test]
    fn only_what_may_be_otherwise_the_next_time_is_tried_again() {
        let no_address = || io::Error::from(io::ErrorKind::NotFound);
        let unavailable = Undelivered::Status {
            status: 503,
            is_retryable: true,
        };
        for passing in [
            Undelivered::Throttled("slow down".into()),
            Undelivered::Timeout(15),
            Undelivered::Resolve(no_address()),
            Undelivered::Connect(no_address()),
            Undelivered::Tls(no_address()),
            unavailable,
        ] {
            assert!(passing.is_retryable(), "{passing}");
        }
        for lasting in [
            Undelivered::NoTarget,
            Undelivered::Refused("no".into()),
            Undelivered::Denied("no".into()),
            Undelivered::Disabled,
            Undelivered::OptedOut,
            Undelivered::LaneFull,
            Undelivered::OverBudget,
            Undelivered::Expired,
        ] {
            assert!(!lasting.is_retryable(), "{lasting}");
        }
    }
}
