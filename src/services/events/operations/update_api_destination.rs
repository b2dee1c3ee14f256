//! `UpdateApiDestination`: changes what the request names.

use serde::Deserialize;

use super::create_api_destination::{ApiDestinationOutput, RATES};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::api_destinations::{CONNECTION_ARNS, METHODS, Settings};
use crate::services::events::constraints::{DESCRIPTIONS, ENDPOINTS, NAMES};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateApiDestinationInput {
    name: Option<String>,
    description: Option<String>,
    connection_arn: Option<String>,
    invocation_endpoint: Option<String>,
    http_method: Option<String>,
    invocation_rate_limit_per_second: Option<i32>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: UpdateApiDestinationInput,
) -> Result<ApiDestinationOutput, Error> {
    let mut validation = Validation::default();
    let check = &mut validation;
    let name = check.required_text("name", input.name.as_deref(), &NAMES);
    check.check("description", input.description.as_deref(), &DESCRIPTIONS);
    let connection = input.connection_arn.as_deref();
    check.check("connectionArn", connection, &CONNECTION_ARNS);
    let endpoint = input.invocation_endpoint.as_deref();
    check.check("invocationEndpoint", endpoint, &ENDPOINTS);
    check.check("httpMethod", input.http_method.as_deref(), &METHODS);
    let rate = input.invocation_rate_limit_per_second;
    check.check("invocationRateLimitPerSecond", rate, &RATES);
    validation.finish()?;
    let destination = events.api_destination(caller, name)?;
    let (present, _) = destination.settings();
    let settings = Settings {
        connection_arn: input.connection_arn.unwrap_or(present.connection_arn),
        endpoint: input.invocation_endpoint.unwrap_or(present.endpoint),
        method: input.http_method.unwrap_or(present.method),
        rate: rate
            .and_then(|rate| u32::try_from(rate).ok())
            .unwrap_or(present.rate),
        description: input.description.or(present.description),
    };
    let lane = events.lane_to(&settings)?;
    destination.change(settings, lane, events.now());
    Ok(ApiDestinationOutput::of(&destination, events))
}
