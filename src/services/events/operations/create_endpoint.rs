//! `CreateEndpoint`: creates a global endpoint.

use serde::Serialize;

use super::endpoints::{EndpointInput, validate};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::endpoint::{CREATING, EndpointSettings};
use crate::services::events::error::Error;

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
    input: EndpointInput,
) -> Result<CreateEndpointOutput, Error> {
    let (name, description, settings) = input.parts();
    let mut validation = Validation::default();
    let name = validation.required_text("name", name.as_deref(), &NAMES);
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
    let _changing = endpoints.changing();
    let endpoint = endpoints.add(caller, now, name, description, settings)?;
    endpoint.keep_rules(events)?;
    Ok(CreateEndpointOutput {
        name: endpoint.name.to_string(),
        arn: endpoint.arn.to_string(),
        settings: endpoint.state().settings,
        state: CREATING,
    })
}
