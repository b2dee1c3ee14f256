//! `GetRecords`: the records of a shard from a position on.

use serde::{Deserialize, Serialize};

use super::described::{ChildShard, ShownRecord, millis};
use crate::aws::Caller;
use crate::aws::validation::Rule;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::ShardId;
use crate::services::kinesis::constraints::{ARNS, PAGES, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::limits::{BATCH, PAGE_OF_RECORDS};
use crate::services::kinesis::stream::Most;

static ITERATORS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(512)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetRecordsInput {
    shard_iterator: Option<String>,
    limit: Option<i32>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetRecordsOutput {
    records: Vec<ShownRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_shard_iterator: Option<String>,
    millis_behind_latest: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    child_shards: Option<Vec<ChildShard>>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: GetRecordsInput,
) -> Result<GetRecordsOutput, Error> {
    let mut validation = validation();
    validation.check("limit", input.limit, &PAGES);
    let iterator = input.shard_iterator.as_deref();
    let iterator = validation.required_text("shardIterator", iterator, &ITERATORS);
    validation.check("streamARN", input.stream_arn.as_deref(), &ARNS);
    validation.finish()?;
    let now = kinesis.now();
    let position = kinesis.iterators.decode(now, iterator)?;
    let stream = kinesis.stream_at(now, &position)?;
    if input.stream_arn.is_some_and(|arn| arn != stream.arn) {
        return Err(Error::invalid("Invalid ShardIterator."));
    }
    if input.dry_run == Some(true) {
        return Err(Error::DryRun);
    }
    let limit = input.limit.and_then(|limit| usize::try_from(limit).ok());
    let most = Most {
        records: limit.unwrap_or(PAGE_OF_RECORDS),
        bytes: BATCH,
    };
    let mut state = stream.lock();
    let batch = state.stream.read(now, position.shard, position.index, most);
    let nothing = || Error::nothing_to_read(ShardId(position.shard), &stream.name);
    let batch = batch.ok_or_else(nothing)?;
    let child_shards = batch.next.is_none().then(|| {
        let children = state.stream.children(position.shard);
        children.map(ChildShard::from).collect()
    });
    // Records are copied while others may use the stream.
    drop(state);
    let next = batch.next;
    Ok(GetRecordsOutput {
        records: batch.records.into_iter().map(ShownRecord::from).collect(),
        next_shard_iterator: next
            .map(|index| kinesis.iterator(now, &stream, position.shard, index)),
        millis_behind_latest: millis(batch.behind),
        child_shards,
    })
}
