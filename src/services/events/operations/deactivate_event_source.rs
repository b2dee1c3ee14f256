//! `DeactivateEventSource`: keeps the events of a source out for a while. Its bus stays.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::SOURCE_NAMES;
use crate::services::events::error::Error;
use crate::services::events::partner::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeactivateEventSourceInput {
    name: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeactivateEventSourceInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &SOURCE_NAMES);
    validation.finish()?;
    let now = events.now();
    let source = events.sources.get(caller, now, name)?;
    source.change(now, State::Active, State::Pending)
}
