//! `ListTagsForResource`: the tags of a log group.

use serde::{Deserialize, Serialize};

use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListTagsForResourceInput<'a> {
    #[serde(borrow)]
    resource_arn: Option<Text<'a>>,
}

/// The tags, by key.
#[derive(Debug, Serialize)]
pub(super) struct TagsOutput {
    pub(super) tags: Tags,
}

pub(super) fn call(
    logs: &Logs,
    _caller: &Caller<'_>,
    input: ListTagsForResourceInput<'_>,
) -> Result<TagsOutput, Error> {
    let group = tags::tagged(logs, input.resource_arn.as_deref())?;
    let tags = group.described().tags;
    Ok(TagsOutput { tags })
}
