//! `TagLogGroup`: adds tags to a log group by its name, as `TagResource` does by its ARN.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Validation;
use crate::services::logs::Logs;
use crate::services::logs::constraints::GROUPS;
use crate::services::logs::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TagLogGroupInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
    tags: Option<Tags>,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: TagLogGroupInput<'_>,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = input.log_group_name.as_deref();
    let name = validation.required_text("logGroupName", name, &GROUPS);
    let tags = validation.required("tags", input.tags);
    validation.finish()?;
    tags::check(&tags)?;
    let group = logs.group(caller, name)?;
    // The older action has no error of its own for this.
    tags::add(&group, tags).map_err(|error| Error::invalid(error.to_string()))
}
