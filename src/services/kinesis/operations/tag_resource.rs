//! `TagResource`: adds tags to a stream or a consumer; one with the key of another replaces it.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::validation;
use crate::services::kinesis::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResourceInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tags: Option<Tags>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: TagResourceInput,
) -> Result<(), Error> {
    let mut validation = validation();
    tags::validate(&mut validation, input.tags.as_ref());
    let new = validation.required("tags", input.tags);
    let resource = tags::resource(kinesis, validation, input.resource_arn.as_deref())?;
    resource.with(|present, _| tags::add(present, &new, &resource.stream.name))
}
