//! `PurgeQueue`: deletes all messages of a queue, at once: AWS may take 60 seconds.

use std::sync::Arc;

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::queue::input::Purge;
use crate::trace::What;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PurgeQueueInput {
    queue_url: Option<String>,
}

pub(super) fn call(sqs: &Sqs, caller: &Caller<'_>, input: PurgeQueueInput) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let now = sqs.now();
    let mut purged_at = queue.purged_at.lock();
    if sqs.must_wait(*purged_at, now) {
        return Err(Error::PurgeQueueInProgress(queue.name.name.to_string()));
    }
    *purged_at = Some(now);
    let purged = queue.waiting.apply(now, Purge);
    purged.ok_or(Error::QueueDoesNotExist)?;
    let queue = Arc::clone(&queue.arn);
    sqs.traces.note(now, || What::Purged { queue });
    Ok(())
}
