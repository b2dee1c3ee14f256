//! `DescribeRegistry`: shows a registry.

use super::shown::{OfRegistry, ShownRegistry};
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: OfRegistry,
) -> Result<ShownRegistry, Error> {
    let name = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &name)?;
    Ok(ShownRegistry::of(&registry))
}
