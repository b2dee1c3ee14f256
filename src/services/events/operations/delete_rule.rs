//! `DeleteRule`: deletes a rule without targets; one of a service's only by force. Deleting one that does not exist succeeds.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{BUSES, NAMES};
use crate::services::events::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteRuleInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    event_bus_name: Option<Text<'a>>,
    force: Option<bool>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeleteRuleInput<'_>,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    let bus = input.event_bus_name.as_deref();
    validation.check("eventBusName", bus, &BUSES);
    validation.finish()?;
    let bus = events.bus(caller, bus)?;
    bus.delete_rule(name, input.force == Some(true))
}
