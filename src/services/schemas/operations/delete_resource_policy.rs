//! `DeleteResourcePolicy`: takes a registry's policy away.

use super::policies;
use super::shown::OfRegistry;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

pub(super) fn call(schemas: &Schemas, caller: &Caller<'_>, input: OfRegistry) -> Result<(), Error> {
    let registry = policies::registry(schemas, caller, input.registry_name.as_deref())?;
    let removed = registry.writable()?.policy.take();
    removed
        .map(|_| ())
        .ok_or_else(|| Error::NoPolicy(registry.name.to_string()))
}
