//! `ListSchemas`: lists the schemas of a registry by name.

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::Schema;
use crate::wire::DateTime;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSchemasInput {
    limit: Option<i32>,
    next_token: Option<String>,
    registry_name: Option<String>,
    schema_name_prefix: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSchemasOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    schemas: Vec<Listed>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    last_modified: DateTime,
    schema_arn: String,
    schema_name: String,
    #[serde(rename = "tags")]
    tags: Tags,
    version_count: usize,
}

impl Listed {
    fn of(schema: &Schema) -> Self {
        Self {
            last_modified: DateTime(schema.modified_at),
            schema_arn: schema.arn.clone(),
            schema_name: schema.name.clone(),
            tags: schema.tags.clone(),
            version_count: schema.versions().len(),
        }
    }
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: ListSchemasInput,
) -> Result<ListSchemasOutput, Error> {
    let name = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &name)?;
    let held = registry.held();
    let prefix = input.schema_name_prefix.unwrap_or_default();
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("{name} {prefix}"),
        |listed: &Listed| listed.schema_name.clone(),
        |last, count| {
            let after = held.schemas_after(last);
            let meant = after.filter(|schema| schema.name.starts_with(&prefix));
            meant.take(count).map(Listed::of).collect()
        },
    )?;
    Ok(ListSchemasOutput {
        next_token: page.next_token,
        schemas: page.items,
    })
}
