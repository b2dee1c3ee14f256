//! Who listens to what arrives at event buses. Listeners are told and cannot refuse.

use std::fmt;
use std::sync::Weak;

use parking_lot::RwLock;

use crate::aws::{AccountId, Region};

/// An event at a bus.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard<'a> {
    /// The bus's account.
    pub(crate) account: AccountId,
    /// The bus's region.
    pub(crate) region: Region,
    /// The bus's name.
    pub(crate) bus: &'a str,
    /// The event in its envelope.
    pub(crate) event: &'a str,
}

/// Who wants to know what arrives.
pub(crate) trait Listener: fmt::Debug + Send + Sync {
    /// Tells of an event.
    fn hear(&self, heard: Heard<'_>);
}

/// All listeners.
#[derive(Debug, Default)]
pub(crate) struct Listeners(RwLock<Vec<Weak<dyn Listener>>>);

impl Listeners {
    /// Adds a listener, for as long as it lives.
    pub(crate) fn add(&self, listener: Weak<dyn Listener>) {
        self.0.write().push(listener);
    }

    /// Tells all of them of an event.
    pub(crate) fn tell(&self, heard: Heard<'_>) {
        for listener in &*self.0.read() {
            if let Some(listener) = listener.upgrade() {
                listener.hear(heard);
            }
        }
    }
}
