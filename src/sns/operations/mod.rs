//! The actions of SNS: one file each, named after the action, and their list.
//!
//! An action is its input, its output and `call`. To add one: its file, its `mod` line and its entry in the list below.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch hands each action its input"
)]

mod list_topics;
mod pages;
mod subscribe;
mod unsubscribe;

use super::Sns;
use super::error::Error;
use crate::operations::operations;
use crate::wire::{Answer, Call};

operations! {
    Sns:
    ListTopics => list_topics,
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
