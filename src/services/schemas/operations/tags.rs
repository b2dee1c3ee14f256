//! Tags: their checks, and the resources that have them.

use std::sync::Arc;

use crate::aws::tags::{self, Tags};
use crate::aws::{AccountId, Arn, Region};
use crate::services::schemas::Schemas;
use crate::services::schemas::discoverers::Discoverer;
use crate::services::schemas::error::Error;
use crate::services::schemas::registry::Registry;

/// What has tags.
#[derive(Debug)]
pub(super) enum Tagged {
    Registry(Arc<Registry>),
    Schema(Arc<Registry>, String),
    Discoverer(Arc<Discoverer>),
}

impl Tagged {
    /// The resource that a request names.
    pub(super) fn find(schemas: &Schemas, arn: &str) -> Result<Self, Error> {
        let malformed = || Error::bad(format!("{arn} is not an ARN of the schema registry."));
        let unknown = || Error::NoResource(arn.to_owned());
        let parts = Arn::parse(arn).filter(|arn| arn.service == "schemas");
        let parts = parts.ok_or_else(malformed)?;
        let account = AccountId::parse(parts.account).ok_or_else(malformed)?;
        let region = Region::parse(parts.region).ok_or_else(malformed)?;
        let (kind, name) = parts.resource.split_once('/').ok_or_else(malformed)?;
        let registry = |name: &str| schemas.registries.in_namespace(account, region, name);
        let found = match (kind, name.split_once('/')) {
            ("registry", None) => registry(name).map(Self::Registry),
            ("schema", Some((of, name))) => registry(of).and_then(|registry| {
                registry.held().schema(name).ok()?;
                Some(Self::Schema(registry, name.to_owned()))
            }),
            ("discoverer", None) => {
                let found = schemas.discoverers.in_namespace(account, region, name);
                found.map(Self::Discoverer)
            }
            _ => return Err(malformed()),
        };
        found.ok_or_else(unknown)
    }

    /// Changes its tags, or looks at them.
    pub(super) fn change<R>(
        &self,
        change: impl FnOnce(&mut Tags) -> Result<R, Error>,
    ) -> Result<R, Error> {
        match self {
            Self::Registry(registry) => change(&mut registry.held().tags),
            Self::Schema(registry, name) => {
                let mut held = registry.held();
                change(&mut held.schema_mut(name)?.tags)
            }
            Self::Discoverer(discoverer) => change(&mut discoverer.described().tags),
        }
    }
}

/// Adds `tags` to those of a resource, replacing those with the same keys; all or none.
pub(super) fn add(present: &mut Tags, added: Tags) -> Result<(), Error> {
    for (key, value) in &added {
        tags::check(key, value).map_err(|refused| Error::bad(refused.to_string()))?;
    }
    let too_many = |_| Error::bad("A resource can have no more than 50 tags.");
    tags::add(present, added).map_err(too_many)
}

/// The tags of a new resource.
pub(super) fn of_new(sent: Option<Tags>) -> Result<Tags, Error> {
    let mut tags = Tags::new();
    add(&mut tags, sent.unwrap_or_default())?;
    Ok(tags)
}
