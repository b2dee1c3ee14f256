//! `DisableRule`: a rule lets no event through. What comes meanwhile is not kept for it.

use super::describe_rule::NamedRuleInput;
use crate::aws::Caller;
use crate::services::events::Events;
use crate::services::events::error::Error;
use crate::services::events::rule::State;

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: NamedRuleInput<'_>,
) -> Result<(), Error> {
    let name = input.validate()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    bus.change_rule(name, false, |rule| {
        rule.state = State::Disabled;
        Ok(())
    })
}
