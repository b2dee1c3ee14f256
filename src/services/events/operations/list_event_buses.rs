//! `ListEventBuses`: the caller's buses in the region, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::bus::Bus;
use crate::services::events::constraints::BUS_NAMES;
use crate::services::events::error::Error;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEventBusesInput {
    name_prefix: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEventBusesOutput {
    event_buses: Vec<EventBus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EventBus {
    name: String,
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListEventBusesInput,
) -> Result<ListEventBusesOutput, Error> {
    let mut validation = Validation::default();
    validation.check("namePrefix", input.name_prefix.as_deref(), &BUS_NAMES);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let prefix = input.name_prefix.unwrap_or_default();
    let list = |last: Option<&str>, count| {
        let buses = events.buses.after(caller, last);
        let meant = buses.filter(|bus| bus.name.name.starts_with(&prefix));
        meant.take(count).collect()
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("buses {prefix}"),
        |bus: &Arc<Bus>| bus.name.name.to_string(),
        list,
    )?;
    Ok(ListEventBusesOutput {
        event_buses: page.items.iter().map(|bus| shown(bus)).collect(),
        next_token: page.next_token,
    })
}

fn shown(bus: &Bus) -> EventBus {
    bus.look(|described| EventBus {
        name: bus.name.name.to_string(),
        arn: bus.arn.to_string(),
        description: described.settings.description.clone(),
        policy: described.policy.clone(),
        creation_time: EpochSeconds(described.created_at),
        last_modified_time: EpochSeconds(described.modified_at),
    })
}
