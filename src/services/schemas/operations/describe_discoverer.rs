//! `DescribeDiscoverer`: shows a discoverer.

use super::shown::{OfDiscoverer, ShownDiscoverer};
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: OfDiscoverer,
) -> Result<ShownDiscoverer, Error> {
    let id = input.discoverer_id.unwrap_or_default();
    let discoverer = schemas.discoverers.get(caller, &id)?;
    Ok(ShownDiscoverer::of(&discoverer))
}
