//! `UpdateEndpoint`: changes those settings of a global endpoint that the request names.

use serde::{Deserialize, Serialize};

use super::endpoints;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{NAMES, required};
use crate::services::events::endpoint::{
    EndpointEventBus, EndpointSettings, ReplicationConfig, RoutingConfig, UPDATING,
};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateEndpointInput {
    name: Option<String>,
    description: Option<String>,
    routing_config: Option<RoutingConfig>,
    replication_config: Option<ReplicationConfig>,
    event_buses: Option<Vec<EndpointEventBus>>,
    role_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateEndpointOutput {
    name: String,
    arn: String,
    #[serde(flatten)]
    settings: EndpointSettings,
    endpoint_id: String,
    endpoint_url: String,
    state: &'static str,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: UpdateEndpointInput,
) -> Result<UpdateEndpointOutput, Error> {
    let settings = EndpointSettings {
        routing_config: input.routing_config,
        replication_config: input.replication_config,
        event_buses: input.event_buses,
        role_arn: input.role_arn,
    };
    let description = input.description;
    let mut validation = Validation::default();
    let name = required(&mut validation, "name", input.name.as_deref(), &NAMES);
    endpoints::validate(&mut validation, description.as_deref(), &settings);
    validation.finish()?;
    let endpoint = events.endpoints.get(caller, None, name)?;
    endpoint.change(events.now(), description, settings)?;
    Ok(UpdateEndpointOutput {
        name: endpoint.name.to_string(),
        arn: endpoint.arn.to_string(),
        settings: endpoint.state().settings,
        endpoint_id: endpoint.id.clone(),
        endpoint_url: endpoint.url(),
        state: UPDATING,
    })
}
