//! `ListTagsForResource`: a topic's tags.

use serde::{Deserialize, Serialize};

use super::tags::{self, Tag};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForResourceInput {
    resource_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForResourceOutput {
    tags: Vec<Tag>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Error> {
    let mut validation = Validation::default();
    let resource_arn = validation.required("resourceArn", input.resource_arn);
    validation.finish()?;
    let tags = tags::tagged(sns, caller, &resource_arn)?.tags();
    let tags = tags.into_iter().map(|(key, value)| Tag { key, value });
    Ok(ListTagsForResourceOutput {
        tags: tags.collect(),
    })
}
