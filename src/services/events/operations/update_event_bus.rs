//! `UpdateEventBus`: changes those settings of a bus that the request names.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::events::Events;
use crate::services::events::bus::{BusSettings, DeadLetterConfig, LogConfig};
use crate::services::events::constraints::{ARNS, BUS_NAMES, DESCRIPTIONS, KEYS};
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateEventBusInput {
    name: Option<String>,
    kms_key_identifier: Option<String>,
    description: Option<String>,
    dead_letter_config: Option<DeadLetterConfig>,
    log_config: Option<LogConfig>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateEventBusOutput {
    arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_config: Option<LogConfig>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: UpdateEventBusInput,
) -> Result<UpdateEventBusOutput, Error> {
    let mut validation = Validation::default();
    validation.check("name", input.name.as_deref(), &BUS_NAMES);
    let asked = BusSettings {
        description: input.description,
        kms_key_identifier: input.kms_key_identifier,
        dead_letter_config: input.dead_letter_config,
        log_config: input.log_config,
    };
    validate(&mut validation, &asked);
    validation.finish()?;
    let bus = events.bus(caller, input.name.as_deref())?;
    let now = events.now();
    let settings = bus.change(|described| {
        let settings = &mut described.settings;
        replace(&mut settings.description, asked.description);
        replace(&mut settings.kms_key_identifier, asked.kms_key_identifier);
        replace(&mut settings.dead_letter_config, asked.dead_letter_config);
        replace(&mut settings.log_config, asked.log_config);
        described.modified_at = now;
        described.settings.clone()
    });
    Ok(UpdateEventBusOutput {
        arn: bus.arn.to_string(),
        name: bus.name.name.to_string(),
        description: settings.description,
        kms_key_identifier: settings.kms_key_identifier,
        dead_letter_config: settings.dead_letter_config,
        log_config: settings.log_config,
    })
}

fn replace<T>(present: &mut Option<T>, asked: Option<T>) {
    if asked.is_some() {
        *present = asked;
    }
}

/// Checks the constraints of the model on settings.
pub(super) fn validate(validation: &mut Validation, settings: &BusSettings) {
    let key = settings.kms_key_identifier.as_deref();
    validation.check(
        "description",
        settings.description.as_deref(),
        &DESCRIPTIONS,
    );
    validation.check("kmsKeyIdentifier", key, &KEYS);
    let dead_letters = settings.dead_letter_config.as_ref();
    let queue = dead_letters.and_then(|config| config.arn.as_deref());
    validation.check("deadLetterConfig.arn", queue, &ARNS);
    let Some(log) = &settings.log_config else {
        return;
    };
    validation.check(
        "logConfig.includeDetail",
        log.include_detail.as_deref(),
        &[Rule::OneOf(&["NONE", "FULL"])],
    );
    validation.check(
        "logConfig.level",
        log.level.as_deref(),
        &[Rule::OneOf(&["OFF", "ERROR", "INFO", "TRACE"])],
    );
}
