//! `DescribeStream`: a stream with its shards, a hundred at a time.

use serde::{Deserialize, Serialize};

use super::described::{Described, Shard};
use crate::aws::Caller;
use crate::services::kinesis::constraints::{NAMES, PAGES, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::limits::PAGE;
use crate::services::kinesis::stream::Filter;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStreamInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    limit: Option<i32>,
    exclusive_start_shard_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStreamOutput {
    stream_description: Description,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    #[serde(flatten)]
    described: Described,
    shards: Vec<Shard>,
    has_more_shards: bool,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: DescribeStreamInput,
) -> Result<DescribeStreamOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let after = input.exclusive_start_shard_id.as_deref();
    let mut validation = validation();
    validation.check("limit", input.limit, &PAGES);
    validation.check("exclusiveStartShardId", after, &NAMES);
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let after = after.map(|after| stream.shard_id(after)).transpose()?;
    let size = input.limit.and_then(|limit| usize::try_from(limit).ok());
    let size = size.map_or(PAGE, |size| size.min(PAGE));
    let mut state = stream.lock();
    state.stream.expire(now);
    let mut shards: Vec<Shard> = Vec::new();
    if !state.is_creating(now) {
        let listed = state
            .stream
            .shards(after.map(|after| after.0), Filter::FromTrimHorizon);
        shards.extend(listed.take(size + 1).map(Shard::from));
    }
    let has_more_shards = shards.len() > size;
    shards.truncate(size);
    Ok(DescribeStreamOutput {
        stream_description: Description {
            described: Described::new(&stream, &state, now),
            shards,
            has_more_shards,
        },
    })
}
