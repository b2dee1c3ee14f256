//! `DescribeConnection`: a connection without its secrets.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::connections::parameters::AuthParameters;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::wire::{EpochSeconds, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeConnectionInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeConnectionOutput {
    connection_arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    connection_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason: Option<String>,
    authorization_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_parameters: Option<AuthParameters>,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_authorized_time: Option<EpochSeconds>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribeConnectionInput<'_>,
) -> Result<DescribeConnectionOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    validation.finish()?;
    let connection = events.connection(caller, name)?;
    let described = connection.described();
    let state = described.state(events.now());
    Ok(DescribeConnectionOutput {
        connection_arn: connection.identity.to_string(),
        name: connection.identity.name.to_string(),
        description: described.description,
        connection_state: state,
        state_reason: described.reason,
        authorization_type: described.kind.as_str(),
        secret_arn: described.secret_arn,
        kms_key_identifier: described.kms_key_identifier,
        auth_parameters: described.authorization.map(|it| it.shown()),
        creation_time: EpochSeconds(connection.created_at),
        last_modified_time: EpochSeconds(described.modified_at),
        last_authorized_time: described.authorized_at.map(EpochSeconds),
    })
}
