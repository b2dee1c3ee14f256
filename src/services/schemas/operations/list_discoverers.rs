//! `ListDiscoverers`: lists discoverers by id.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use super::shown::ShownDiscoverer;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::discoverers::Discoverer;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListDiscoverersInput {
    discoverer_id_prefix: Option<String>,
    limit: Option<i32>,
    next_token: Option<String>,
    source_arn_prefix: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListDiscoverersOutput {
    discoverers: Vec<ShownDiscoverer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: ListDiscoverersInput,
) -> Result<ListDiscoverersOutput, Error> {
    let id = input.discoverer_id_prefix.unwrap_or_default();
    let source = input.source_arn_prefix.unwrap_or_default();
    let is_meant = |discoverer: &Discoverer| {
        discoverer.id.starts_with(&id) && discoverer.source_arn.starts_with(&source)
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("{id} {source}"),
        |discoverer: &Arc<Discoverer>| discoverer.id.clone(),
        |last, count| {
            let discoverers = schemas.discoverers.after(caller, last);
            let meant = discoverers.filter(|discoverer| is_meant(discoverer));
            meant.take(count).collect()
        },
    )?;
    let shown = page
        .items
        .iter()
        .map(|discoverer| ShownDiscoverer::listed(discoverer));
    Ok(ListDiscoverersOutput {
        discoverers: shown.collect(),
        next_token: page.next_token,
    })
}
