//! `UpdateConnection`: changes what the request names. With parameters it is authorised again.

use serde::Deserialize;
use serde_json::Value;

use super::create_connection::ConnectionOutput;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::connections::connection::secret_arn;
use crate::services::events::connections::parameters::{
    AuthParameters, AuthorizationType, Presence, TYPES, refuse_connectivity,
};
use crate::services::events::constraints::{DESCRIPTIONS, KEYS, NAMES};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateConnectionInput {
    name: Option<String>,
    description: Option<String>,
    authorization_type: Option<String>,
    auth_parameters: Option<AuthParameters>,
    invocation_connectivity_parameters: Option<Value>,
    kms_key_identifier: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: UpdateConnectionInput,
) -> Result<ConnectionOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    let kind = input.authorization_type.as_deref();
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.check("authorizationType", kind, &TYPES);
    if let Some(parameters) = &input.auth_parameters {
        parameters.validate(&mut validation, Presence::Optional);
    }
    validation.check(
        "kmsKeyIdentifier",
        input.kms_key_identifier.as_deref(),
        &KEYS,
    );
    validation.finish()?;
    refuse_connectivity(input.invocation_connectivity_parameters.as_ref())?;
    let connection = events.connection(caller, name)?;
    let described = connection.described();
    let kind = kind.and_then(AuthorizationType::named);
    let change = kind.filter(|kind| *kind != described.kind);
    let kind = kind.unwrap_or(described.kind);
    let parameters = input.auth_parameters;
    let parameters = parameters.or_else(|| change.map(|_| AuthParameters::default()));
    let authorization = parameters.map(|parameters| {
        parameters.refuse_connectivity()?;
        let authorization = parameters.complete(kind, described.authorization.as_deref())?;
        let source = events.token_source(&authorization)?;
        Ok::<_, Error>((authorization, source))
    });
    let authorization = authorization.transpose()?;
    let now = events.now();
    connection.change(|described| {
        described.modified_at = now;
        if input.description.is_some() {
            described.description = input.description;
        }
        if input.kms_key_identifier.is_some() {
            described.kms_key_identifier = input.kms_key_identifier;
        }
        if authorization.is_some() && described.secret_arn.is_none() {
            described.secret_arn = Some(secret_arn(&connection.identity, &events.ids));
        }
    });
    if let Some((authorization, source)) = authorization {
        connection.authorize(kind, authorization.into(), source, now);
    }
    Ok(ConnectionOutput::of(&connection, events))
}
