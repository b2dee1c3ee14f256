//! `CreateConnection`: how API destinations authorise with an endpoint.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::connections::connection::{Connection, Described, secret_arn};
use crate::services::events::connections::parameters::{
    AuthParameters, AuthorizationType, Presence, TYPES, refuse_connectivity,
};
use crate::services::events::constraints::{DESCRIPTIONS, KEYS, NAMES};
use crate::services::events::error::Error;
use crate::services::events::identity::{Identity, Kind};
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateConnectionInput {
    name: Option<String>,
    description: Option<String>,
    authorization_type: Option<String>,
    auth_parameters: Option<AuthParameters>,
    invocation_connectivity_parameters: Option<Value>,
    kms_key_identifier: Option<String>,
}

/// What changes of a connection answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConnectionOutput {
    connection_arn: String,
    pub(super) connection_state: &'static str,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_authorized_time: Option<EpochSeconds>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: CreateConnectionInput,
) -> Result<ConnectionOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    let kind = input.authorization_type.as_deref();
    let kind = validation.required_text("authorizationType", kind, &TYPES);
    let parameters = validation.required("authParameters", input.auth_parameters);
    parameters.validate(&mut validation, Presence::Required);
    validation.check(
        "kmsKeyIdentifier",
        input.kms_key_identifier.as_deref(),
        &KEYS,
    );
    validation.finish()?;
    refuse_connectivity(input.invocation_connectivity_parameters.as_ref())?;
    parameters.refuse_connectivity()?;
    let kind = AuthorizationType::named(kind).unwrap_or(AuthorizationType::Basic);
    let authorization = parameters.complete(kind, None)?;
    let source = events.token_source(&authorization)?;
    let now = events.now();
    let identity = Identity::owned(Kind::Connection, caller, name, events.ids.message_id());
    let connection = events.connections.add(&identity, now, || {
        let secret = secret_arn(&identity, &events.ids);
        let mut described = Described::new(kind, authorization.clone(), secret, now);
        described.description = input.description;
        described.kms_key_identifier = input.kms_key_identifier;
        Connection::new(identity.clone(), described)
    })?;
    connection.authorize(kind, authorization.into(), source, now);
    Ok(ConnectionOutput {
        last_authorized_time: None,
        ..ConnectionOutput::of(&connection, events)
    })
}

impl ConnectionOutput {
    /// The connection as it is.
    pub(super) fn of(connection: &Connection, events: &Events) -> Self {
        let described = connection.described();
        Self {
            connection_arn: connection.identity.to_string(),
            connection_state: described.state(events.now()),
            creation_time: EpochSeconds(connection.created_at),
            last_modified_time: EpochSeconds(described.modified_at),
            last_authorized_time: described.authorized_at.map(EpochSeconds),
        }
    }
}
