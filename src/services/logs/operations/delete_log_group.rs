//! `DeleteLogGroup`: deletes a log group with its streams and events.

use super::naming::GroupInput;
use crate::aws::Caller;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;

pub(super) fn call(logs: &Logs, caller: &Caller<'_>, input: GroupInput<'_>) -> Result<(), Error> {
    let group = input.group(logs, caller)?;
    if group.described().is_protected {
        return Err(Error::Protected);
    }
    group.contents.write().close();
    logs.groups.remove(&group);
    Ok(())
}
