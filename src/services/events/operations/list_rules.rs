//! `ListRules`: the rules of a bus, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::bus::Bus;
use crate::services::events::constraints::{BUSES, NAMES};
use crate::services::events::error::Error;
use crate::services::events::rule::Rule;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListRulesInput {
    name_prefix: Option<String>,
    event_bus_name: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListRulesOutput {
    rules: Vec<ShownRule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A rule as it is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownRule {
    name: Arc<str>,
    arn: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_pattern: Option<String>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by: Option<&'static str>,
    event_bus_name: String,
    /// Not in listings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_by: Option<String>,
}

impl ShownRule {
    pub(super) fn of(bus: &Bus, rule: &Rule) -> Self {
        let (pattern, schedule) = (rule.pattern.as_ref(), rule.schedule.as_ref());
        Self {
            name: rule.name.clone(),
            arn: rule.arn.clone(),
            event_pattern: pattern.map(|pattern| pattern.text.clone()),
            state: rule.state.as_str(),
            schedule_expression: schedule.map(|schedule| schedule.text.clone()),
            description: rule.description.clone(),
            role_arn: rule.role_arn.clone(),
            managed_by: rule.managed_by,
            event_bus_name: bus.name.name.to_string(),
            created_by: None,
        }
    }
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListRulesInput,
) -> Result<ListRulesOutput, Error> {
    let mut validation = Validation::default();
    validation.check("namePrefix", input.name_prefix.as_deref(), &NAMES);
    validation.check("eventBusName", input.event_bus_name.as_deref(), &BUSES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    let prefix = input.name_prefix.unwrap_or_default();
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("rules {} {prefix}", bus.arn),
        |rule: &Arc<Rule>| rule.name.to_string(),
        |last, count| bus.rules_after(last, count, |rule| rule.name.starts_with(&prefix)),
    )?;
    let rules = page.items.iter().map(|rule| ShownRule::of(&bus, rule));
    Ok(ListRulesOutput {
        rules: rules.collect(),
        next_token: page.next_token,
    })
}
