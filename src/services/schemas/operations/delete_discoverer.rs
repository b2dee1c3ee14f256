//! `DeleteDiscoverer`: deletes a discoverer; what it has found stays.

use super::shown::OfDiscoverer;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: OfDiscoverer,
) -> Result<(), Error> {
    let id = input.discoverer_id.unwrap_or_default();
    let discoverer = schemas.discoverers.get(caller, &id)?;
    schemas.discoverers.remove(&discoverer);
    Ok(())
}
