//! `UpdateStreamMode`: changes how a stream's capacity is set. Its shards stay.

use serde::Deserialize;

use super::create_stream::{MODES, ModeInput};
use crate::aws::Caller;
use crate::services::kinesis::constraints::{ARNS, NATURAL, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::{Mode, Strategy, Transition};
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateStreamModeInput {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_mode_details: Option<ModeInput>,
    warm_throughput_mi_bps: Option<i32>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: UpdateStreamModeInput,
) -> Result<(), Error> {
    let mut validation = validation();
    let mode = if let Some(details) = &input.stream_mode_details {
        let mode = details.stream_mode.as_deref();
        validation.required_text("streamModeDetails.streamMode", mode, &MODES)
    } else {
        validation.refuse_null("streamModeDetails");
        ""
    };
    let arn = input.stream_arn.as_deref();
    validation.required_text("streamARN", arn, &ARNS);
    validation.check(
        "warmThroughputMiBps",
        input.warm_throughput_mi_bps,
        &NATURAL,
    );
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, Named { name: None, arn })?;
    let mut state = stream.lock_active(now)?;
    state.mode = Mode::parse(mode);
    if state.mode == Mode::Provisioned {
        state.strategy = Strategy::PartitionKey;
    }
    if input.warm_throughput_mi_bps.is_some() {
        state.warm_throughput = input.warm_throughput_mi_bps;
    }
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(())
}
