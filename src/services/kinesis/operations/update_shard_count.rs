//! `UpdateShardCount`: gives a stream so many shards of equal shares.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Rule;
use crate::services::kinesis::constraints::{POSITIVE, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::{Mode, Transition};
use crate::services::kinesis::{Kinesis, Named};

static SCALING_TYPES: [Rule; 1] = [Rule::OneOf(&["UNIFORM_SCALING"])];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateShardCountInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    target_shard_count: Option<i32>,
    scaling_type: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateShardCountOutput {
    stream_name: String,
    current_shard_count: usize,
    target_shard_count: usize,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: UpdateShardCountInput,
) -> Result<UpdateShardCountOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    let scaling = input.scaling_type.as_deref();
    validation.required_text("scalingType", scaling, &SCALING_TYPES);
    let target = input.target_shard_count;
    if target.is_none() {
        validation.refuse_null("targetShardCount");
    }
    validation.check("targetShardCount", target, &POSITIVE);
    check_named(&mut validation, named);
    validation.finish()?;
    let count = u32::try_from(target.unwrap_or(1)).unwrap_or(1);
    let target = count as usize;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let _adding = kinesis.adding.lock();
    let current = stream.lock().stream.open_shards();
    kinesis.check_shard_limit(now, &stream.name, target.saturating_sub(current))?;
    let mut state = stream.lock_active(now)?;
    if state.mode == Mode::OnDemand {
        return Err(Error::invalid(format!(
            "UpdateShardCount is not supported for stream {} in ON_DEMAND mode.",
            stream.name.name
        )));
    }
    let current = state.stream.open_shards();
    if target > current * 2 {
        return Err(Error::invalid(
            "UpdateShardCount cannot scale up over double your current open shard count.",
        ));
    }
    if target * 2 < current {
        return Err(Error::invalid(
            "UpdateShardCount cannot scale down below half your current open shard count.",
        ));
    }
    state.stream.expire(now);
    state.stream.scale(now, count);
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(UpdateShardCountOutput {
        stream_name: stream.name.name.to_string(),
        current_shard_count: current,
        target_shard_count: target,
        stream_arn: stream.arn.clone(),
    })
}
