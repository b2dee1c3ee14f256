//! `PutCodeBinding`: has code made of a version of a schema.

use super::code_binding::OfBinding;
use super::shown::ShownBinding;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: OfBinding,
) -> Result<ShownBinding, Error> {
    let language = input.language()?;
    let registry = schemas.registries.get(caller, &input.registry_name)?;
    let mut held = registry.held();
    let schema = held.schema_mut(&input.schema_name)?;
    let version = schema.version_mut(input.schema_version.as_deref())?;
    let now = schemas.now();
    let binding = version.bindings.entry(language).or_insert((now, now));
    binding.1 = now;
    let binding = *binding;
    Ok(ShownBinding::of(version, binding))
}
