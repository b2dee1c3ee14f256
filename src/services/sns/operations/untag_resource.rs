//! `UntagResource`: removes tags. Keys that the topic does not have are no error.

use serde::{Deserialize, Serialize};

use super::tags;
use crate::aws::validation::Validation;
use crate::aws::{self, Caller};
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagResourceInput {
    resource_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
pub(super) struct UntagResourceOutput {}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: UntagResourceInput,
) -> Result<UntagResourceOutput, Error> {
    let mut validation = Validation::default();
    let resource_arn = validation.required("resourceArn", input.resource_arn);
    let keys = validation.required_list("tagKeys", input.tag_keys);
    validation.finish()?;
    let topic = tags::tagged(sns, caller, &resource_arn)?;
    topic.change_tags(|present| aws::tags::remove(present, &keys));
    Ok(UntagResourceOutput {})
}
