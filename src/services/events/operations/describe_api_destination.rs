//! `DescribeApiDestination`: an API destination with its settings.

use serde::{Deserialize, Serialize};

use super::list_api_destinations::Listed;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeApiDestinationInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeApiDestinationOutput {
    #[serde(flatten)]
    listed: Listed,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribeApiDestinationInput<'_>,
) -> Result<DescribeApiDestinationOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    validation.finish()?;
    let destination = events.api_destination(caller, name)?;
    let (settings, _) = destination.settings();
    Ok(DescribeApiDestinationOutput {
        listed: Listed::of(&destination, events),
        description: settings.description,
    })
}
