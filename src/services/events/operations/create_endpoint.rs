//! `CreateEndpoint`: creates a global endpoint.

use serde::{Deserialize, Serialize};

use super::endpoints::validate;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{NAMES, required};
use crate::services::events::endpoint::{
    CREATING, EndpointEventBus, EndpointSettings, ReplicationConfig, RoutingConfig,
};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateEndpointInput {
    name: Option<String>,
    description: Option<String>,
    routing_config: Option<RoutingConfig>,
    replication_config: Option<ReplicationConfig>,
    event_buses: Option<Vec<EndpointEventBus>>,
    role_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateEndpointOutput {
    name: String,
    arn: String,
    #[serde(flatten)]
    settings: EndpointSettings,
    state: &'static str,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: CreateEndpointInput,
) -> Result<CreateEndpointOutput, Error> {
    let settings = EndpointSettings {
        routing_config: input.routing_config,
        replication_config: input.replication_config,
        event_buses: input.event_buses,
        role_arn: input.role_arn,
    };
    let description = input.description;
    let mut validation = Validation::default();
    let name = required(&mut validation, "name", input.name.as_deref(), &NAMES);
    if settings.routing_config.is_none() {
        validation.refuse_null("routingConfig");
    }
    if settings.event_buses.is_none() {
        validation.refuse_null("eventBuses");
    }
    validate(&mut validation, description.as_deref(), &settings);
    validation.finish()?;
    let settings = settings.or(EndpointSettings::replicated());
    let now = events.now();
    let endpoints = &events.endpoints;
    let endpoint = endpoints.add(caller, now, name, description, settings)?;
    Ok(CreateEndpointOutput {
        name: endpoint.name.to_string(),
        arn: endpoint.arn.to_string(),
        settings: endpoint.state().settings,
        state: CREATING,
    })
}
