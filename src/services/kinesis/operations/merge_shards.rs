//! `MergeShards`: makes one shard of two neighbours.

use serde::Deserialize;

use super::resharding::refused;
use crate::aws::Caller;
use crate::services::kinesis::constraints::{NAMES, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::Transition;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MergeShardsInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    shard_to_merge: Option<String>,
    adjacent_shard_to_merge: Option<String>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: MergeShardsInput,
) -> Result<(), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    let shard = input.shard_to_merge.as_deref();
    let shard = validation.required_text("shardToMerge", shard, &NAMES);
    let adjacent = input.adjacent_shard_to_merge.as_deref();
    let adjacent = validation.required_text("adjacentShardToMerge", adjacent, &NAMES);
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let (shard, adjacent) = (stream.shard_id(shard)?, stream.shard_id(adjacent)?);
    let mut state = stream.lock_active(now)?;
    state.stream.expire(now);
    let merged = state.stream.merge(now, shard.0, adjacent.0);
    merged.map_err(|why| refused(&why, [shard, adjacent], &stream.name))?;
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(())
}
