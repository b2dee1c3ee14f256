//! `DescribePartnerEventSource`: a source, as its partner sees it.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::SOURCE_NAMES;
use crate::services::events::error::Error;
use crate::services::events::partner;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribePartnerEventSourceInput {
    name: Option<String>,
}

/// A source as its partner sees it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownPartnerSource {
    arn: String,
    name: String,
}

impl ShownPartnerSource {
    pub(super) fn of(caller: &Caller<'_>, name: &str) -> Self {
        Self {
            arn: partner::arn(caller.region, name),
            name: name.to_owned(),
        }
    }
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribePartnerEventSourceInput,
) -> Result<ShownPartnerSource, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &SOURCE_NAMES);
    validation.finish()?;
    let source = events.sources.partner(caller, events.now(), name)?;
    Ok(ShownPartnerSource::of(caller, &source.name))
}
