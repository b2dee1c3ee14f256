//! A sequence number in an answer: text, since it exceeds the safe range of JSON numbers.

use serde::{Serialize, Serializer};

use crate::aws::message::SequenceNumber;

/// Serialises as twenty digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sequence(pub(super) SequenceNumber);

impl Serialize for Sequence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
