//! `CreateEventBus`: creates a bus.

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use super::update_event_bus;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::bus::{BusSettings, DeadLetterConfig, Described, LogConfig};
use crate::services::events::buses::BusName;
use crate::services::events::constraints::{BUS_NAMES, SOURCE_NAMES};
use crate::services::events::error::Error;
use crate::services::events::partner::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateEventBusInput {
    name: Option<String>,
    event_source_name: Option<String>,
    description: Option<String>,
    kms_key_identifier: Option<String>,
    dead_letter_config: Option<DeadLetterConfig>,
    log_config: Option<LogConfig>,
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateEventBusOutput {
    event_bus_arn: String,
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
    input: CreateEventBusInput,
) -> Result<CreateEventBusOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &BUS_NAMES);
    let source = input.event_source_name.as_deref();
    validation.check("eventSourceName", source, &SOURCE_NAMES);
    let settings = BusSettings {
        description: input.description,
        kms_key_identifier: input.kms_key_identifier,
        dead_letter_config: input.dead_letter_config,
        log_config: input.log_config,
    };
    update_event_bus::validate(&mut validation, &settings);
    let tags = input.tags.unwrap_or_default();
    tags::validate(&mut validation, &tags);
    validation.finish()?;
    match source {
        Some(source) if source != name => {
            return Err(Error::invalid(
                "Event bus name must be the same as the name of its event source.",
            ));
        }
        None if name.contains('/') => {
            return Err(Error::invalid("Event bus name must not contain '/'."));
        }
        _ => {}
    }
    let mut own_tags = Tags::new();
    tags::add(&mut own_tags, tags::check(tags)?)?;
    let name = BusName::owned(caller, name);
    if events.buses.get(&name).is_some() {
        return Err(Error::BusExists(name.name.into()));
    }
    let now = events.now();
    let described = Described {
        settings: settings.clone(),
        tags: own_tags,
        ..Described::new(now)
    };
    match source {
        None => drop(events.buses.add(&name, described)?),
        Some(source) => events.sources.with_bus(caller, now, source, |source| {
            let bus = events.buses.add(&name, described)?;
            let activated = source.change(now, State::Pending, State::Active);
            activated.inspect_err(|_| events.buses.remove(&bus))
        })?,
    }
    let _changing = events.endpoints.changing();
    for endpoint in events.endpoints.of_bus(&name) {
        endpoint.keep_rules(events)?;
    }
    Ok(CreateEventBusOutput {
        event_bus_arn: name.arn(),
        description: settings.description,
        kms_key_identifier: settings.kms_key_identifier,
        dead_letter_config: settings.dead_letter_config,
        log_config: settings.log_config,
    })
}
