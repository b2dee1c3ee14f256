//! `RemoveTargets`: takes targets from a rule. Ids that it does not have are no error.

use serde::Deserialize;

use super::put_targets::{TargetsOutput, check_length};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{BUSES, NAMES};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RemoveTargetsInput {
    rule: Option<String>,
    event_bus_name: Option<String>,
    ids: Option<Vec<String>>,
    force: Option<bool>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: RemoveTargetsInput,
) -> Result<TargetsOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("rule", input.rule.as_deref(), &NAMES);
    validation.check("eventBusName", input.event_bus_name.as_deref(), &BUSES);
    let ids = validation.required("ids", input.ids);
    check_length(&mut validation, "ids", ids.len());
    for (place, id) in (1..).zip(&ids) {
        let path = format_args!("ids.{place}.member");
        validation.check(path, Some(id.as_str()), &NAMES);
    }
    validation.finish()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    let is_forced = input.force == Some(true);
    bus.change_rule(name, is_forced, |rule| {
        let is_named = |id: &str| ids.iter().any(|named| named == id);
        rule.targets.retain(|target| !is_named(target.id()));
        Ok(())
    })?;
    Ok(TargetsOutput::default())
}
