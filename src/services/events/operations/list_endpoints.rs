//! `ListEndpoints`: the caller's global endpoints of a region, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::endpoints::{HOME_REGIONS, ShownEndpoint};
use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{NAMES, PAGES, TOKENS};
use crate::services::events::endpoint::Endpoint;
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEndpointsInput {
    name_prefix: Option<String>,
    home_region: Option<String>,
    next_token: Option<String>,
    max_results: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEndpointsOutput {
    endpoints: Vec<ShownEndpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListEndpointsInput,
) -> Result<ListEndpointsOutput, Error> {
    let mut validation = Validation::default();
    validation.check("namePrefix", input.name_prefix.as_deref(), &NAMES);
    let region = input.home_region.as_deref();
    validation.check("homeRegion", region, &HOME_REGIONS);
    validation.check("nextToken", input.next_token.as_deref(), &TOKENS);
    validation.check("maxResults", input.max_results, &PAGES);
    validation.finish()?;
    let prefix = input.name_prefix.unwrap_or_default();
    let page = pages::page(
        input.max_results,
        input.next_token.as_deref(),
        &format!("endpoints {region:?} {prefix}"),
        |endpoint: &Arc<Endpoint>| endpoint.name.to_string(),
        |last, count| {
            let endpoints = events.endpoints.after(caller, region, last);
            let meant = endpoints.filter(|endpoint| endpoint.name.starts_with(&prefix));
            meant.take(count).collect()
        },
    )?;
    let endpoints = page
        .items
        .iter()
        .map(|endpoint| ShownEndpoint::of(endpoint));
    Ok(ListEndpointsOutput {
        endpoints: endpoints.collect(),
        next_token: page.next_token,
    })
}
