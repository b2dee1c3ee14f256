//! `ListArchives`: the caller's archives in the region, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::events::Events;
use crate::services::events::archive::{Archive, ENABLED, STATES};
use crate::services::events::constraints::{ARCHIVE_NAMES, SOURCES};
use crate::services::events::error::Error;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListArchivesInput {
    name_prefix: Option<String>,
    event_source_arn: Option<String>,
    state: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListArchivesOutput {
    archives: Vec<ShownArchive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// An archive as it is listed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownArchive {
    archive_name: String,
    event_source_arn: String,
    state: &'static str,
    retention_days: u32,
    size_bytes: u64,
    event_count: u64,
    creation_time: EpochSeconds,
}

impl ShownArchive {
    pub(super) fn of(archive: &Archive) -> Self {
        let totals = archive.totals();
        Self {
            archive_name: archive.name.name.to_string(),
            event_source_arn: archive.bus.arn(),
            state: ENABLED,
            retention_days: archive.settings().retention_days,
            size_bytes: totals.bytes,
            event_count: totals.events,
            creation_time: EpochSeconds(archive.created_at),
        }
    }
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListArchivesInput,
) -> Result<ListArchivesOutput, Error> {
    let mut validation = Validation::default();
    let (prefix, state) = (input.name_prefix.as_deref(), input.state.as_deref());
    let source = input.event_source_arn.as_deref();
    validation.check("namePrefix", prefix, &ARCHIVE_NAMES);
    validation.check("eventSourceArn", source, &SOURCES);
    validation.check("state", state, &[Rule::OneOf(STATES)]);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    pages::check_filters("ListArchives", [state, source, prefix])?;
    let bus = source.map(|source| events.own_bus(caller, source));
    let bus = bus.transpose()?;
    let is_meant = |archive: &Archive| {
        prefix.is_none_or(|prefix| archive.name.name.starts_with(prefix))
            && bus.as_ref().is_none_or(|bus| archive.bus == bus.name)
            && state.is_none_or(|state| state == ENABLED)
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("archives {prefix:?} {source:?} {state:?}"),
        |archive: &Arc<Archive>| archive.name.name.to_string(),
        |last, count| {
            let archives = events.archives.after(caller, last);
            let meant = archives.filter(|archive| is_meant(archive));
            meant.take(count).collect()
        },
    )?;
    let archives = page.items.iter().map(|archive| ShownArchive::of(archive));
    Ok(ListArchivesOutput {
        archives: archives.collect(),
        next_token: page.next_token,
    })
}
