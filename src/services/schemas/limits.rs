//! Every number that AWS sets for the schema registry, with its unit and source.

use std::ops::RangeInclusive;

/// Characters of a registry's name. (`CreateRegistry`, the console.)
pub const REGISTRY_NAME: RangeInclusive<usize> = 1..=64;

/// Characters of a schema's name. (`CreateSchema`, the console.)
pub const SCHEMA_NAME: RangeInclusive<usize> = 1..=385;

/// Items of a listing's page, where the request does not say, and at most.
pub const PAGE: usize = 100;

/// Characters of a schema's content. (`CreateSchema`.)
pub const CONTENT: usize = 100_000;

/// Versions that a discoverer gives a schema. (EventBridge quotas, `SchemaVersions`.)
pub const DISCOVERED_VERSIONS: usize = 100;

/// Schemas that discoverers find in an account and region. (EventBridge quotas, `DiscoveredSchemas`.)
pub const DISCOVERED_SCHEMAS: usize = 200;
