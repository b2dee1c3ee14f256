//! `CreateSchema`: adds a schema with its first version.

use serde::Deserialize;

use super::shown::ShownSchema;
use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::constraints::{CONTENTS, DESCRIPTIONS, SCHEMA_NAMES, TYPES};
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::{Kind, Schema};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateSchemaInput {
    content: Option<String>,
    description: Option<String>,
    registry_name: Option<String>,
    schema_name: Option<String>,
    #[serde(rename = "tags")]
    tags: Option<Tags>,
    #[serde(rename = "Type")]
    kind: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: CreateSchemaInput,
) -> Result<ShownSchema, Error> {
    let mut validation = Validation::default();
    let content = validation.required_text("content", input.content.as_deref(), &CONTENTS);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    let name = input.schema_name.as_deref();
    let name = validation.required_text("schemaName", name, &SCHEMA_NAMES);
    let kind = validation.required_text("type", input.kind.as_deref(), &TYPES);
    validation.finish()?;
    let kind = Kind::named(kind);
    kind.check(content)?;
    let tags = tags::of_new(input.tags)?;
    let registry = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &registry)?;
    let mut held = registry.writable()?;
    if held.schemas.contains_key(name) {
        return Err(Error::SchemaExists(name.to_owned()));
    }
    let arn = registry.schema_arn(name);
    let mut schema = Schema::new(name, arn, schemas.now(), kind, content.into());
    schema.description = input.description;
    schema.tags = tags;
    let shown = ShownSchema::of(&schema, schema.newest());
    held.schemas.insert(name.to_owned(), schema);
    Ok(shown)
}
