//! `ListReplays`: the caller's replays in the region, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::events::Events;
use crate::services::events::constraints::{NAMES, SOURCES};
use crate::services::events::error::Error;
use crate::services::events::replay::{Replay, STATES};
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListReplaysInput {
    name_prefix: Option<String>,
    state: Option<String>,
    event_source_arn: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListReplaysOutput {
    replays: Vec<ShownReplay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A replay as it is listed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownReplay {
    replay_name: String,
    event_source_arn: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason: Option<&'static str>,
    event_start_time: EpochSeconds,
    event_end_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_last_replayed_time: Option<EpochSeconds>,
    replay_start_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay_end_time: Option<EpochSeconds>,
}

impl ShownReplay {
    pub(super) fn of(replay: &Replay) -> Self {
        let progress = replay.progress();
        let [start, end] = replay.asked.window;
        Self {
            replay_name: replay.name.to_string(),
            event_source_arn: replay.asked.archive.arn.clone(),
            state: progress.state.as_str(),
            state_reason: progress.reason,
            event_start_time: EpochSeconds(start),
            event_end_time: EpochSeconds(end),
            event_last_replayed_time: progress.last_replayed.map(EpochSeconds),
            replay_start_time: EpochSeconds(replay.started_at),
            replay_end_time: progress.ended_at.map(EpochSeconds),
        }
    }
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListReplaysInput,
) -> Result<ListReplaysOutput, Error> {
    let mut validation = Validation::default();
    let (prefix, state) = (input.name_prefix.as_deref(), input.state.as_deref());
    let source = input.event_source_arn.as_deref();
    validation.check("namePrefix", prefix, &NAMES);
    validation.check("state", state, &[Rule::OneOf(STATES)]);
    validation.check("eventSourceArn", source, &SOURCES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    pages::check_filters("ListReplays", [state, source, prefix])?;
    let is_meant = |replay: &Replay| {
        prefix.is_none_or(|prefix| replay.name.starts_with(prefix))
            && source.is_none_or(|source| replay.asked.archive.arn == source)
            && state.is_none_or(|state| replay.progress().state.as_str() == state)
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("replays {prefix:?} {source:?} {state:?}"),
        |replay: &Arc<Replay>| replay.name.to_string(),
        |last, count| {
            let replays = events.replays.after(caller, events.now(), last);
            let meant = replays.filter(|replay| is_meant(replay));
            meant.take(count).collect()
        },
    )?;
    let replays = page.items.iter().map(|replay| ShownReplay::of(replay));
    Ok(ListReplaysOutput {
        replays: replays.collect(),
        next_token: page.next_token,
    })
}
