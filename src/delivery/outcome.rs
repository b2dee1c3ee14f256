//! What becomes of a delivery: one answer for every service and every kind of target.

use std::io;
use std::net::IpAddr;

use super::http::{Answer, Egress};
use crate::ids::MessageId;

/// What became of a delivery.
pub type Outcome = Result<Delivered, Undelivered>;

/// Where a delivered message is.
#[derive(Debug)]
pub enum Delivered {
    /// In its target, which calls it this.
    As(MessageId),
    /// In the log of captured deliveries, under this number: its target is not on this machine.
    Captured(u64),
    /// At its endpoint, which answered this.
    Answered(Box<Answer>),
}

/// Why a message was not delivered. Displays as the end of a sentence, for logs.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// Nothing has the target's ARN, or nothing any more.
    #[error("the target does not exist")]
    NoTarget,
    /// The target's own checks refuse it, in its service's sentence.
    #[error("the target refuses it: {0}")]
    Refused(Box<str>),
    /// The target's access policy does not allow it; says which statement decides.
    #[error("access denied: {0}")]
    Denied(String),
    /// The target is switched off.
    #[error("the target is disabled")]
    Disabled,
    /// The recipient wants no messages. This is no failure: there is nothing to be put on a dead-letter queue.
    #[error("the recipient has opted out")]
    OptedOut,
    /// The endpoint answered, and not with success.
    #[error("it answered {status}")]
    Status {
        /// The answer's status.
        status: u16,
        /// Whether the endpoint may answer something else the next time.
        is_retryable: bool,
    },
    /// There was no whole answer in time.
    #[error("no answer within {0} seconds")]
    Timeout(u64),
    /// The endpoint's name leads nowhere.
    #[error("cannot resolve its name: {0}")]
    Resolve(io::Error),
    /// Nothing listens there, or the network does not lead there.
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    /// The TLS handshake failed.
    #[error("TLS handshake: {0}")]
    Tls(io::Error),
    /// The connection ended early, or what came was not HTTP.
    #[error("no HTTP answer: {0}")]
    Exchange(#[from] hyper::Error),
    /// The address is not one that deliveries may connect to.
    #[error("deliveries to {address} are not permitted (--egress {egress})")]
    Egress {
        /// The address that was to be connected to.
        address: IpAddr,
        /// How far deliveries reach.
        egress: Egress,
    },
    /// Too many messages wait for this endpoint.
    #[error("too many messages wait for it")]
    LaneFull,
}

impl Undelivered {
    /// Whether another attempt can help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Status { is_retryable, .. } => *is_retryable,
            Self::Timeout(_)
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
            | Self::LaneFull => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_otherwise_the_next_time_is_tried_again() {
        let no_address = || io::Error::from(io::ErrorKind::NotFound);
        let unavailable = Undelivered::Status {
            status: 503,
            is_retryable: true,
        };
        for passing in [
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
        ] {
            assert!(!lasting.is_retryable(), "{lasting}");
        }
    }
}
