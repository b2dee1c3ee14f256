//! `SplitShard`: divides an open shard in two.

use serde::Deserialize;

use super::resharding::refused;
use crate::aws::Caller;
use crate::services::kinesis::constraints::{HASH_KEYS, NAMES, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::Transition;
use crate::services::kinesis::stream::Refused;
use crate::services::kinesis::{Kinesis, Named, ShardId};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SplitShardInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    shard_to_split: Option<String>,
    new_starting_hash_key: Option<String>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: SplitShardInput,
) -> Result<(), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    let key = input.new_starting_hash_key.as_deref();
    let key = validation.required_text("newStartingHashKey", key, &HASH_KEYS);
    let shard = input.shard_to_split.as_deref();
    let shard = validation.required_text("shardToSplit", shard, &NAMES);
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let shard = stream.shard_id(shard)?;
    let _adding = kinesis.adding.lock();
    kinesis.check_shard_limit(now, &stream.name, 1)?;
    let mut state = stream.lock_active(now)?;
    state.stream.expire(now);
    let at: Option<u128> = key.parse().ok();
    let split = match (at, state.stream.shard(now, shard.0)) {
        (Some(at), _) => state.stream.split(now, shard.0, at),
        // Above all hash keys.
        (None, Some(found)) => Err(Refused::HashKey(found.hashes)),
        (None, None) => Err(Refused::NoShard(shard.0)),
    };
    split.map_err(|why| match why {
        Refused::HashKey(hashes) => {
            let (name, account) = (&stream.name.name, stream.name.account);
            Error::invalid(format!(
                "NewStartingHashKey {key} used in SplitShard() on shard {shard} in stream {name} under account {account} is \
                 not both greater than one plus the shard's StartingHashKey {} and less than the shard's EndingHashKey {}.",
                hashes.start, hashes.end
            ))
        }
        why => refused(&why, [shard, ShardId(0)], &stream.name),
    })?;
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(())
}
