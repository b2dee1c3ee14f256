//! `TagResource`: adds tags to a log group; one with the key of another replaces it.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Validation;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TagResourceInput<'a> {
    #[serde(borrow)]
    resource_arn: Option<Text<'a>>,
    tags: Option<Tags>,
}

pub(super) fn call(
    logs: &Logs,
    _caller: &Caller<'_>,
    input: TagResourceInput<'_>,
) -> Result<(), Error> {
    let group = tags::tagged(logs, input.resource_arn.as_deref())?;
    let mut validation = Validation::default();
    let tags = validation.required("tags", input.tags);
    validation.finish()?;
    tags::check(&tags)?;
    tags::add(&group, tags)
}
