//! `DescribeRule`: a rule, and who created it.

use serde::Deserialize;

use super::list_rules::ShownRule;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{BUSES, NAMES};
use crate::services::events::error::Error;
use crate::wire::Text;

/// A rule of a bus, as several actions name it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NamedRuleInput<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) event_bus_name: Option<Text<'a>>,
}

impl NamedRuleInput<'_> {
    /// Checks the constraints of the model, and returns the rule's name.
    pub(super) fn validate(&self) -> Result<&str, Error> {
        let mut validation = Validation::default();
        let name = validation.required_text("name", self.name.as_deref(), &NAMES);
        validation.check("eventBusName", self.event_bus_name.as_deref(), &BUSES);
        validation.finish()?;
        Ok(name)
    }
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: NamedRuleInput<'_>,
) -> Result<ShownRule, Error> {
    let name = input.validate()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    let rule = bus.rule(name)?;
    let mut shown = ShownRule::of(&bus, &rule);
    shown.created_by = Some(rule.created_by.to_string());
    Ok(shown)
}
