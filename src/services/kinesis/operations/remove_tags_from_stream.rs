//! `RemoveTagsFromStream`: removes tags from a stream; missing ones are not an error.

use serde::Deserialize;

use super::tags::validate_keys;
use crate::aws::{Caller, tags};
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RemoveTagsFromStreamInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    tag_keys: Option<Vec<String>>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: RemoveTagsFromStreamInput,
) -> Result<(), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    validate_keys(&mut validation, input.tag_keys.as_deref());
    check_named(&mut validation, named);
    validation.finish()?;
    let stream = kinesis.stream(caller, kinesis.now(), named)?;
    let keys = input.tag_keys.unwrap_or_default();
    tags::remove(&mut stream.lock().tags, &keys);
    Ok(())
}
