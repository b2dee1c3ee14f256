//! `AddTagsToStream`: adds tags to a stream; one with the key of another replaces it.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AddTagsToStreamInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    tags: Option<Tags>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: AddTagsToStreamInput,
) -> Result<(), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    tags::validate(&mut validation, input.tags.as_ref());
    let tags = validation
        .required("tags", input.tags.as_ref().map(Some))
        .cloned();
    check_named(&mut validation, named);
    validation.finish()?;
    let stream = kinesis.stream(caller, kinesis.now(), named)?;
    let mut state = stream.lock();
    tags::add(&mut state.tags, &tags.unwrap_or_default(), &stream.name)
}
