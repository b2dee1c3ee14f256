//! `DescribeLimits`: how many shards and streams the caller has and may have.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::Mode;
use crate::services::kinesis::limits::{ON_DEMAND_STREAMS, SHARDS};

/// A request without members.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeLimitsOutput {
    shard_limit: usize,
    open_shard_count: usize,
    on_demand_stream_count: usize,
    on_demand_stream_count_limit: usize,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the dispatch expects a result of each action"
)]
pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    _input: Nothing,
) -> Result<DescribeLimitsOutput, Error> {
    let now = kinesis.now();
    let (account, region) = (caller.account, caller.region);
    let streams = kinesis.streams.after(now, account, region, None);
    let on_demand = streams.filter(|stream| stream.lock().mode == Mode::OnDemand);
    Ok(DescribeLimitsOutput {
        shard_limit: SHARDS,
        open_shard_count: kinesis.open_shards(now, account, region),
        on_demand_stream_count: on_demand.count(),
        on_demand_stream_count_limit: ON_DEMAND_STREAMS,
    })
}
