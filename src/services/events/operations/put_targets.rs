//! `PutTargets`: adds targets to a rule; one with the id of another replaces it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation, Value};
use crate::services::events::Events;
use crate::services::events::constraints::{BUSES, NAMES};
use crate::services::events::error::Error;
use crate::services::events::limits;
use crate::services::events::permission;
use crate::services::events::target::{Place, Target};

static LENGTHS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(100)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutTargetsInput {
    rule: Option<String>,
    event_bus_name: Option<String>,
    targets: Option<Vec<Target>>,
}

/// The answer where all succeeded: none fails alone.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TargetsOutput {
    failed_entry_count: i32,
    failed_entries: Vec<()>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: PutTargetsInput,
) -> Result<TargetsOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("rule", input.rule.as_deref(), &NAMES);
    validation.check("eventBusName", input.event_bus_name.as_deref(), &BUSES);
    let mut targets = validation.required("targets", input.targets);
    check_length(&mut validation, "targets", targets.len());
    for (place, target) in (1..).zip(&targets) {
        target.validate(place, &mut validation);
    }
    validation.finish()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    bus.rule(name)?.check_change(false)?;
    for target in &mut targets {
        target.check()?;
        if events.settings.enforce_policies
            && let Place::Bus(bus) = target.place()
        {
            let sender = Caller {
                action: "PutEvents",
                ..*caller
            };
            permission::check(events, &sender, bus)?;
        }
    }
    bus.change_rule(name, false, |rule| {
        for target in targets {
            let mut present = rule.targets.iter_mut();
            let present = present.find(|present| present.id() == target.id());
            match present {
                Some(present) => *present = Arc::new(target),
                None => rule.targets.push(Arc::new(target)),
            }
        }
        if rule.targets.len() > limits::TARGETS {
            return Err(Error::LimitExceeded);
        }
        Ok(())
    })?;
    Ok(TargetsOutput::default())
}

/// Checks the length of a list of targets or ids. A list that is absent has been refused already.
pub(super) fn check_length(validation: &mut Validation, path: &str, length: usize) {
    if !validation.is_fine() && length == 0 {
        return;
    }
    let list = Value::List {
        length,
        // AWS shows the entries as Java writes them, which is not recorded.
        shown: &if length == 0 { "[]" } else { "[...]" },
    };
    validation.check(path, Some(list), &LENGTHS);
}
