//! `CancelMessageMoveTask`: ends a running move task; messages that were moved stay moved.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::move_tasks::TaskHandle;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelMessageMoveTaskInput {
    task_handle: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelMessageMoveTaskOutput {
    approximate_number_of_messages_moved: u64,
}

pub(super) fn call(
    sqs: &Sqs,
    _caller: &Caller<'_>,
    input: CancelMessageMoveTaskInput,
) -> Result<CancelMessageMoveTaskOutput, Error> {
    let handle = input.task_handle.filter(|handle| !handle.is_empty());
    let handle = handle.ok_or_else(|| Error::missing("TaskHandle"))?;
    let handle = TaskHandle::read(&handle).ok_or_else(|| {
        Error::InvalidParameter("Value for parameter TaskHandle is invalid.".into())
    })?;
    let source = sqs
        .queues
        .by_arn(&handle.source_arn)
        .ok_or(Error::ResourceNotFound("SourceArn"))?;
    let tasks = source.move_tasks.lock();
    let task = tasks.iter().find(|task| Some(task.id) == handle.task_id());
    let moved = task.ok_or(Error::TaskNotFound)?.cancel();
    let moved = moved
        .ok_or_else(|| Error::InvalidParameter("Only active tasks can be cancelled.".into()))?;
    Ok(CancelMessageMoveTaskOutput {
        approximate_number_of_messages_moved: moved,
    })
}
