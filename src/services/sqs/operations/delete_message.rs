//! `DeleteMessage`: deletes a received message.

use std::sync::Arc;

use serde::Deserialize;

use crate::aws::Caller;
use crate::clock::Timestamp;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::queue::input::Delete;
use crate::trace::What;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteMessageInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    receipt_handle: Option<Text<'a>>,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: DeleteMessageInput<'_>,
) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    delete(
        sqs,
        caller,
        &queue,
        sqs.now(),
        input.receipt_handle.as_deref(),
    )
}

/// Deletes the message that a handle stands for; one that is already gone is not an error.
pub(super) fn delete(
    sqs: &Sqs,
    caller: &Caller<'_>,
    queue: &HostedQueue,
    now: Timestamp,
    handle: Option<&str>,
) -> Result<(), Error> {
    let receipt = queue.receipt(handle)?;
    // A deletion may unblock a FIFO group, and so serve waiting receives.
    let deleted = queue.waiting.apply(now, Delete { receipt });
    let deleted = deleted.ok_or(Error::QueueDoesNotExist)?.map_err(|_| {
        let handle = handle.unwrap_or_default();
        Error::invalid(handle, "ReceiptHandle", "The receipt handle has expired.")
    })?;
    if let Some(id) = deleted {
        sqs.traces.record(now, id, || What::Deleted {
            queue: Arc::clone(&queue.arn),
            by: sqs.traces.by(caller),
        });
    }
    Ok(())
}
