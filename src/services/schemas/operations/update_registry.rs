//! `UpdateRegistry`: changes a registry's description.

use serde::Deserialize;

use super::shown::ShownRegistry;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::constraints::DESCRIPTIONS;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateRegistryInput {
    registry_name: Option<String>,
    description: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: UpdateRegistryInput,
) -> Result<ShownRegistry, Error> {
    let mut validation = Validation::default();
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.finish()?;
    let name = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &name)?;
    if let Some(description) = input.description {
        registry.writable()?.description = Some(description);
    }
    Ok(ShownRegistry::of(&registry))
}
