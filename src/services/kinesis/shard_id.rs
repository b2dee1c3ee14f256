//! Ids of shards.

use std::fmt;

use serde::{Serialize, Serializer};

use super::limits::SHARD_NUMBER;

/// The id of a shard by its number: `shardId-000000000007`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShardId(pub(super) u32);

impl ShardId {
    /// The shard that a request names. Only the number counts: that behind the first hyphen, or the whole text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let number = text.split_once('-').map_or(text, |(_, number)| number);
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|_| is_number)?;
        (number <= SHARD_NUMBER).then_some(Self(number))
    }
}

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shardId-{:012}", self.0)
    }
}

impl Serialize for ShardId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_counts() {
        for (text, number) in [
            ("shardId-000000000007", Some(7)),
            ("anything-7", Some(7)),
            ("7", Some(7)),
            ("shardId-002147483647", Some(2_147_483_647)),
            ("shardId-002147483648", None),
            ("99999999999999999999", None),
            ("ABKLFD8", None),
            ("shardId-", None),
            ("a--1", None),
            ("a-+1", None),
        ] {
            assert_eq!(ShardId::read(text), number.map(ShardId), "{text}");
        }
    }
}
