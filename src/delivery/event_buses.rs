//! Event buses, for services that keep rules of their own on them.

use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

/// A rule that a service keeps on a bus, and that nobody else changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ManagedRule<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: &'static str,
    pub(crate) pattern: &'static str,
    /// The ARN of its one target.
    pub(crate) target: &'a str,
    /// The service's principal.
    pub(crate) managed_by: &'static str,
}

/// The service that has buses.
pub(crate) trait EventBuses: fmt::Debug + Send + Sync {
    /// Keeps a rule on the bus with this ARN. Returns whether there is such a bus.
    fn keep_rule(&self, bus: &str, rule: &ManagedRule<'_>) -> bool;

    /// Takes the rule of this name, which is managed by this principal, from a bus.
    fn drop_rule(&self, bus: &str, name: &str, managed_by: &str);
}

/// Leads to the service that has buses.
#[derive(Debug, Default)]
pub(crate) struct BusService(OnceLock<Weak<dyn EventBuses>>);

impl BusService {
    /// Says which service it is. The first one stays.
    pub(crate) fn register(&self, service: Weak<dyn EventBuses>) {
        self.0.get_or_init(|| service);
    }

    pub(crate) fn get(&self) -> Option<Arc<dyn EventBuses>> {
        self.0.get()?.upgrade()
    }
}
