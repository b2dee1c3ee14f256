//! `PutPermission`: adds a statement to a bus's policy, or replaces the whole policy.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::{Pattern, Rule, Validation};
use crate::services::events::Events;
use crate::services::events::constraints::{OWN_BUS_NAMES, has_only};
use crate::services::events::error::Error;
use crate::services::events::policy::{self, Statement};

static ACTION: Pattern = Pattern::new("events:[a-zA-Z]+");
static PRINCIPAL: Pattern = Pattern::new(r"(\d{12}|\*)");
static STATEMENT_ID: Pattern = Pattern::by("[a-zA-Z0-9-_]+", |text| {
    !text.is_empty() && has_only(text, b"-_")
});

/// The ids of statements.
pub(super) static STATEMENT_IDS: [Rule; 3] = [
    Rule::Matches(&STATEMENT_ID),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(64),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutPermissionInput {
    event_bus_name: Option<String>,
    action: Option<String>,
    principal: Option<String>,
    statement_id: Option<String>,
    condition: Option<Condition>,
    policy: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    #[serde(rename = "Type")]
    operator: Option<String>,
    key: Option<String>,
    value: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: PutPermissionInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let (bus, statement_id) = (
        input.event_bus_name.as_deref(),
        input.statement_id.as_deref(),
    );
    validation.check("eventBusName", bus, &OWN_BUS_NAMES);
    validation.check(
        "action",
        input.action.as_deref(),
        &[
            Rule::Matches(&ACTION),
            Rule::LengthAtLeast(1),
            Rule::LengthAtMost(64),
        ],
    );
    validation.check(
        "principal",
        input.principal.as_deref(),
        &[
            Rule::Matches(&PRINCIPAL),
            Rule::LengthAtLeast(1),
            Rule::LengthAtMost(12),
        ],
    );
    validation.check("statementId", statement_id, &STATEMENT_IDS);
    let condition = input.condition.map(|condition| {
        [
            validation.required("condition.type", condition.operator),
            validation.required("condition.key", condition.key),
            validation.required("condition.value", condition.value),
        ]
    });
    validation.finish()?;
    let bus = events.bus(caller, bus)?;
    if let Some(text) = &input.policy {
        let text = policy::check(text)?;
        bus.change(|described| described.policy = Some(text));
        return Ok(());
    }
    let given = |name: &str, value: Option<&str>| match value {
        Some(value) => Ok(value.to_owned()),
        None => Err(Error::invalid(format!("Parameter {name} is required."))),
    };
    let id = given("StatementId", statement_id)?;
    let principal = given("Principal", input.principal.as_deref())?;
    if given("Action", input.action.as_deref())? != policy::ACTION {
        return Err(Error::invalid(
            "Provided value in parameter 'action' is not supported.",
        ));
    }
    let condition = condition.as_ref();
    let statement = Statement {
        id: &id,
        principal: &principal,
        bus_arn: &bus.arn,
        partition: bus.name.region.partition(),
        condition: condition.map(|members| members.each_ref().map(String::as_str)),
    };
    bus.change(|described| {
        described.policy = Some(policy::with(described.policy.as_deref(), &statement)?);
        Ok(())
    })
}
