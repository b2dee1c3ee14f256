//! `DescribeEventBus`: a bus with its settings and its policy.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::bus::{BusSettings, Described};
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
    #[serde(flatten)]
    settings: BusSettings,
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
    let Described {
        settings,
        policy,
        created_at,
        modified_at,
        ..
    } = bus.described();
    Ok(DescribeEventBusOutput {
        name: bus.name.name.to_string(),
        arn: bus.arn.to_string(),
        settings,
        policy,
        creation_time: EpochSeconds(created_at),
        last_modified_time: EpochSeconds(modified_at),
    })
}
