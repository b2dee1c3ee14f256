//! `DescribeStreamSummary`: a stream without its shards.

use serde::{Deserialize, Serialize};

use super::described::Described;
use super::update_stream_warm_throughput::WarmThroughput;
use crate::aws::Caller;
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::Mode;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStreamSummaryInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStreamSummaryOutput {
    stream_description_summary: Summary,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    #[serde(flatten)]
    described: Described,
    open_shard_count: usize,
    consumer_count: usize,
    queue_count: usize,
    channel_count: usize,
    #[serde(rename = "MaxRecordSizeInKiB")]
    max_record_size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    record_distribution_strategy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warm_throughput: Option<WarmThroughput>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: DescribeStreamSummaryInput,
) -> Result<DescribeStreamSummaryOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let state = stream.lock();
    let is_on_demand = state.mode == Mode::OnDemand;
    Ok(DescribeStreamSummaryOutput {
        stream_description_summary: Summary {
            described: Described::new(&stream, &state, now),
            open_shard_count: state.stream.open_shards(),
            consumer_count: state.consumers.len(),
            queue_count: 0,
            channel_count: 0,
            max_record_size: state.record_kib,
            record_distribution_strategy: is_on_demand.then(|| state.strategy.as_str()),
            warm_throughput: state.warm_throughput.map(WarmThroughput::new),
        },
    })
}
