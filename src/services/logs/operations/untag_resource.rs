//! `UntagResource`: removes tags from a log group. Keys that it does not have are no error.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UntagResourceInput<'a> {
    #[serde(borrow)]
    resource_arn: Option<Text<'a>>,
    tag_keys: Option<Vec<String>>,
}

pub(super) fn call(
    logs: &Logs,
    _caller: &Caller<'_>,
    input: UntagResourceInput<'_>,
) -> Result<(), Error> {
    let group = tags::tagged(logs, input.resource_arn.as_deref())?;
    let mut validation = Validation::default();
    let keys = validation.required("tagKeys", input.tag_keys);
    tags::validate_keys(&mut validation, "tagKeys", &keys);
    validation.finish()?;
    tags::remove(&group, &keys);
    Ok(())
}
