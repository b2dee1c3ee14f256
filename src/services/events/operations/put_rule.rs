//! `PutRule`: creates a rule, or replaces what an existing one says. Its targets stay.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::{Rule as Constraint, Validation};
use crate::pattern::Policy;
use crate::schedule::Schedule;
use crate::services::events::Events;
use crate::services::events::constraints::{ARNS, BUSES, DESCRIPTIONS, NAMES, PATTERNS};
use crate::services::events::error::Error;
use crate::services::events::rule::{Pattern, Rule, STATES, Scheduled, State};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutRuleInput {
    name: Option<String>,
    schedule_expression: Option<String>,
    event_pattern: Option<String>,
    state: Option<String>,
    description: Option<String>,
    role_arn: Option<String>,
    tags: Option<Vec<Tag>>,
    event_bus_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutRuleOutput {
    rule_arn: Arc<str>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: PutRuleInput,
) -> Result<PutRuleOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    let (schedule, text) = (input.schedule_expression, input.event_pattern);
    let rules = [Constraint::LengthAtMost(256)];
    validation.check("scheduleExpression", schedule.as_deref(), &rules);
    validation.check("eventPattern", text.as_deref(), &PATTERNS);
    let state = input.state.as_deref();
    validation.check("state", state, &[Constraint::OneOf(STATES)]);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.check("roleArn", input.role_arn.as_deref(), &ARNS);
    let tags = input.tags.unwrap_or_default();
    tags::validate(&mut validation, &tags);
    validation.check("eventBusName", input.event_bus_name.as_deref(), &BUSES);
    validation.finish()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    if schedule.is_none() && text.is_none() {
        return Err(Error::invalid(
            "Parameter(s) EventPattern or ScheduleExpression must be specified.",
        ));
    }
    if schedule.is_some() && !bus.name.is_default() {
        return Err(Error::invalid(
            "ScheduleExpression is supported only on the default event bus.",
        ));
    }
    let schedule = schedule.map(Scheduled::read).transpose()?.map(Arc::new);
    let pattern = text.map(Pattern::read).transpose()?.map(Arc::new);
    let mut own_tags = Tags::new();
    tags::add(&mut own_tags, tags::check(tags)?)?;
    let most = events.settings.rules_per_bus;
    let rule = bus.put_rule(name, most, |present| Rule {
        name: name.into(),
        arn: bus.name.rule_arn(name).into(),
        pattern,
        schedule,
        state: State::named(state),
        description: input.description,
        role_arn: input.role_arn,
        created_by: present.map_or(caller.account, |present| present.created_by),
        managed_by: None,
        tags: present.map_or(own_tags, |present| present.tags.clone()),
        targets: present.map_or_else(Vec::new, |present| present.targets.clone()),
    })?;
    Ok(PutRuleOutput {
        rule_arn: rule.arn.clone(),
    })
}

impl Pattern {
    pub(in crate::services::events) fn read(text: String) -> Result<Self, Error> {
        let parsed = Policy::parse_event_pattern(&text);
        let parsed = parsed.map_err(|refused| Error::InvalidEventPattern(refused.to_string()))?;
        let parsed = Arc::new(parsed);
        Ok(Self { text, parsed })
    }
}

impl Scheduled {
    fn read(text: String) -> Result<Self, Error> {
        let parsed = Schedule::parse(&text);
        let parsed =
            parsed.map_err(|_| Error::invalid("Parameter ScheduleExpression is not valid."))?;
        Ok(Self { text, parsed })
    }
}
