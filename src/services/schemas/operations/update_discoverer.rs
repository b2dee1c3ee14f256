//! `UpdateDiscoverer`: changes a discoverer's description, and whose events it looks at.

use serde::Deserialize;

use super::shown::ShownDiscoverer;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::constraints::DESCRIPTIONS;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateDiscovererInput {
    description: Option<String>,
    discoverer_id: Option<String>,
    cross_account: Option<bool>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: UpdateDiscovererInput,
) -> Result<ShownDiscoverer, Error> {
    let mut validation = Validation::default();
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.finish()?;
    let id = input.discoverer_id.unwrap_or_default();
    let discoverer = schemas.discoverers.get(caller, &id)?;
    {
        let mut described = discoverer.described();
        if let Some(description) = input.description {
            described.description = Some(description);
        }
        if let Some(cross_account) = input.cross_account {
            described.cross_account = cross_account;
        }
    }
    Ok(ShownDiscoverer::of(&discoverer))
}
