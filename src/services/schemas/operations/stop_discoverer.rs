//! `StopDiscoverer`: stops a discoverer from watching its bus.

use super::shown::{OfDiscoverer, ShownState};
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::discoverers::State;
use crate::services::schemas::error::Error;

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: OfDiscoverer,
) -> Result<ShownState, Error> {
    ShownState::change(schemas, caller, input, State::Stopped)
}
