//! `ListMessageMoveTasks`: the latest move tasks of a dead-letter queue, newest first.

use serde::{Deserialize, Serialize};

use super::start_message_move_task::find;
use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::limits;
use crate::services::sqs::move_tasks::{MoveTask, Status};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListMessageMoveTasksInput {
    source_arn: Option<String>,
    max_results: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListMessageMoveTasksOutput {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    results: Vec<ListMessageMoveTasksResultEntry>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListMessageMoveTasksResultEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    task_handle: Option<String>,
    status: &'static str,
    source_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_number_of_messages_per_second: Option<u32>,
    approximate_number_of_messages_moved: u64,
    approximate_number_of_messages_to_move: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<&'static str>,
    /// Milliseconds since the Unix epoch.
    started_timestamp: u64,
}

pub(super) fn call(
    sqs: &Sqs,
    _caller: &Caller<'_>,
    input: ListMessageMoveTasksInput,
) -> Result<ListMessageMoveTasksOutput, Error> {
    let source = input.source_arn.filter(|arn| !arn.is_empty());
    let source = find(
        sqs,
        &source.ok_or_else(|| Error::missing("SourceArn"))?,
        "SourceArn",
    )?;
    let max_results = input.max_results.unwrap_or(1);
    if !limits::MOVE_TASK_RESULTS.contains(&max_results) {
        let sentence = "Value for parameter MaxResults is invalid. Reason: You must enter a number that's between 1 and 10.";
        return Err(Error::InvalidParameter(sentence.into()));
    }
    let tasks = source.move_tasks.lock();
    let newest = tasks
        .iter()
        .take(usize::try_from(max_results).unwrap_or_default());
    Ok(ListMessageMoveTasksOutput {
        results: newest.map(|task| entry(task)).collect(),
    })
}

fn entry(task: &MoveTask) -> ListMessageMoveTasksResultEntry {
    let progress = task.progress();
    let is_running = progress.status == Status::Running;
    ListMessageMoveTasksResultEntry {
        task_handle: is_running.then(|| task.handle()),
        status: progress.status.name(),
        source_arn: task.source_arn.to_string(),
        destination_arn: task.destination_arn.as_ref().map(ToString::to_string),
        max_number_of_messages_per_second: task.rate,
        approximate_number_of_messages_moved: progress.moved,
        approximate_number_of_messages_to_move: task.to_move,
        failure_reason: match progress.status {
            Status::Failed(reason) => Some(reason),
            _ => None,
        },
        started_timestamp: task.started_at.as_millis(),
    }
}
