//! `SearchSchemas`: finds the schemas of a registry whose name and content have some words.

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::{Kind, Schema, Version};
use crate::wire::DateTime;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SearchSchemasInput {
    keywords: Option<String>,
    limit: Option<i32>,
    next_token: Option<String>,
    registry_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SearchSchemasOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    schemas: Vec<Found>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    registry_name: String,
    schema_arn: String,
    schema_name: String,
    schema_versions: Vec<FoundVersion>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct FoundVersion {
    created_date: DateTime,
    schema_version: String,
    #[serde(rename = "Type")]
    kind: Kind,
}

impl From<&Version> for FoundVersion {
    fn from(version: &Version) -> Self {
        Self {
            created_date: DateTime(version.created_at),
            schema_version: version.number.to_string(),
            kind: version.kind,
        }
    }
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: SearchSchemasInput,
) -> Result<SearchSchemasOutput, Error> {
    let mut validation = Validation::default();
    let keywords = validation.required_text("keywords", input.keywords.as_deref(), &[]);
    validation.finish()?;
    let lower = keywords.to_lowercase();
    let words: Vec<_> = lower.split_whitespace().collect();
    let name = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &name)?;
    let held = registry.held();
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("{name} {keywords}"),
        |found: &Found| found.schema_name.clone(),
        |last, count| {
            let after = held.schemas_after(last);
            let found = after.filter_map(|schema| find(&name, schema, &words));
            found.take(count).collect()
        },
    )?;
    Ok(SearchSchemasOutput {
        next_token: page.next_token,
        schemas: page.items,
    })
}

/// The versions of a schema that have all words, in any case, in the schema's name or their content.
fn find(registry: &str, schema: &Schema, words: &[&str]) -> Option<Found> {
    let name = schema.name.to_lowercase();
    let has_all = |version: &&Version| {
        let content = version.content.to_lowercase();
        let has = |word: &&str| name.contains(word) || content.contains(word);
        words.iter().all(has)
    };
    let versions: Vec<_> = schema.versions().filter(has_all).map(Into::into).collect();
    (!versions.is_empty()).then(|| Found {
        registry_name: registry.to_owned(),
        schema_arn: schema.arn.clone(),
        schema_name: schema.name.clone(),
        schema_versions: versions,
    })
}
