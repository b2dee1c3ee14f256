//! `TagResource`: adds tags to a topic, replacing those of the same keys.

use serde::{Deserialize, Serialize};

use super::tags::{self, SentTag};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResourceInput {
    resource_arn: Option<String>,
    tags: Option<Vec<SentTag>>,
}

#[derive(Debug, Serialize)]
pub(super) struct TagResourceOutput {}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: TagResourceInput,
) -> Result<TagResourceOutput, Error> {
    let mut validation = Validation::default();
    let resource_arn = validation.required("resourceArn", input.resource_arn);
    let sent = validation.required_list("tags", input.tags);
    let named = tags::named(&mut validation, sent);
    validation.finish()?;
    let topic = tags::tagged(sns, caller, &resource_arn)?;
    let tags = tags::check(named)?;
    topic.change_tags(|present| tags::add(present, tags))?;
    Ok(TagResourceOutput {})
}
