//! `DeleteApiDestination`: deletes an API destination. Calls that wait for their turn are still made.

use serde::Deserialize;

use super::tag_resource::Done;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::NAMES;
use crate::services::events::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteApiDestinationInput<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeleteApiDestinationInput<'_>,
) -> Result<Done, Error> {
    let mut validation = Validation::default();
    let name = validation.required_text("name", input.name.as_deref(), &NAMES);
    validation.finish()?;
    let destination = events.api_destination(caller, name)?;
    events.api_destinations.remove(&destination);
    Ok(Done {})
}
