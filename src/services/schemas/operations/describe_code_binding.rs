//! `DescribeCodeBinding`: shows whether code was made of a version of a schema.

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
    input.find(schemas, caller, |_, version, binding| {
        ShownBinding::of(version, binding)
    })
}
