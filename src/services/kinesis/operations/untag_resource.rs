//! `UntagResource`: removes tags from a stream or a consumer; missing ones are not an error.

use serde::Deserialize;

use super::tags::{resource, validate_keys};
use crate::aws::{Caller, tags};
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::validation;
use crate::services::kinesis::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagResourceInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: UntagResourceInput,
) -> Result<(), Error> {
    let mut validation = validation();
    validate_keys(&mut validation, input.tag_keys.as_deref());
    let resource = resource(kinesis, validation, input.resource_arn.as_deref())?;
    let keys = input.tag_keys.unwrap_or_default();
    resource.with(|present, _| {
        tags::remove(present, &keys);
        Ok(())
    })
}
