//! `ListTagsForStream`: the tags of a stream, by key.

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::tags::{KEYS, Tag, shown};
use crate::aws::Caller;
use crate::aws::validation::Rule;
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::limits::PAGE_OF_TAGS;
use crate::services::kinesis::{Kinesis, Named};

static LIMITS: [Rule; 2] = [Rule::AtLeast(1), Rule::AtMost(50)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForStreamInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    exclusive_start_tag_key: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagsForStreamOutput {
    tags: Vec<Tag>,
    has_more_tags: bool,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: ListTagsForStreamInput,
) -> Result<ListTagsForStreamOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let start = input.exclusive_start_tag_key.as_deref();
    let mut validation = validation();
    validation.check("limit", input.limit, &LIMITS);
    validation.check("exclusiveStartTagKey", start, &KEYS);
    check_named(&mut validation, named);
    validation.finish()?;
    let stream = kinesis.stream(caller, kinesis.now(), named)?;
    let size = input.limit.and_then(|limit| usize::try_from(limit).ok());
    let size = size.unwrap_or(PAGE_OF_TAGS);
    let state = stream.lock();
    let after = start.map_or(Bound::Unbounded, Bound::Excluded);
    let mut later = state.tags.range::<str, _>((after, Bound::Unbounded));
    let page = later.by_ref().take(size);
    Ok(ListTagsForStreamOutput {
        tags: page.map(shown).collect(),
        has_more_tags: later.next().is_some(),
    })
}
