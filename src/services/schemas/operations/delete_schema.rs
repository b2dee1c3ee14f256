//! `DeleteSchema`: deletes a schema with its versions.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteSchemaInput {
    registry_name: Option<String>,
    schema_name: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: DeleteSchemaInput,
) -> Result<(), Error> {
    let registry = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &registry)?;
    let name = input.schema_name.unwrap_or_default();
    let removed = registry.writable()?.schemas.remove(&name);
    removed.map(|_| ()).ok_or(Error::NoSchema(name))
}
