//! `UpdateEndpoint`: changes those settings of a global endpoint that the request names.

use serde::Serialize;

use super::endpoints::{EndpointInput, validate};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::endpoint::{EndpointSettings, UPDATING};
use crate::services::events::error::Error;

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
    input: EndpointInput,
) -> Result<UpdateEndpointOutput, Error> {
    let (name, description, settings) = input.parts();
    let mut validation = Validation::default();
    let name = validation.required_text("name", name.as_deref(), &NAMES);
    validate(&mut validation, description.as_deref(), &settings);
    validation.finish()?;
    let _changing = events.endpoints.changing();
    let endpoint = events.endpoints.get(caller, None, name)?;
    let before = endpoint.buses();
    endpoint.change(events.now(), description, settings)?;
    endpoint.keep_rules(events)?;
    let after = endpoint.buses_with_rules();
    let left: Vec<_> = before
        .into_iter()
        .filter(|bus| !after.contains(bus))
        .collect();
    endpoint.drop_rules(events, &left);
    Ok(UpdateEndpointOutput {
        name: endpoint.name.to_string(),
        arn: endpoint.arn.to_string(),
        settings: endpoint.state().settings,
        endpoint_id: endpoint.id.clone(),
        endpoint_url: endpoint.url(),
        state: UPDATING,
    })
}
