//! The metrics that the shards of a stream are said to have: what both of their actions do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::{Rule, Value};
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::{Kinesis, Named};

/// Every metric, and the word for all of them.
const METRICS: [&str; 8] = [
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
    ALL,
];
const ALL: &str = "ALL";

static NAMES: [Rule; 1] = [Rule::OneOf(&METRICS)];
static LENGTHS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(7)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MonitoringInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    shard_level_metrics: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MonitoringOutput {
    stream_name: String,
    current_shard_level_metrics: BTreeSet<&'static str>,
    desired_shard_level_metrics: BTreeSet<&'static str>,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
}

/// Whether metrics come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Enable,
    Disable,
}

pub(super) fn change(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: &MonitoringInput,
    change: Change,
) -> Result<MonitoringOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    let metrics = input.shard_level_metrics.as_deref();
    if metrics.is_none() {
        validation.refuse_null("shardLevelMetrics");
    }
    let metrics = metrics.unwrap_or_default();
    let list = Value::List {
        length: metrics.len(),
        shown: &format_args!("[{}]", metrics.join(", ")),
    };
    let list = input.shard_level_metrics.is_some().then_some(list);
    validation.check("shardLevelMetrics", list, &LENGTHS);
    for (place, name) in (1..).zip(metrics) {
        let path = format_args!("shardLevelMetrics.{place}.member");
        validation.check(path, Some(name.as_str()), &NAMES);
    }
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let mut state = stream.lock_active(now)?;
    let is_meant = |metric: &&str| metrics.iter().any(|name| name == metric || name == ALL);
    let meant: BTreeSet<_> = METRICS
        .into_iter()
        .filter(|metric| *metric != ALL && is_meant(metric))
        .collect();
    let current = state.metrics.clone();
    let desired = match change {
        Change::Enable => &current | &meant,
        Change::Disable => &current - &meant,
    };
    state.metrics.clone_from(&desired);
    Ok(MonitoringOutput {
        stream_name: stream.name.name.to_string(),
        current_shard_level_metrics: current,
        desired_shard_level_metrics: desired,
        stream_arn: stream.arn.clone(),
    })
}
