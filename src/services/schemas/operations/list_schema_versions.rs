//! `ListSchemaVersions`: lists the versions of a schema, the oldest first.

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::Kind;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSchemaVersionsInput {
    limit: Option<i32>,
    next_token: Option<String>,
    registry_name: Option<String>,
    schema_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSchemaVersionsOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    schema_versions: Vec<Listed>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    schema_arn: String,
    schema_name: String,
    schema_version: String,
    #[serde(rename = "Type")]
    kind: Kind,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: ListSchemaVersionsInput,
) -> Result<ListSchemaVersionsOutput, Error> {
    let registry_name = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &registry_name)?;
    let held = registry.held();
    let name = input.schema_name.unwrap_or_default();
    let schema = held.schema(&name)?;
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("{registry_name} {name}"),
        |listed: &Listed| listed.schema_version.clone(),
        |last, count| {
            let last = last.and_then(|last| last.parse().ok()).unwrap_or(0);
            let after = schema.versions().filter(|version| version.number > last);
            let listed = after.map(|version| Listed {
                schema_arn: schema.arn.clone(),
                schema_name: schema.name.clone(),
                schema_version: version.number.to_string(),
                kind: version.kind,
            });
            listed.take(count).collect()
        },
    )?;
    Ok(ListSchemaVersionsOutput {
        next_token: page.next_token,
        schema_versions: page.items,
    })
}
