//! `DeleteRule`: deletes a rule without targets. Deleting one that does not exist succeeds. (`Force` is for rules that AWS's
//! services manage, of which there are none.)

use super::describe_rule::NamedRuleInput;
use crate::aws::Caller;
use crate::services::events::Events;
use crate::services::events::error::Error;

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: NamedRuleInput<'_>,
) -> Result<(), Error> {
    let name = input.validate()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    bus.delete_rule(name)
}
