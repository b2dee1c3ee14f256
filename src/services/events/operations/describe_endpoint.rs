//! `DescribeEndpoint`: a global endpoint, with the id that publishers name.

use serde::Deserialize;

use super::endpoints::{HOME_REGIONS, ShownEndpoint};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeEndpointInput {
    name: Option<String>,
    home_region: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribeEndpointInput,
) -> Result<ShownEndpoint, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    let region = input.home_region.as_deref();
    validation.check("homeRegion", region, &HOME_REGIONS);
    validation.finish()?;
    let endpoint = events.endpoints.get(caller, region, name)?;
    Ok(ShownEndpoint::of(&endpoint))
}
