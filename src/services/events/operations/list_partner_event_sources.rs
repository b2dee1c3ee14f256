//! `ListPartnerEventSources`: the sources that a partner offers, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::describe_partner_event_source::ShownPartnerSource;
use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::PARTNER_PREFIXES;
use crate::services::events::error::Error;
use crate::services::events::partner::PartnerSource;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPartnerEventSourcesInput {
    name_prefix: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPartnerEventSourcesOutput {
    partner_event_sources: Vec<ShownPartnerSource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListPartnerEventSourcesInput,
) -> Result<ListPartnerEventSourcesOutput, Error> {
    let mut validation = Validation::default();
    let prefix = input.name_prefix.as_deref();
    let prefix = validation.required_text("namePrefix", prefix, &PARTNER_PREFIXES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("partner sources {prefix}"),
        |source: &Arc<PartnerSource>| source.name.to_string(),
        |last, count| {
            let sources = events.sources.partners_after(caller, events.now(), last);
            let meant = sources.filter(|source| source.name.starts_with(prefix));
            meant.take(count).collect()
        },
    )?;
    let shown = page.items.iter();
    let shown = shown.map(|source| ShownPartnerSource::of(caller, &source.name));
    Ok(ListPartnerEventSourcesOutput {
        partner_event_sources: shown.collect(),
        next_token: page.next_token,
    })
}
