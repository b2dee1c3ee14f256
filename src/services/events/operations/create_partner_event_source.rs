//! `CreatePartnerEventSource`: a partner offers an account its events.

use serde::{Deserialize, Serialize};

use crate::aws::AccountId;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{PARTNER_ACCOUNTS, SOURCE_NAMES};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePartnerEventSourceInput {
    name: Option<String>,
    account: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePartnerEventSourceOutput {
    event_source_arn: String,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: CreatePartnerEventSourceInput,
) -> Result<CreatePartnerEventSourceOutput, Error> {
    let mut validation = Validation::default();
    let (name, account) = (input.name.as_deref(), input.account.as_deref());
    let name = validation.required_text("name", name, &SOURCE_NAMES);
    let account = validation.required_text("account", account, &PARTNER_ACCOUNTS);
    validation.finish()?;
    let account = AccountId::parse(account).unwrap_or(caller.account);
    let source = events.sources.offer(caller, events.now(), name, account)?;
    Ok(CreatePartnerEventSourceOutput {
        event_source_arn: source.arn(),
    })
}
