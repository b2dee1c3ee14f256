//! `DeleteEventBus`: deletes a bus without rules. Deleting one that does not exist succeeds.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::buses::BusName;
use crate::services::events::constraints::BUS_NAMES;
use crate::services::events::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteEventBusInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeleteEventBusInput<'_>,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &BUS_NAMES);
    validation.finish()?;
    let name = BusName::owned(caller, name);
    if name.is_default() {
        return Err(Error::invalid("Cannot delete event bus default."));
    }
    if let Some(bus) = events.buses.get(&name) {
        bus.close()?;
        events.buses.remove(&bus);
        events.sources.bus_is_gone(events.now(), &bus.name);
    }
    Ok(())
}
