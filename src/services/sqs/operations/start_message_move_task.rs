//! `StartMessageMoveTask`: starts to move a dead-letter queue's messages back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::{Arn, Caller};
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::limits;
use crate::services::sqs::move_tasks::{KEPT, MoveRequest, MoveTask, Resources, Status};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StartMessageMoveTaskInput {
    source_arn: Option<String>,
    destination_arn: Option<String>,
    max_number_of_messages_per_second: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StartMessageMoveTaskOutput {
    task_handle: String,
}

pub(super) fn call(
    sqs: &Sqs,
    _caller: &Caller<'_>,
    input: StartMessageMoveTaskInput,
) -> Result<StartMessageMoveTaskOutput, Error> {
    let request = check(sqs, input)?;
    let source = request.source.clone();
    let mut tasks = source.move_tasks.lock();
    if tasks
        .iter()
        .any(|task| task.progress().status == Status::Running)
    {
        return Err(refuse(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        ));
    }
    let resources = Resources {
        source: Arc::downgrade(&source),
        queues: Arc::downgrade(&sqs.queues),
        agenda: sqs.agenda.clone(),
        ids: sqs.ids.clone(),
        traces: sqs.traces.clone(),
    };
    let task = MoveTask::start(request, sqs.now(), sqs.ids.message_id(), resources);
    let task_handle = task.handle();
    tasks.push_front(task);
    tasks.truncate(KEPT);
    Ok(StartMessageMoveTaskOutput { task_handle })
}

fn refuse(sentence: &'static str) -> Error {
    Error::InvalidParameter(sentence.into())
}

fn check(sqs: &Sqs, input: StartMessageMoveTaskInput) -> Result<MoveRequest, Error> {
    let source = input.source_arn.filter(|arn| !arn.is_empty());
    let source = find(
        sqs,
        &source.ok_or_else(|| Error::missing("SourceArn"))?,
        "SourceArn",
    )?;
    if sqs.sources_of(&source, None).next().is_none() {
        return Err(refuse(
            "Source queue must be configured as a Dead Letter Queue.",
        ));
    }
    let destination = match input.destination_arn.filter(|arn| !arn.is_empty()) {
        None => None,
        Some(arn) => Some(find(sqs, &arn, "DestinationArn")?),
    };
    if let Some(destination) = &destination {
        if Arc::ptr_eq(destination, &source) {
            return Err(refuse(
                "Source queue arn and destination queue arn cannot be the same.",
            ));
        }
        if destination.kind() != source.kind() {
            return Err(refuse(
                "The source queue and destination queue must be of the same queue type.",
            ));
        }
    }
    let rate = match input.max_number_of_messages_per_second {
        None => None,
        Some(rate) => Some(u32::try_from(rate).ok().filter(|_| limits::MOVE_RATE.contains(&rate)).ok_or_else(|| {
            refuse(
                "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500.",
            )
        })?),
    };
    Ok(MoveRequest {
        source,
        destination_arn: destination.map(|queue| queue.arn.clone()),
        rate,
    })
}

/// The queue that an ARN names.
pub(super) fn find(
    sqs: &Sqs,
    arn: &str,
    parameter: &'static str,
) -> Result<Arc<HostedQueue>, Error> {
    if Arn::parse(arn).is_none() {
        let sentence = format!(
            "You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
        );
        return Err(Error::InvalidParameter(sentence.into()));
    }
    sqs.queues
        .by_arn(arn)
        .ok_or(Error::ResourceNotFound(parameter))
}
