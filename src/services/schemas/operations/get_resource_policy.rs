//! `GetResourcePolicy`: shows a registry's policy.

use super::policies::{self, ShownPolicy};
use super::shown::OfRegistry;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: OfRegistry,
) -> Result<ShownPolicy, Error> {
    let registry = policies::registry(schemas, caller, input.registry_name.as_deref())?;
    let policy = registry.held().policy.clone();
    let policy = policy.ok_or_else(|| Error::NoPolicy(registry.name.to_string()))?;
    Ok(policy.into())
}
