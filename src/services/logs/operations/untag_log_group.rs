//! `UntagLogGroup`: removes tags from a log group by its name, as `UntagResource` does by its ARN.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation, Value};
use crate::services::logs::Logs;
use crate::services::logs::constraints::GROUPS;
use crate::services::logs::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UntagLogGroupInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
    tags: Option<Vec<String>>,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: UntagLogGroupInput<'_>,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = input.log_group_name.as_deref();
    let name = validation.required_text("logGroupName", name, &GROUPS);
    let keys = validation.required("tags", input.tags);
    if keys.is_empty() && validation.is_fine() {
        let none = Value::List {
            length: 0,
            shown: &"[]",
        };
        validation.check("tags", Some(none), &[Rule::LengthAtLeast(1)]);
    }
    tags::validate_keys(&mut validation, "tags", &keys);
    validation.finish()?;
    tags::remove(&*logs.group(caller, name)?, &keys);
    Ok(())
}
