//! `ListApiDestinations`: the caller's API destinations in the region, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::api_destinations::{ApiDestination, CONNECTION_ARNS};
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListApiDestinationsInput {
    name_prefix: Option<String>,
    connection_arn: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListApiDestinationsOutput {
    api_destinations: Vec<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// An API destination without its description.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    api_destination_arn: String,
    name: String,
    api_destination_state: &'static str,
    connection_arn: String,
    invocation_endpoint: String,
    http_method: String,
    invocation_rate_limit_per_second: u32,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListApiDestinationsInput,
) -> Result<ListApiDestinationsOutput, Error> {
    let mut validation = Validation::default();
    validation.check("namePrefix", input.name_prefix.as_deref(), &NAMES);
    let connection = input.connection_arn.as_deref();
    validation.check("connectionArn", connection, &CONNECTION_ARNS);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let prefix = input.name_prefix.unwrap_or_default();
    let is_meant = |destination: &Arc<ApiDestination>| {
        destination.identity.name.starts_with(&prefix)
            && connection.is_none_or(|arn| destination.settings().0.connection_arn == arn)
    };
    let list = |last: Option<&str>, count| {
        let destinations = events.api_destinations.after(caller, last);
        destinations.filter(is_meant).take(count).collect()
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!(
            "api-destinations {prefix} {}",
            connection.unwrap_or_default()
        ),
        |destination: &Arc<ApiDestination>| destination.identity.name.to_string(),
        list,
    )?;
    let listed = page
        .items
        .iter()
        .map(|destination| Listed::of(destination, events));
    Ok(ListApiDestinationsOutput {
        api_destinations: listed.collect(),
        next_token: page.next_token,
    })
}

impl Listed {
    pub(super) fn of(destination: &ApiDestination, events: &Events) -> Self {
        let (settings, modified_at) = destination.settings();
        Self {
            api_destination_arn: destination.identity.to_string(),
            name: destination.identity.name.to_string(),
            api_destination_state: events.state_of(&settings),
            connection_arn: settings.connection_arn,
            invocation_endpoint: settings.endpoint,
            http_method: settings.method,
            invocation_rate_limit_per_second: settings.rate,
            creation_time: EpochSeconds(destination.created_at),
            last_modified_time: EpochSeconds(modified_at),
        }
    }
}
