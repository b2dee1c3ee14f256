//! `TagResource`: adds tags to a registry, schema or discoverer.

use serde::Deserialize;

use super::tags::{self, Tagged};
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResourceInput {
    resource_arn: Option<String>,
    #[serde(rename = "tags")]
    tags: Option<Tags>,
}

pub(super) fn call(
    schemas: &Schemas,
    _: &Caller<'_>,
    input: TagResourceInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let added = validation.required("tags", input.tags);
    validation.finish()?;
    let tagged = Tagged::find(schemas, &input.resource_arn.unwrap_or_default())?;
    tagged.change(|present| tags::add(present, added))
}
