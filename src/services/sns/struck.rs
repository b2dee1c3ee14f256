//! What faults do to messages and to entries of a batch.

use super::Sns;
use super::error::Error;
use super::hosted_topic::Topic;
use crate::aws::Caller;
use crate::faults::scope::{Facts, Resource};
use crate::wire::{ErrorInfo, Speaks};

impl Sns {
    /// The error of a batch's entry, if it is to fail. Without faults it costs one load.
    pub(super) fn entry_fault(&self, caller: &Caller<'_>, topic: &Topic) -> Option<ErrorInfo> {
        if !self.faults.are_set() {
            return None;
        }
        let resources = [resource(topic)];
        let facts = Facts::of_call(Self::MODEL.name, caller, &resources);
        let error = self.faults.of_entry(self.now(), &facts)?;
        Some(error.info(Self::MODEL.name, &Error::known()))
    }

    /// Whether all subscribers get a message twice. Without faults it costs one load.
    pub(super) fn is_doubled(&self, caller: &Caller<'_>, topic: &Topic) -> bool {
        if !self.faults.are_set() {
            return false;
        }
        let resources = [resource(topic)];
        let facts = Facts::of_call(Self::MODEL.name, caller, &resources);
        self.faults.doubles(self.now(), &facts)
    }
}

fn resource(topic: &Topic) -> Resource<'_> {
    Resource::Topic(topic.arn.rsplit(':').next().unwrap_or_default())
}
