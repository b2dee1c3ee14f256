//! `RemovePermission`: takes a statement out of a bus's policy, or all of them.

use serde::Deserialize;

use super::put_permission::STATEMENT_IDS;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::OWN_BUS_NAMES;
use crate::services::events::error::Error;
use crate::services::events::policy;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RemovePermissionInput<'a> {
    #[serde(borrow)]
    statement_id: Option<Text<'a>>,
    remove_all_permissions: Option<bool>,
    #[serde(borrow)]
    event_bus_name: Option<Text<'a>>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: RemovePermissionInput<'_>,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let statement_id = input.statement_id.as_deref();
    validation.check("statementId", statement_id, &STATEMENT_IDS);
    validation.check(
        "eventBusName",
        input.event_bus_name.as_deref(),
        &OWN_BUS_NAMES,
    );
    validation.finish()?;
    let bus = events.bus(caller, input.event_bus_name.as_deref())?;
    if input.remove_all_permissions == Some(true) {
        bus.change(|described| described.policy = None);
        return Ok(());
    }
    let required = || Error::invalid("Parameter StatementId is required.");
    let id = statement_id.ok_or_else(required)?;
    bus.change(|described| {
        described.policy = policy::without(described.policy.as_deref(), id)?;
        Ok(())
    })
}
