//! `DeleteRegistry`: deletes a registry with its schemas.

use super::shown::OfRegistry;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

pub(super) fn call(schemas: &Schemas, caller: &Caller<'_>, input: OfRegistry) -> Result<(), Error> {
    let name = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &name)?;
    if registry.is_built_in() {
        return Err(Error::ReadOnly(name));
    }
    registry.writable()?.is_closed = true;
    schemas.registries.remove(&registry);
    Ok(())
}
