//! `ListTagsForResource`: the tags of a stream or a consumer.

use serde::{Deserialize, Serialize};

use super::tags::{Tag, resource, shown};
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::validation;
use crate::services::kinesis::error::Error;

#[derive(Debug, Deserialize)]
pub(super) struct ListTagsForResourceInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForResourceOutput {
    tags: Vec<Tag>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Error> {
    let resource = resource(kinesis, validation(), input.resource_arn.as_deref())?;
    let tags = resource.with(|tags, _| Ok(tags.iter().map(shown).collect()))?;
    Ok(ListTagsForResourceOutput { tags })
}
