//! `DescribeEventBus`: a bus with its settings and its policy.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::bus::{DeadLetterConfig, LogConfig};
use crate::services::events::constraints::BUSES;
use crate::services::events::error::Error;
use crate::wire::{EpochSeconds, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeEventBusInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeEventBusOutput {
    name: String,
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_config: Option<LogConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribeEventBusInput<'_>,
) -> Result<DescribeEventBusOutput, Error> {
    let mut validation = Validation::default();
    validation.check("name", input.name.as_deref(), &BUSES);
    validation.finish()?;
    let bus = events.bus(caller, input.name.as_deref())?;
    Ok(bus.look(|described| {
        let settings = described.settings.clone();
        DescribeEventBusOutput {
            name: bus.name.name.to_string(),
            arn: bus.arn.to_string(),
            description: settings.description,
            kms_key_identifier: settings.kms_key_identifier,
            dead_letter_config: settings.dead_letter_config,
            log_config: settings.log_config,
            policy: described.policy.clone(),
            creation_time: EpochSeconds(described.created_at),
            last_modified_time: EpochSeconds(described.modified_at),
        }
    }))
}
