//! `TagResource`: adds tags to a bus or a rule; one with the key of another replaces it.

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag, Tagged};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::ARNS;
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResourceInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tags: Option<Vec<Tag>>,
}

/// An answer without members.
#[derive(Debug, Serialize)]
pub(super) struct Done {}

pub(super) fn call(
    events: &Events,
    _caller: &Caller<'_>,
    input: TagResourceInput,
) -> Result<Done, Error> {
    let mut validation = Validation::default();
    let arn = input.resource_arn.as_deref();
    let arn = validation.required_text("resourceARN", arn, &ARNS);
    let tags = validation.required("tags", input.tags);
    tags::validate(&mut validation, &tags);
    validation.finish()?;
    let tagged = Tagged::find(events, arn)?;
    let tags = tags::check(tags)?;
    tagged.change(|present| tags::add(present, tags))?;
    Ok(Done {})
}
