//! `ListTagsForResource`: shows the tags of a registry, schema or discoverer.

use serde::{Deserialize, Serialize};

use super::tags::Tagged;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForResourceInput {
    resource_arn: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct ListTagsForResourceOutput {
    tags: Tags,
}

pub(super) fn call(
    schemas: &Schemas,
    _: &Caller<'_>,
    input: ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Error> {
    let tagged = Tagged::find(schemas, &input.resource_arn.unwrap_or_default())?;
    let tags = tagged.change(|tags| Ok(tags.clone()))?;
    Ok(ListTagsForResourceOutput { tags })
}
