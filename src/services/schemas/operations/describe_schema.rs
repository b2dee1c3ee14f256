//! `DescribeSchema`: shows a version of a schema with its content.

use serde::Deserialize;

use super::shown::ShownSchema;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeSchemaInput {
    registry_name: Option<String>,
    schema_name: Option<String>,
    schema_version: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: DescribeSchemaInput,
) -> Result<ShownSchema, Error> {
    let registry = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &registry)?;
    let held = registry.held();
    let schema = held.schema(&input.schema_name.unwrap_or_default())?;
    let version = schema.version(input.schema_version.as_deref())?;
    Ok(ShownSchema::with_content(schema, version))
}
