//! `ListTargetsByRule`: the targets of a rule, by id.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::page::after;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{BUSES, NAMES};
use crate::services::events::error::Error;
use crate::services::events::target::Target;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTargetsByRuleInput<'a> {
    #[serde(borrow)]
    rule: Option<Text<'a>>,
    #[serde(borrow)]
    event_bus_name: Option<Text<'a>>,
    #[serde(borrow)]
    next_token: Option<Text<'a>>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTargetsByRuleOutput {
    targets: Vec<Arc<Target>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListTargetsByRuleInput<'_>,
) -> Result<ListTargetsByRuleOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("rule", input.rule.as_deref(), &NAMES);
    validation.check("eventBusName", input.event_bus_name.as_deref(), &BUSES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    let rule = bus.rule(name)?;
    let mut targets = rule.targets.clone();
    targets.sort_by(|one, other| one.id().cmp(other.id()));
    let id = |target: &Arc<Target>| target.id().to_owned();
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("targets of {}", rule.arn),
        id,
        |last, _| after(targets, id, last),
    )?;
    Ok(ListTargetsByRuleOutput {
        targets: page.items,
        next_token: page.next_token,
    })
}
