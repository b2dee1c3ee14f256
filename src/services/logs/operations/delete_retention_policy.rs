//! `DeleteRetentionPolicy`: has a group keep its events for good.

use super::naming::GroupInput;
use crate::aws::Caller;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;

pub(super) fn call(logs: &Logs, caller: &Caller<'_>, input: GroupInput<'_>) -> Result<(), Error> {
    let group = input.group(logs, caller)?;
    // What was no longer kept does not come back.
    group.expire(logs.now());
    group.change(|described| described.retention_days = None);
    Ok(())
}
