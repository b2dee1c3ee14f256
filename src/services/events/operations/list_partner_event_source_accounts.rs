//! `ListPartnerEventSourceAccounts`: the accounts that a partner offers a source to, by number.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::page;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::SOURCE_NAMES;
use crate::services::events::error::Error;
use crate::services::events::partner::EventSource;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPartnerEventSourceAccountsInput {
    event_source_name: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPartnerEventSourceAccountsOutput {
    partner_event_source_accounts: Vec<PartnerEventSourceAccount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PartnerEventSourceAccount {
    account: String,
    creation_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_time: Option<EpochSeconds>,
    state: &'static str,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListPartnerEventSourceAccountsInput,
) -> Result<ListPartnerEventSourceAccountsOutput, Error> {
    let mut validation = Validation::default();
    let name = input.event_source_name.as_deref();
    let name = validation.required_text("eventSourceName", name, &SOURCE_NAMES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let now = events.now();
    let offered = events.sources.partner(caller, now, name)?.offered(now);
    let account = |source: &Arc<EventSource>| source.account.to_string();
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("accounts of {name}"),
        account,
        |last, count| {
            let mut offered = page::after(offered, account, last);
            offered.truncate(count);
            offered
        },
    )?;
    let shown = page.items.iter().filter_map(|source| {
        let status = source.status(now)?;
        Some(PartnerEventSourceAccount {
            account: source.account.to_string(),
            creation_time: EpochSeconds(source.created_at),
            expiration_time: status.expires_at.map(EpochSeconds),
            state: status.state.as_str(),
        })
    });
    Ok(ListPartnerEventSourceAccountsOutput {
        partner_event_source_accounts: shown.collect(),
        next_token: page.next_token,
    })
}
