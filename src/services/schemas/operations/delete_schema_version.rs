//! `DeleteSchemaVersion`: deletes one version of a schema.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteSchemaVersionInput {
    registry_name: Option<String>,
    schema_name: Option<String>,
    schema_version: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: DeleteSchemaVersionInput,
) -> Result<(), Error> {
    let registry = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &registry)?;
    let mut held = registry.writable()?;
    let schema = held.schema_mut(&input.schema_name.unwrap_or_default())?;
    schema.delete_version(&input.schema_version.unwrap_or_default())
}
