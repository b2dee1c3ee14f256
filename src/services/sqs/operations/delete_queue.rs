//! `DeleteQueue`: deletes a queue with all its messages, at once: AWS may take 60 seconds.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteQueueInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: DeleteQueueInput<'_>,
) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    if !sqs.queues.remove(&queue) {
        return Err(Error::QueueDoesNotExist);
    }
    if sqs.settings.strict_timing {
        sqs.queues.remember_deletion(queue.name.clone(), sqs.now());
    }
    sqs.end(&queue);
    Ok(())
}
