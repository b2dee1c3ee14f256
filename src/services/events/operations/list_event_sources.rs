//! `ListEventSources`: the partners' sources that the caller is offered, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::describe_event_source::ShownSource;
use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::BUS_NAMES;
use crate::services::events::error::Error;
use crate::services::events::partner::EventSource;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEventSourcesInput {
    name_prefix: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEventSourcesOutput {
    event_sources: Vec<ShownSource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListEventSourcesInput,
) -> Result<ListEventSourcesOutput, Error> {
    let mut validation = Validation::default();
    validation.check("namePrefix", input.name_prefix.as_deref(), &BUS_NAMES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let now = events.now();
    let prefix = input.name_prefix.unwrap_or_default();
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("event sources {prefix}"),
        |source: &Arc<EventSource>| source.name.to_string(),
        |last, count| {
            let sources = events.sources.after(caller, now, last);
            let meant = sources.filter(|source| source.name.starts_with(&prefix));
            meant.take(count).collect()
        },
    )?;
    let shown = page.items.iter();
    let shown = shown.filter_map(|source| ShownSource::of(source, now));
    Ok(ListEventSourcesOutput {
        event_sources: shown.collect(),
        next_token: page.next_token,
    })
}
