//! The actions of SNS: one file each, named after the action, and their list.
//!
//! An action is its input, its output and `call`. To add one: its file, its `mod` line and its entry in the list below.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch hands each action its input"
)]

mod confirm_subscription;
mod create_topic;
mod get_subscription_attributes;
mod list_subscriptions;
mod list_subscriptions_by_topic;
mod list_topics;
mod listing;
mod pages;
mod required;
mod set_subscription_attributes;
mod subscribe;
mod unsubscribe;

use super::Sns;
use super::error::Error;
use crate::operations::operations;
use crate::wire::{Answer, Call};

operations! {
    Sns:
    ConfirmSubscription => confirm_subscription,
    CreateTopic => create_topic,
    GetSubscriptionAttributes => get_subscription_attributes,
    ListSubscriptions => list_subscriptions,
    ListSubscriptionsByTopic => list_subscriptions_by_topic,
    ListTopics => list_topics,
    SetSubscriptionAttributes => set_subscription_attributes,
    Subscribe => subscribe,
    Unsubscribe => unsubscribe,
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
