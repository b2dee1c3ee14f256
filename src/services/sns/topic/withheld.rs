//! Why a subscriber does not get a message, as a value.

use std::fmt;

use crate::clock::Timestamp;
use crate::pattern::Mismatch;

/// What keeps a message from a subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// The subscription is not confirmed.
    Pending,
    /// Its replay ended then, and it waits for the next.
    Paused(Timestamp),
    /// Its filter policy does not let the message through.
    Filtered(Mismatch),
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => f.write_str("the subscription is not confirmed"),
            Self::Paused(since) => write!(
                f,
                "the subscription is paused since its replay ended at {since}"
            ),
            Self::Filtered(mismatch) => write!(f, "filtered: {mismatch}"),
        }
    }
}
