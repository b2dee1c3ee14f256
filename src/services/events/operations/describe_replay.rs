//! `DescribeReplay`: a replay with its progress.

use serde::{Deserialize, Serialize};

use super::list_replays::ShownReplay;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::services::events::replay::Destination;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeReplayInput {
    replay_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeReplayOutput {
    replay_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    destination: Destination,
    #[serde(flatten)]
    listed: ShownReplay,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribeReplayInput,
) -> Result<DescribeReplayOutput, Error> {
    let mut validation = Validation::default();
    let name = input.replay_name.as_deref();
    let name = validation.required_text("replayName", name, &NAMES);
    validation.finish()?;
    let replay = events.replays.get(caller, events.now(), name)?;
    Ok(DescribeReplayOutput {
        replay_arn: replay.arn.clone(),
        description: replay.asked.description.clone(),
        destination: replay.asked.destination.clone(),
        listed: ShownReplay::of(&replay),
    })
}
