//! The actions of the schema registry: one file each, named after the action, and their list. `shown`, `pages`, `tags`,
//! `policies` and `code_binding` are shared.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch passes each action its input"
)]

mod code_binding;
mod create_discoverer;
mod create_registry;
mod create_schema;
mod delete_discoverer;
mod delete_registry;
mod delete_resource_policy;
mod delete_schema;
mod delete_schema_version;
mod describe_code_binding;
mod describe_discoverer;
mod describe_registry;
mod describe_schema;
mod export_schema;
mod get_code_binding_source;
mod get_discovered_schema;
mod get_resource_policy;
mod list_discoverers;
mod list_registries;
mod list_schema_versions;
mod list_schemas;
mod list_tags_for_resource;
mod pages;
mod policies;
mod put_code_binding;
mod put_resource_policy;
mod search_schemas;
mod shown;
mod start_discoverer;
mod stop_discoverer;
mod tag_resource;
mod tags;
mod untag_resource;
mod update_discoverer;
mod update_registry;
mod update_schema;

use super::Schemas;
use super::error::Error;

operations! {
    Schemas:
    CreateDiscoverer => create_discoverer,
    CreateRegistry => create_registry,
    CreateSchema => create_schema,
    DeleteDiscoverer => delete_discoverer,
    DeleteRegistry => delete_registry,
    DeleteResourcePolicy => delete_resource_policy,
    DeleteSchema => delete_schema,
    DeleteSchemaVersion => delete_schema_version,
    DescribeCodeBinding => describe_code_binding,
    DescribeDiscoverer => describe_discoverer,
    DescribeRegistry => describe_registry,
    DescribeSchema => describe_schema,
    ExportSchema => export_schema,
    GetCodeBindingSource => get_code_binding_source,
    GetDiscoveredSchema => get_discovered_schema,
    GetResourcePolicy => get_resource_policy,
    ListDiscoverers => list_discoverers,
    ListRegistries => list_registries,
    ListSchemaVersions => list_schema_versions,
    ListSchemas => list_schemas,
    ListTagsForResource => list_tags_for_resource,
    PutCodeBinding => put_code_binding,
    PutResourcePolicy => put_resource_policy,
    SearchSchemas => search_schemas,
    StartDiscoverer => start_discoverer,
    StopDiscoverer => stop_discoverer,
    TagResource => tag_resource,
    UntagResource => untag_resource,
    UpdateDiscoverer => update_discoverer,
    UpdateRegistry => update_registry,
    UpdateSchema => update_schema,
}
