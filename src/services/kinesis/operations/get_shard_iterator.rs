//! `GetShardIterator`: where a reader of a shard begins.

use serde::{Deserialize, Serialize};

use super::starting::{Starting, TYPES};
use crate::aws::Caller;
use crate::services::kinesis::constraints::{NAMES, SEQUENCES, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::{Kinesis, Named, ShardId};
use crate::wire::Moment;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetShardIteratorInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    shard_id: Option<String>,
    shard_iterator_type: Option<String>,
    starting_sequence_number: Option<String>,
    timestamp: Option<Moment>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetShardIteratorOutput {
    shard_iterator: String,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: GetShardIteratorInput,
) -> Result<GetShardIteratorOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let sequence = input.starting_sequence_number.as_deref();
    let mut validation = validation();
    let shard = validation.required_text("shardId", input.shard_id.as_deref(), &NAMES);
    let kind = input.shard_iterator_type.as_deref();
    let kind = validation.required_text("shardIteratorType", kind, &TYPES);
    validation.check("startingSequenceNumber", sequence, &SEQUENCES);
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let name = named.stream(caller)?;
    let read = ShardId::read(shard).ok_or_else(|| Error::no_shard(shard, &name))?;
    let stream = kinesis.streams.get(now, &name);
    let stream = stream.ok_or_else(|| Error::nothing_to_read(read, &name))?;
    let mut state = stream.lock();
    let nothing = || Error::nothing_to_read(read, &stream.name);
    if state.is_creating(now) {
        return Err(nothing());
    }
    let found = state.stream.shard(now, read.0).ok_or_else(nothing)?;
    let starting = Starting {
        action: "GetShardIterator",
        member: "StartingSequenceNumber",
        kind,
        sequence,
        moment: input.timestamp,
    };
    let start = starting.start(now, &stream.name, found)?;
    let index = state.stream.index(now, read.0, start).ok_or_else(nothing)?;
    if input.dry_run == Some(true) {
        return Err(Error::DryRun);
    }
    Ok(GetShardIteratorOutput {
        shard_iterator: kinesis.iterator(now, &stream, read.0, index),
    })
}
