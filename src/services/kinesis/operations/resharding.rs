//! Why shards are not split or merged, in AWS's words.

use crate::services::kinesis::ShardId;
use crate::services::kinesis::error::Error;
use crate::services::kinesis::name::StreamName;
use crate::services::kinesis::stream::Refused;

/// The refusal of a change of these shards.
pub(super) fn refused(why: &Refused, [one, other]: [ShardId; 2], stream: &StreamName) -> Error {
    let StreamName { name, account, .. } = stream;
    match *why {
        Refused::NoShard(number) => Error::no_shard(ShardId(number), stream),
        Refused::Closed(number) => Error::invalid(format!(
            "Shard {} in stream {name} under account {account} has already been merged or split, and thus is not eligible \
             for merging or splitting.",
            ShardId(number)
        )),
        Refused::NotAdjacent | Refused::HashKey(_) => Error::invalid(format!(
            "Shards {one} and {other} in stream {name} under account {account} are not an adjacent pair of shards eligible \
             for merging"
        )),
    }
}
