//! `UpdateStreamWarmThroughput`: sets the throughput that is to be there at once. There is no limit to it here anyway.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Rule;
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::{Mode, Transition};
use crate::services::kinesis::{Kinesis, Named};

static THROUGHPUTS: [Rule; 2] = [Rule::NotNull, Rule::AtLeast(0)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateStreamWarmThroughputInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    warm_throughput_mi_bps: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateStreamWarmThroughputOutput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_name: String,
    warm_throughput: WarmThroughput,
}

/// A throughput: what is wanted, and what is there.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct WarmThroughput {
    target_mi_bps: i32,
    current_mi_bps: i32,
}

impl WarmThroughput {
    pub(super) const fn new(throughput: i32) -> Self {
        Self {
            target_mi_bps: throughput,
            current_mi_bps: throughput,
        }
    }
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: UpdateStreamWarmThroughputInput,
) -> Result<UpdateStreamWarmThroughputOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    validation.check(
        "warmThroughputMiBps",
        input.warm_throughput_mi_bps,
        &THROUGHPUTS,
    );
    check_named(&mut validation, named);
    validation.finish()?;
    let throughput = input.warm_throughput_mi_bps.unwrap_or_default();
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let mut state = stream.lock_active(now)?;
    if state.mode == Mode::Provisioned {
        return Err(Error::invalid(
            "Warm throughput is for streams in ON_DEMAND mode.",
        ));
    }
    state.warm_throughput = Some(throughput);
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(UpdateStreamWarmThroughputOutput {
        stream_arn: stream.arn.clone(),
        stream_name: stream.name.name.to_string(),
        warm_throughput: WarmThroughput::new(throughput),
    })
}
