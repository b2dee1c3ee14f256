//! What faults do to entries of a `PutEvents`.

use super::Events;
use super::error::Error;
use crate::aws::Caller;
use crate::faults::scope::{Facts, Resource};
use crate::wire::{ErrorInfo, Speaks};

impl Events {
    /// The error of an entry for this bus, if it is to fail. Without faults it costs one load.
    pub(super) fn entry_fault(&self, caller: &Caller<'_>, bus: Option<&str>) -> Option<ErrorInfo> {
        if !self.faults.are_set() {
            return None;
        }
        // A bus goes by its name or by its ARN.
        let name = bus.and_then(|bus| bus.rsplit('/').next());
        let (service, resources) = (Self::MODEL.name, [Resource::Bus(name.unwrap_or("default"))]);
        let facts = Facts::of_call(service, caller, &resources);
        let error = self.faults.of_entry(self.now(), &facts)?;
        Some(error.info(service, &Error::known()))
    }
}
