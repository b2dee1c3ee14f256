//! `SearchSchemas`: finds the schemas of a registry whose name and content have some words.

use std::iter;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::services::schemas::limits;
use crate::services::schemas::registry::Registry;
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

/// A schema as it is searched: taken out of its registry, which nobody waits for meanwhile.
struct Searched {
    arn: String,
    name: String,
    versions: Vec<(FoundVersion, Arc<str>)>,
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

impl From<&Schema> for Searched {
    fn from(schema: &Schema) -> Self {
        let versions = schema.versions();
        let versions = versions.map(|version| (version.into(), version.content.clone()));
        Self {
            arn: schema.arn.clone(),
            name: schema.name.clone(),
            versions: versions.collect(),
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
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("{name} {keywords}"),
        |found: &Found| found.schema_name.clone(),
        |last, count| {
            let searched = after(registry.clone(), last);
            let found = searched.filter_map(|schema| find(&name, schema, &words));
            found.take(count).collect()
        },
    )?;
    Ok(SearchSchemasOutput {
        next_token: page.next_token,
        schemas: page.items,
    })
}

/// The schemas of a registry after the one named `last`, by name: taken out a page at a time, as far as the search goes.
fn after(registry: Arc<Registry>, last: Option<&str>) -> impl Iterator<Item = Searched> + use<> {
    let mut last = last.map(str::to_owned);
    let pages = iter::from_fn(move || {
        let held = registry.held();
        let schemas = held.schemas_after(last.as_deref()).take(limits::PAGE);
        let page: Vec<_> = schemas.map(Searched::from).collect();
        last = Some(page.last()?.name.clone());
        Some(page)
    });
    pages.flatten()
}

/// The versions of a schema that have all words, in any case, in the schema's name or their content.
fn find(registry: &str, schema: Searched, words: &[&str]) -> Option<Found> {
    let name = schema.name.to_lowercase();
    let has_all = |(_, content): &(FoundVersion, Arc<str>)| {
        let content = content.to_lowercase();
        let has = |word: &&str| name.contains(word) || content.contains(word);
        words.iter().all(has)
    };
    let versions = schema.versions.into_iter().filter(has_all);
    let versions: Vec<_> = versions.map(|(version, _)| version).collect();
    (!versions.is_empty()).then(|| Found {
        registry_name: registry.to_owned(),
        schema_arn: schema.arn,
        schema_name: schema.name,
        schema_versions: versions,
    })
}
