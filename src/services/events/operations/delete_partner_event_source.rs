//! `DeletePartnerEventSource`: a partner takes its offer to an account back. Deleting one that does not exist succeeds.

use serde::Deserialize;

use crate::aws::AccountId;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::buses::BusName;
use crate::services::events::constraints::{PARTNER_ACCOUNTS, SOURCE_NAMES};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeletePartnerEventSourceInput {
    name: Option<String>,
    account: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeletePartnerEventSourceInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let (name, account) = (input.name.as_deref(), input.account.as_deref());
    let name = validation.required_text("name", name, &SOURCE_NAMES);
    let account = validation.required_text("account", account, &PARTNER_ACCOUNTS);
    validation.finish()?;
    if let Some(account) = AccountId::parse(account) {
        let has_bus = |bus: &BusName| events.buses.present(bus).is_some();
        let now = events.now();
        let sources = &events.sources;
        sources.withdraw(caller, now, name, account, has_bus);
    }
    Ok(())
}
