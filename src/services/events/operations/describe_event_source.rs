//! `DescribeEventSource`: a partner's source, as the account sees it that it is offered to.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::clock::Timestamp;
use crate::services::events::Events;
use crate::services::events::constraints::SOURCE_NAMES;
use crate::services::events::error::Error;
use crate::services::events::partner::EventSource;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeEventSourceInput {
    name: Option<String>,
}

/// A source as it is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownSource {
    arn: String,
    created_by: String,
    creation_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_time: Option<EpochSeconds>,
    name: String,
    state: &'static str,
}

impl ShownSource {
    /// None of a source that has ended.
    pub(super) fn of(source: &EventSource, now: Timestamp) -> Option<Self> {
        let status = source.status(now)?;
        Some(Self {
            arn: source.arn(),
            created_by: source.created_by().to_owned(),
            creation_time: EpochSeconds(source.created_at),
            expiration_time: status.expires_at.map(EpochSeconds),
            name: source.name.to_string(),
            state: status.state.as_str(),
        })
    }
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribeEventSourceInput,
) -> Result<ShownSource, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &SOURCE_NAMES);
    validation.finish()?;
    let now = events.now();
    let source = events.sources.get(caller, now, name)?;
    ShownSource::of(&source, now).ok_or_else(|| Error::EventSourceDoesNotExist(name.to_owned()))
}
