//! The actions of SQS: one file each, named after the action, and their list.
//!
//! An action is its input, its output and `call`. To add one: its file, its `mod` line and its entry in the list below.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch passes each action its input"
)]
#![expect(
    clippy::struct_field_names,
    reason = "AWS's names: the `MessageId` of a `Message`"
)]

mod add_permission;
mod batch;
mod cancel_message_move_task;
mod change_message_visibility;
mod change_message_visibility_batch;
mod create_queue;
mod delete_message;
mod delete_message_batch;
mod delete_queue;
mod get_queue_attributes;
mod get_queue_url;
mod list_dead_letter_source_queues;
mod list_message_move_tasks;
mod list_queue_tags;
mod list_queues;
mod pages;
mod pairs;
mod purge_queue;
mod receive_message;
mod remove_permission;
mod send_message;
mod send_message_batch;
mod sequence;
mod set_queue_attributes;
mod start_message_move_task;
mod tag_queue;
mod tags;
mod untag_queue;

use super::Sqs;
use super::error::Error;

operations! {
    Sqs:
    AddPermission => add_permission,
    CancelMessageMoveTask => cancel_message_move_task,
    ChangeMessageVisibility => change_message_visibility,
    ChangeMessageVisibilityBatch => change_message_visibility_batch [refusal],
    CreateQueue => create_queue,
    DeleteMessage => delete_message,
    DeleteMessageBatch => delete_message_batch [refusal],
    DeleteQueue => delete_queue,
    GetQueueAttributes => get_queue_attributes,
    GetQueueUrl => get_queue_url,
    ListDeadLetterSourceQueues => list_dead_letter_source_queues,
    ListMessageMoveTasks => list_message_move_tasks,
    ListQueues => list_queues,
    ListQueueTags => list_queue_tags,
    PurgeQueue => purge_queue,
    ReceiveMessage => receive_message.await,
    RemovePermission => remove_permission,
    SendMessage => send_message,
    SendMessageBatch => send_message_batch [refusal],
    SetQueueAttributes => set_queue_attributes,
    StartMessageMoveTask => start_message_move_task,
    TagQueue => tag_queue,
    UntagQueue => untag_queue,
}
