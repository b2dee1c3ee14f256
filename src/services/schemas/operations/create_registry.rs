//! `CreateRegistry`: adds an empty registry.

use serde::Deserialize;

use super::shown::ShownRegistry;
use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::constraints::{DESCRIPTIONS, REGISTRY_NAMES};
use crate::services::schemas::error::Error;
use crate::services::schemas::registry::Held;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateRegistryInput {
    registry_name: Option<String>,
    description: Option<String>,
    #[serde(rename = "tags")]
    tags: Option<Tags>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: CreateRegistryInput,
) -> Result<ShownRegistry, Error> {
    let mut validation = Validation::default();
    let name = input.registry_name.as_deref();
    let name = validation.required_text("registryName", name, &REGISTRY_NAMES);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.finish()?;
    if name.starts_with("aws.") {
        return Err(Error::ReadOnly(name.to_owned()));
    }
    let held = Held {
        description: input.description,
        tags: tags::of_new(input.tags)?,
        ..Held::default()
    };
    let registry = schemas.registries.add(caller, name, held)?;
    Ok(ShownRegistry::of(&registry))
}
