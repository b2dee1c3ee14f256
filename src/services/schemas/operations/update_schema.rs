//! `UpdateSchema`: changes a schema's description, and adds a version if its content is another one.

use serde::Deserialize;

use super::shown::ShownSchema;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::schemas::Schemas;
use crate::services::schemas::constraints::{CONTENTS, DESCRIPTIONS, TYPES};
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::Kind;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateSchemaInput {
    client_token_id: Option<String>,
    content: Option<String>,
    description: Option<String>,
    registry_name: Option<String>,
    schema_name: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: UpdateSchemaInput,
) -> Result<ShownSchema, Error> {
    let mut validation = Validation::default();
    let token = input.client_token_id;
    validation.check("clientTokenId", token.as_deref(), &[Rule::LengthAtMost(36)]);
    validation.check("content", input.content.as_deref(), &CONTENTS);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.check("type", input.kind.as_deref(), &TYPES);
    validation.finish()?;
    let registry = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &registry)?;
    let mut held = registry.writable()?;
    let schema = held.schema_mut(&input.schema_name.unwrap_or_default())?;
    let is_repeated = token.is_some() && token == schema.client_token;
    if !is_repeated {
        let newest = schema.newest();
        let kind = input.kind.as_deref().map_or(newest.kind, Kind::named);
        let content = input
            .content
            .map_or_else(|| newest.content.clone(), Into::into);
        kind.check(&content)?;
        let now = schemas.now();
        if content != newest.content || kind != newest.kind {
            schema.add(now, kind, content);
            schema.discovered = None;
        }
        if let Some(description) = input.description {
            schema.description = Some(description);
            schema.modified_at = now;
        }
        schema.client_token = token;
    }
    Ok(ShownSchema::of(schema, schema.newest()))
}
