//! What faults do to entries of a batch.

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
        let name = topic.arn.rsplit(':').next().unwrap_or_default();
        let (service, resources) = (Self::MODEL.name, [Resource::Topic(name)]);
        let facts = Facts::of_call(service, caller, &resources);
        let error = self.faults.of_entry(self.now(), &facts)?;
        Some(error.info(service, &Error::known()))
    }
}
