//! `ActivateEventSource`: lets the events of a source in again that has been deactivated.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::SOURCE_NAMES;
use crate::services::events::error::Error;
use crate::services::events::partner::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ActivateEventSourceInput {
    name: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ActivateEventSourceInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &SOURCE_NAMES);
    validation.finish()?;
    let now = events.now();
    let source = events.sources.get(caller, now, name)?;
    // Without a bus there is nothing that could be active.
    if events.buses.get(&source.bus()).is_none() {
        return Err(Error::IllegalSourceState(name.to_owned()));
    }
    source.change(now, State::Pending, State::Active)
}
