//! `UntagResource`: removes tags of a registry, schema or discoverer.

use serde::Deserialize;

use super::tags::Tagged;
use crate::aws::validation::Validation;
use crate::aws::{Caller, tags};
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagResourceInput {
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

pub(super) fn call(
    schemas: &Schemas,
    _: &Caller<'_>,
    input: UntagResourceInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let keys = validation.required("tagKeys", input.tag_keys);
    validation.finish()?;
    let tagged = Tagged::find(schemas, &input.resource_arn.unwrap_or_default())?;
    tagged.change(|present| {
        tags::remove(present, &keys);
        Ok(())
    })
}
