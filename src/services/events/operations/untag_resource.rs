//! `UntagResource`: removes tags from a bus or a rule. Keys that it does not have are no error.

use serde::Deserialize;

use super::tag_resource::Done;
use super::tags::{self, Tagged};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::ARNS;
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagResourceInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

pub(super) fn call(
    events: &Events,
    _caller: &Caller<'_>,
    input: UntagResourceInput,
) -> Result<Done, Error> {
    let mut validation = Validation::default();
    let arn = input.resource_arn.as_deref();
    let arn = validation.required_text("resourceARN", arn, &ARNS);
    let keys = validation.required("tagKeys", input.tag_keys);
    tags::validate_keys(&mut validation, &keys);
    validation.finish()?;
    Tagged::find(events, arn)?.change(|present| {
        crate::aws::tags::remove(present, &keys);
        Ok(())
    })?;
    Ok(Done {})
}
