//! `CreateLogStream`: creates a log stream in a group.

use super::naming::StreamInput;
use crate::aws::Caller;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;

pub(super) fn call(logs: &Logs, caller: &Caller<'_>, input: StreamInput<'_>) -> Result<(), Error> {
    let (group, stream) = input.stream(logs, caller)?;
    let now = logs.now().as_millis();
    Ok(group.contents.write().create(stream, now)?)
}
