//! `CreateApiDestination`: an HTTP endpoint that rules deliver to.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::events::Events;
use crate::services::events::api_destinations::{
    ApiDestination, CONNECTION_ARNS, METHODS, Settings,
};
use crate::services::events::constraints::{DESCRIPTIONS, ENDPOINTS, NAMES};
use crate::services::events::error::Error;
use crate::services::events::identity::{Identity, Kind};
use crate::services::events::limits;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateApiDestinationInput {
    name: Option<String>,
    description: Option<String>,
    connection_arn: Option<String>,
    invocation_endpoint: Option<String>,
    http_method: Option<String>,
    invocation_rate_limit_per_second: Option<i32>,
}

/// What changes of an API destination answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ApiDestinationOutput {
    api_destination_arn: String,
    api_destination_state: &'static str,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
}

/// What may be called in a second.
pub(super) static RATES: [Rule; 1] = [Rule::AtLeast(1)];

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: CreateApiDestinationInput,
) -> Result<ApiDestinationOutput, Error> {
    let mut validation = Validation::default();
    let check = &mut validation;
    let name = check.required_text("name", input.name.as_deref(), &NAMES);
    check.check("description", input.description.as_deref(), &DESCRIPTIONS);
    let connection = input.connection_arn.as_deref();
    let connection = check.required_text("connectionArn", connection, &CONNECTION_ARNS);
    let endpoint = input.invocation_endpoint.as_deref();
    let endpoint = check.required_text("invocationEndpoint", endpoint, &ENDPOINTS);
    let method = input.http_method.as_deref();
    let method = check.required_text("httpMethod", method, &METHODS);
    let rate = input.invocation_rate_limit_per_second;
    check.check("invocationRateLimitPerSecond", rate, &RATES);
    validation.finish()?;
    let settings = Settings {
        connection_arn: connection.to_owned(),
        endpoint: endpoint.to_owned(),
        method: method.to_owned(),
        rate: rate
            .and_then(|rate| u32::try_from(rate).ok())
            .unwrap_or(limits::CALLS_PER_SECOND),
        description: input.description,
    };
    let lane = events.lane_to(&settings)?;
    let now = events.now();
    let identity = Identity::owned(Kind::ApiDestination, caller, name, events.ids.message_id());
    let make = || ApiDestination::new(identity.clone(), settings, lane, now);
    let destination = events.api_destinations.add(&identity, make)?;
    Ok(ApiDestinationOutput::of(&destination, events))
}

impl ApiDestinationOutput {
    /// The destination as it is.
    pub(super) fn of(destination: &ApiDestination, events: &Events) -> Self {
        let (settings, modified_at) = destination.settings();
        Self {
            api_destination_arn: destination.identity.to_string(),
            api_destination_state: events.state_of(&settings),
            creation_time: EpochSeconds(destination.created_at),
            last_modified_time: EpochSeconds(modified_at),
        }
    }
}
