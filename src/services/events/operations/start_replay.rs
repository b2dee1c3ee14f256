//! `StartReplay`: brings events of an archive to its bus again.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::archive::ArchiveName;
use crate::services::events::buses::BusName;
use crate::services::events::constraints::{ARNS, DESCRIPTIONS, NAMES, SOURCES};
use crate::services::events::error::Error;
use crate::services::events::replay::{Asked, Destination, State};
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StartReplayInput {
    replay_name: Option<String>,
    description: Option<String>,
    event_source_arn: Option<String>,
    event_start_time: Option<EpochSeconds>,
    event_end_time: Option<EpochSeconds>,
    destination: Option<Destination>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StartReplayOutput {
    replay_arn: String,
    state: &'static str,
    replay_start_time: EpochSeconds,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: StartReplayInput,
) -> Result<StartReplayOutput, Error> {
    let (name, source) = validate(&input)?;
    let destination = input.destination.clone().ok_or_else(not_a_bus)?;
    let bus = destination.arn.as_deref().and_then(BusName::parse);
    let bus = bus.ok_or_else(not_a_bus)?;
    if events.buses.get(&bus).is_none() {
        return Err(Error::BusDoesNotExist(bus.name.into()));
    }
    let archive = ArchiveName::parse(source);
    let archive = archive.filter(|name| *name == ArchiveName::owned(caller, &name.name));
    let archive = archive.and_then(|name| events.archives.get(&name));
    let archive = archive.ok_or_else(|| {
        let name = source.rsplit('/').next().unwrap_or_default();
        invalid("EventSourceArn", &format!("Archive {name} does not exist."))
    })?;
    if archive.bus != bus {
        let reason = "Cross event bus replay is not permitted.";
        return Err(invalid("Destination.Arn", reason));
    }
    let window = [input.event_start_time, input.event_end_time];
    let window = window.map(|moment| moment.unwrap_or_default().0);
    if window[0] >= window[1] {
        let reason = "EventStartTime must be before EventEndTime.";
        return Err(invalid("EventEndTime", reason));
    }
    let asked = Asked {
        description: input.description.clone(),
        archive,
        window,
        destination,
    };
    let replay = events.replays.start(events, caller, name, asked)?;
    Ok(StartReplayOutput {
        replay_arn: replay.arn.clone(),
        state: State::Starting.as_str(),
        replay_start_time: EpochSeconds(replay.started_at),
    })
}

/// Checks the constraints of the model; gives the names of the replay and of what is replayed.
fn validate(input: &StartReplayInput) -> Result<(&str, &str), Error> {
    let mut validation = Validation::default();
    let name = input.replay_name.as_deref();
    let name = validation.required_text("replayName", name, &NAMES);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    let source = input.event_source_arn.as_deref();
    let source = validation.required_text("eventSourceArn", source, &SOURCES);
    for (path, moment) in [
        ("eventStartTime", input.event_start_time),
        ("eventEndTime", input.event_end_time),
    ] {
        if moment.is_none() {
            validation.refuse_null(path);
        }
    }
    match &input.destination {
        None => validation.refuse_null("destination"),
        Some(destination) => {
            let arn = destination.arn.as_deref();
            validation.required_text("destination.arn", arn, &ARNS);
            let rules = destination.filter_arns.iter().flatten();
            for (place, rule) in (1..).zip(rules) {
                let path = format_args!("destination.filterArns.{place}.member");
                validation.check(path, Some(rule.as_str()), &ARNS);
            }
        }
    }
    validation.finish()?;
    Ok((name, source))
}

fn invalid(parameter: &str, reason: &str) -> Error {
    Error::invalid(format!(
        "Parameter {parameter} is not valid. Reason: {reason}"
    ))
}

fn not_a_bus() -> Error {
    invalid("Destination.Arn", "Must contain an event bus ARN.")
}
