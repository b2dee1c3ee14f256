//! The actions of SNS: one file each, named after the action, and their list.
//!
//! An action is its input, its output and `call`. To add one: its file, its `mod` line and its entry in the list below.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch hands each action its input"
)]

mod add_permission;
mod create_topic;
mod data_protection;
mod delete_topic;
mod get_data_protection_policy;
mod get_topic_attributes;
mod list_tags_for_resource;
mod list_topics;
mod pages;
mod publish;
mod publish_batch;
mod put_data_protection_policy;
mod remove_permission;
mod required;
mod set_topic_attributes;
mod subscribe;
mod tag_resource;
mod tags;
mod unsubscribe;
mod untag_resource;

use super::Sns;
use super::error::Error;
use crate::operations::operations;
use crate::wire::{Answer, Call};

operations! {
    Sns:
    AddPermission => add_permission,
    CreateTopic => create_topic,
    DeleteTopic => delete_topic,
    GetDataProtectionPolicy => get_data_protection_policy,
    GetTopicAttributes => get_topic_attributes,
    ListTagsForResource => list_tags_for_resource,
    ListTopics => list_topics,
    Publish => publish,
    PublishBatch => publish_batch,
    PutDataProtectionPolicy => put_data_protection_policy,
    RemovePermission => remove_permission,
    SetTopicAttributes => set_topic_attributes,
    Subscribe => subscribe,
    TagResource => tag_resource,
    Unsubscribe => unsubscribe,
    UntagResource => untag_resource,
}

impl Sns {
    /// Answers a call.
    pub async fn answer(&self, call: &Call<'_>) -> Answer {
        match self.dispatch(call).await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => call.refuse(&error.info()),
            None => {
                let version = call.parameter("Version").unwrap_or("NO_VERSION_SPECIFIED");
                let error = Error::UnknownOperation {
                    action: call.operation.to_string(),
                    version: version.to_owned(),
                };
                call.refuse_unserved(&error.info())
            }
        }
    }
}
