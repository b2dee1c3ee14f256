//! `ListConnections`: the caller's connections in the region, by name.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::clock::Timestamp;
use crate::services::events::Events;
use crate::services::events::connections::connection::{Connection, STATES};
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListConnectionsInput {
    name_prefix: Option<String>,
    connection_state: Option<String>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListConnectionsOutput {
    connections: Vec<Listed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    connection_arn: String,
    name: String,
    connection_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason: Option<String>,
    authorization_type: &'static str,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_authorized_time: Option<EpochSeconds>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: ListConnectionsInput,
) -> Result<ListConnectionsOutput, Error> {
    let mut validation = Validation::default();
    validation.check("namePrefix", input.name_prefix.as_deref(), &NAMES);
    let state = input.connection_state.as_deref();
    validation.check("connectionState", state, &[Rule::OneOf(STATES)]);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let (now, prefix) = (events.now(), input.name_prefix.unwrap_or_default());
    let is_meant = |connection: &Arc<Connection>| {
        connection.identity.name.starts_with(&prefix)
            && state.is_none_or(|state| connection.described().state(now) == state)
    };
    let list = |last: Option<&str>, count| {
        let connections = events.connections.after(caller, last, now);
        connections.filter(is_meant).take(count).collect()
    };
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("connections {prefix} {}", state.unwrap_or_default()),
        |connection: &Arc<Connection>| connection.identity.name.to_string(),
        list,
    )?;
    let listed = page.items.iter().map(|connection| listed(connection, now));
    Ok(ListConnectionsOutput {
        connections: listed.collect(),
        next_token: page.next_token,
    })
}

fn listed(connection: &Connection, now: Timestamp) -> Listed {
    let described = connection.described();
    Listed {
        connection_arn: connection.identity.to_string(),
        name: connection.identity.name.to_string(),
        connection_state: described.state(now),
        authorization_type: described.kind.as_str(),
        creation_time: EpochSeconds(connection.created_at),
        last_modified_time: EpochSeconds(described.modified_at),
        last_authorized_time: described.authorized_at.map(EpochSeconds),
        state_reason: described.reason,
    }
}
