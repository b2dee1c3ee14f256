//! Registries, schemas and discoverers as exports see them, beside AWS's API.

use std::collections::BTreeSet;

use super::Schemas;
use super::discoverers::{Discoverer, State};
use super::registry::Registry;
use super::schema::Schema;
use crate::aws::{AccountId, Region};
use crate::services::resource::{Resource, json, present};

/// CloudFormation's type of a registry. Its policy is the property `Policy`.
pub const REGISTRY: &str = "AWS::EventSchemas::Registry";
/// Of a schema, in its newest version. Its name is its registry's and its own: `shop/OrderPlaced`.
pub const SCHEMA: &str = "AWS::EventSchemas::Schema";
/// Of a discoverer. One that does not watch its bus has the property `State`, which templates do not have.
pub const DISCOVERER: &str = "AWS::EventSchemas::Discoverer";

/// The accounts and regions that hold something: registries that every account has are nothing.
pub(super) fn namespaces(schemas: &Schemas) -> Vec<(AccountId, Region)> {
    let mut namespaces = BTreeSet::new();
    namespaces.extend(schemas.registries.named().namespaces());
    namespaces.extend(schemas.discoverers.named().namespaces());
    let all = namespaces.into_iter();
    all.filter(|(account, region)| !held(schemas, *account, *region).is_empty())
        .collect()
}

/// The resources of an account in a region, each kind ordered by name. Schemas that a discoverer has made are none: they
/// are of events, as messages are.
pub(super) fn held(schemas: &Schemas, account: AccountId, region: Region) -> Vec<Resource> {
    let registries = schemas.registries.named().of(account, region);
    let own = registries.iter().filter(|registry| !registry.is_built_in());
    let mut held: Vec<_> = own.map(|registry| registry_resource(registry)).collect();
    for registry in &registries {
        let contents = registry.held();
        let written = contents.schemas_after(None);
        let written = written.filter(|schema| schema.discovered.is_none());
        held.extend(written.map(|schema| schema_resource(&registry.name, schema)));
    }
    let discoverers = schemas.discoverers.named().of(account, region);
    held.extend(discoverers.iter().map(|it| discoverer_resource(it)));
    held
}

fn registry_resource(registry: &Registry) -> Resource {
    let held = registry.held();
    Resource {
        kind: REGISTRY,
        name: registry.name.to_string(),
        arn: registry.arn.clone(),
        attributes: Vec::new(),
        properties: present([
            ("Description", held.description.as_ref().map(json)),
            (
                "Policy",
                held.policy.as_ref().map(|policy| policy.text.clone()),
            ),
        ]),
        tags: held.tags.clone(),
    }
}

fn schema_resource(registry: &str, schema: &Schema) -> Resource {
    let newest = schema.newest();
    Resource {
        kind: SCHEMA,
        name: format!("{registry}/{}", schema.name),
        arn: schema.arn.clone(),
        attributes: Vec::new(),
        properties: present([
            ("Description", schema.description.as_ref().map(json)),
            ("RegistryName", Some(json(registry))),
            ("SchemaName", Some(json(&schema.name))),
            ("Type", Some(json(&newest.kind))),
            ("Content", Some(json(&newest.content))),
        ]),
        tags: schema.tags.clone(),
    }
}

fn discoverer_resource(discoverer: &Discoverer) -> Resource {
    let described = discoverer.described();
    let (crosses, state) = (described.cross_account, described.state);
    Resource {
        kind: DISCOVERER,
        name: discoverer.id.clone(),
        arn: discoverer.arn.clone(),
        attributes: Vec::new(),
        properties: present([
            ("CrossAccount", (!crosses).then(|| json(&crosses))),
            ("Description", described.description.as_ref().map(json)),
            ("SourceArn", Some(json(&discoverer.source_arn))),
            ("State", (state == State::Stopped).then(|| json(&state))),
        ]),
        tags: described.tags.clone(),
    }
}
