//! `ListRegistries`: lists registries by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use super::shown::ShownRegistry;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::services::schemas::registry::Registry;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListRegistriesInput {
    limit: Option<i32>,
    next_token: Option<String>,
    registry_name_prefix: Option<String>,
    scope: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListRegistriesOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    registries: Vec<ShownRegistry>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: ListRegistriesInput,
) -> Result<ListRegistriesOutput, Error> {
    let scope = match input
        .scope
        .as_deref()
        .map(str::to_ascii_uppercase)
        .as_deref()
    {
        None => None,
        Some("LOCAL") => Some(false),
        Some("AWS") => Some(true),
        Some(_) => return Err(Error::bad("Scope must be Local or AWS.")),
    };
    let prefix = input.registry_name_prefix.unwrap_or_default();
    let is_meant = |registry: &Registry| {
        registry.name.starts_with(&prefix)
            && scope.is_none_or(|of_aws| of_aws == registry.is_of_aws())
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("{scope:?} {prefix}"),
        |registry: &Arc<Registry>| registry.name.to_string(),
        |last, count| {
            let registries = schemas.registries.after(caller, last);
            let meant = registries.filter(|registry| is_meant(registry));
            meant.take(count).collect()
        },
    )?;
    Ok(ListRegistriesOutput {
        next_token: page.next_token,
        registries: page
            .items
            .iter()
            .map(|registry| ShownRegistry::listed(registry))
            .collect(),
    })
}
