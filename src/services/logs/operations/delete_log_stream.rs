//! `DeleteLogStream`: deletes a log stream with its events.

use super::naming::StreamInput;
use crate::aws::Caller;
use crate::services::logs::Logs;
use crate::services::logs::error::Error;

pub(super) fn call(logs: &Logs, caller: &Caller<'_>, input: StreamInput<'_>) -> Result<(), Error> {
    let (group, stream) = input.stream(logs, caller)?;
    if group.described().is_protected {
        return Err(Error::Protected);
    }
    Ok(group.contents.write().delete(stream)?)
}
