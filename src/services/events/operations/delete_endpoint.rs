//! `DeleteEndpoint`: deletes a global endpoint. Its buses stay.

use serde::Deserialize;

use super::tag_resource::Done;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteEndpointInput {
    name: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeleteEndpointInput,
) -> Result<Done, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    validation.finish()?;
    let _changing = events.endpoints.changing();
    let endpoint = events.endpoints.get(caller, None, name)?;
    events.endpoints.remove(&endpoint);
    endpoint.drop_rules(events, &endpoint.buses());
    Ok(Done {})
}
