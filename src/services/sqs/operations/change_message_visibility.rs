//! `ChangeMessageVisibility`: hides a received message for longer, or shows it sooner.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::limits;
use crate::services::sqs::message_input::Via;
use crate::services::sqs::queue::VisibilityRefused;
use crate::services::sqs::queue::input::ChangeVisibility;
use crate::trace::What;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangeMessageVisibilityInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    receipt_handle: Option<Text<'a>>,
    visibility_timeout: Option<i32>,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: ChangeMessageVisibilityInput<'_>,
) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    // A missing timeout is refused before the handle is checked (recorded).
    let timeout = input
        .visibility_timeout
        .ok_or_else(|| Error::missing("VisibilityTimeout"))?;
    change(
        sqs,
        caller,
        &queue,
        input.receipt_handle.as_deref(),
        timeout,
        Via::Single,
    )
}

/// Changes the visibility of the message that a handle stands for; the timeout counts from now.
pub(super) fn change(
    sqs: &Sqs,
    caller: &Caller<'_>,
    queue: &HostedQueue,
    handle: Option<&str>,
    timeout: i32,
    via: Via,
) -> Result<(), Error> {
    let out_of_range = match via {
        Via::Single => "Must be between 0 and 43200.",
        Via::Batch => "VisibilityTimeout must be an integer between 0 and 43200.",
    };
    let seconds = u32::try_from(timeout)
        .ok()
        .filter(|seconds| limits::VISIBILITY_TIMEOUT.contains(seconds));
    let seconds =
        seconds.ok_or_else(|| Error::invalid(timeout, "VisibilityTimeout", out_of_range))?;
    let receipt = queue.receipt(handle)?;
    let handle = handle.unwrap_or_default();
    let change = ChangeVisibility {
        receipt,
        visibility_timeout: seconds,
    };
    let now = sqs.now();
    let changed = queue.waiting.apply(now, change);
    let id = changed
        .ok_or(Error::QueueDoesNotExist)?
        .map_err(|refused| match refused {
            VisibilityRefused::NotAvailable if via == Via::Batch => Error::MessageNotAvailable,
            VisibilityRefused::NotAvailable => {
                let reason =
                    "Message does not exist or is not available for visibility timeout change.";
                Error::invalid(handle, "ReceiptHandle", reason)
            }
            VisibilityRefused::ReceiptExpired => {
                Error::invalid(handle, "ReceiptHandle", "The receipt handle has expired.")
            }
            VisibilityRefused::BeyondLimit => {
                let reason =
                    "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].";
                Error::invalid(seconds, "VisibilityTimeout", reason)
            }
        })?;
    sqs.traces.record(now, id, || What::Hidden {
        queue: Arc::clone(&queue.arn),
        until: now + Duration::from_secs(seconds.into()),
        by: sqs.traces.by(caller),
    });
    Ok(())
}
