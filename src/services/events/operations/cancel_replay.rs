//! `CancelReplay`: ends a replay. What it has delivered stays delivered.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::services::events::replay::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelReplayInput {
    replay_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelReplayOutput {
    replay_arn: String,
    state: &'static str,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: CancelReplayInput,
) -> Result<CancelReplayOutput, Error> {
    let mut validation = Validation::default();
    let name = input.replay_name.as_deref();
    let name = validation.required_text("replayName", name, &NAMES);
    validation.finish()?;
    let replay = events.replays.get(caller, events.now(), name)?;
    replay.cancel()?;
    Ok(CancelReplayOutput {
        replay_arn: replay.arn.clone(),
        state: State::Cancelling.as_str(),
    })
}
