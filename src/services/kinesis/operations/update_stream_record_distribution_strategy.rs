//! `UpdateStreamRecordDistributionStrategy`: sets what decides which shard gets a record.

use serde::Deserialize;

use super::create_stream::STRATEGIES;
use crate::aws::Caller;
use crate::services::kinesis::constraints::{ARNS, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::{Mode, Strategy, Transition};
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateStreamRecordDistributionStrategyInput {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    record_distribution_strategy: Option<String>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: UpdateStreamRecordDistributionStrategyInput,
) -> Result<(), Error> {
    let mut validation = validation();
    let strategy = input.record_distribution_strategy.as_deref();
    let path = "recordDistributionStrategy";
    let strategy = Strategy::parse(validation.required_text(path, strategy, &STRATEGIES));
    let arn = input.stream_arn.as_deref();
    validation.required_text("streamARN", arn, &ARNS);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, Named { name: None, arn })?;
    let mut state = stream.lock_active(now)?;
    if state.mode == Mode::Provisioned && strategy == Strategy::Auto {
        return Err(auto_is_on_demand());
    }
    state.strategy = strategy;
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(())
}

/// The shards of a provisioned stream do not take turns.
pub(super) fn auto_is_on_demand() -> Error {
    Error::invalid("RecordDistributionStrategy AUTO is for streams in ON_DEMAND mode.")
}
