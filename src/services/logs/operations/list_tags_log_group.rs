//! `ListTagsLogGroup`: the tags of a log group by its name, as `ListTagsForResource` lists them by its ARN.

use super::list_tags_for_resource::TagsOutput;
use super::naming::GroupInput;
use crate::aws::Caller;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: GroupInput<'_>,
) -> Result<TagsOutput, Error> {
    let tags = input.group(logs, caller)?.described().tags;
    Ok(TagsOutput { tags })
}
