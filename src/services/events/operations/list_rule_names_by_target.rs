//! `ListRuleNamesByTarget`: the rules of a bus that have a target with this ARN.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{ARNS, BUSES};
use crate::services::events::error::Error;
use crate::services::events::rule::Rule;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListRuleNamesByTargetInput<'a> {
    #[serde(borrow)]
    target_arn: Option<Text<'a>>,
    #[serde(borrow)]
    event_bus_name: Option<Text<'a>>,
    #[serde(borrow)]
    next_token: Option<Text<'a>>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListRuleNamesByTargetOutput {
    rule_names: Vec<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListRuleNamesByTargetInput<'_>,
) -> Result<ListRuleNamesByTargetOutput, Error> {
    let mut validation = Validation::default();
    let arn = input.target_arn.as_deref();
    let arn = validation.required_text("targetArn", arn, &ARNS);
    validation.check("eventBusName", input.event_bus_name.as_deref(), &BUSES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    let is_meant = |rule: &Rule| rule.targets.iter().any(|target| target.arn() == arn);
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("rules of {} for {arn}", bus.arn),
        |rule: &Arc<Rule>| rule.name.to_string(),
        |last, count| bus.rules_after(last, count, is_meant),
    )?;
    let names = page.items.iter().map(|rule| rule.name.clone());
    Ok(ListRuleNamesByTargetOutput {
        rule_names: names.collect(),
        next_token: page.next_token,
    })
}
