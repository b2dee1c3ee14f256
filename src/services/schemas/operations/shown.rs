//! What answers show of registries, schemas and discoverers, and what several requests have.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::clock::Timestamp;
use crate::services::schemas::Schemas;
use crate::services::schemas::discoverers::{Discoverer, State};
use crate::services::schemas::error::Error;
use crate::services::schemas::registry::Registry;
use crate::services::schemas::schema::{Kind, Schema, Version};
use crate::wire::DateTime;

/// A request that names a registry and nothing else.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfRegistry {
    pub(super) registry_name: Option<String>,
}

/// A request that names a discoverer and nothing else.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfDiscoverer {
    pub(super) discoverer_id: Option<String>,
}

/// A registry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownRegistry {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    registry_arn: String,
    registry_name: String,
    #[serde(rename = "tags")]
    tags: Tags,
}

impl ShownRegistry {
    pub(super) fn of(registry: &Registry) -> Self {
        let held = registry.held();
        Self {
            description: held.description.clone(),
            registry_arn: registry.arn.clone(),
            registry_name: registry.name.to_string(),
            tags: held.tags.clone(),
        }
    }

    /// As listings show it.
    pub(super) fn listed(registry: &Registry) -> Self {
        Self {
            description: None,
            ..Self::of(registry)
        }
    }
}

/// A schema in one of its versions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownSchema {
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    last_modified: DateTime,
    schema_arn: String,
    schema_name: String,
    schema_version: String,
    #[serde(rename = "tags")]
    tags: Tags,
    #[serde(rename = "Type")]
    kind: Kind,
    version_created_date: DateTime,
}

impl ShownSchema {
    pub(super) fn of(schema: &Schema, version: &Version) -> Self {
        Self {
            content: None,
            description: schema.description.clone(),
            last_modified: DateTime(schema.modified_at),
            schema_arn: schema.arn.clone(),
            schema_name: schema.name.clone(),
            schema_version: version.number.to_string(),
            tags: schema.tags.clone(),
            kind: version.kind,
            version_created_date: DateTime(version.created_at),
        }
    }

    pub(super) fn with_content(schema: &Schema, version: &Version) -> Self {
        Self {
            content: Some(version.content.clone()),
            ..Self::of(schema, version)
        }
    }
}

/// A discoverer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownDiscoverer {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    discoverer_arn: String,
    discoverer_id: String,
    source_arn: String,
    state: State,
    cross_account: bool,
    #[serde(rename = "tags")]
    tags: Tags,
}

impl ShownDiscoverer {
    pub(super) fn of(discoverer: &Discoverer) -> Self {
        let described = discoverer.described();
        Self {
            description: described.description.clone(),
            discoverer_arn: discoverer.arn.clone(),
            discoverer_id: discoverer.id.clone(),
            source_arn: discoverer.source_arn.clone(),
            state: described.state,
            cross_account: described.cross_account,
            tags: described.tags.clone(),
        }
    }

    /// As listings show it.
    pub(super) fn listed(discoverer: &Discoverer) -> Self {
        Self {
            description: None,
            ..Self::of(discoverer)
        }
    }
}

/// A discoverer's state, after it was changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownState {
    discoverer_id: String,
    state: State,
}

impl ShownState {
    /// Puts a discoverer into a state.
    pub(super) fn change(
        schemas: &Schemas,
        caller: &Caller<'_>,
        input: OfDiscoverer,
        state: State,
    ) -> Result<Self, Error> {
        let discoverer_id = input.discoverer_id.unwrap_or_default();
        let discoverer = schemas.discoverers.get(caller, &discoverer_id)?;
        discoverer.described().state = state;
        Ok(Self {
            discoverer_id,
            state,
        })
    }
}

/// The code binding of a version of a schema.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownBinding {
    creation_date: DateTime,
    last_modified: DateTime,
    schema_version: String,
    status: &'static str,
}

impl ShownBinding {
    pub(super) fn of(version: &Version, (created_at, modified_at): (Timestamp, Timestamp)) -> Self {
        Self {
            creation_date: DateTime(created_at),
            last_modified: DateTime(modified_at),
            schema_version: version.number.to_string(),
            status: "CREATE_COMPLETE",
        }
    }
}
