//! All services with their state, as one value that a reset replaces.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use crate::init::{self, Init};
use crate::services::Services;

/// The services, and what a reset needs to make them again.
#[derive(Debug)]
pub(super) struct World {
    services: ArcSwap<Services>,
    init: Init,
    /// The start of URLs in initial resources.
    endpoint: String,
    /// Held by a reset.
    resetting: Mutex<()>,
    /// Whether a reset is under way: calls wait for its end.
    is_resetting: AtomicBool,
    is_stopping: AtomicBool,
}

impl World {
    /// A world of `services`, in which all initial resources exist.
    pub(super) async fn new(services: Services, init: Init, endpoint: String) -> io::Result<Self> {
        init::start(&services, &init, services.home(), &endpoint).await?;
        Ok(Self {
            services: ArcSwap::from_pointee(services),
            init,
            endpoint,
            resetting: Mutex::default(),
            is_resetting: AtomicBool::new(false),
            is_stopping: AtomicBool::new(false),
        })
    }

    /// The services of now, for a call. It waits while a reset is under way: an endpoint may answer a request that it owes
    /// to a subscription among the initial resources, such as by confirming it.
    pub(super) async fn for_call(&self) -> arc_swap::Guard<Arc<Services>> {
        if self.is_resetting.load(Ordering::Acquire) {
            drop(self.resetting.lock().await);
        }
        self.services.load()
    }

    /// The services of now.
    pub(super) fn services(&self) -> Arc<Services> {
        self.services.load_full()
    }

    /// Forgets everything that the services hold, and creates the initial resources again, from their files as they are
    /// now. Calls that wait are answered as empty; the time stays as it is, and faults are what they were at the start. If a
    /// resource cannot be created, nothing is forgotten.
    pub(super) async fn reset(&self) -> io::Result<()> {
        let _one = self.resetting.lock().await;
        let _closed = Closed::of(&self.is_resetting);
        let new = Arc::new(self.services().emptied());
        init::start(&new, &self.init, new.home(), &self.endpoint).await?;
        let old = self.services.swap(new.clone());
        new.faults().reset();
        if self.is_stopping.load(Ordering::SeqCst) {
            new.stop_waiting();
        }
        old.stop_waiting();
        old.stop().await;
        Ok(())
    }

    /// Answers all waiting calls as empty, and lets none wait from now on.
    pub(super) fn stop_waiting(&self) {
        // Before the services are read: so a reset at this moment sees it, or its services are those that are read.
        self.is_stopping.store(true, Ordering::SeqCst);
        self.services().stop_waiting();
    }
}

/// True until it is dropped, also with a reset whose client has hung up.
struct Closed<'a>(&'a AtomicBool);

impl<'a> Closed<'a> {
    fn of(flag: &'a AtomicBool) -> Self {
        flag.store(true, Ordering::Release);
        Self(flag)
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::Agenda;
    use crate::aws::Home;
    use crate::budget::Budget;
    use crate::clock::SystemClock;
    use crate::ids::Ids;
    use crate::services::Settings;

    #[tokio::test]
    async fn nothing_holds_the_services_that_a_reset_has_replaced() {
        let agenda = Arc::new(Agenda::new(Arc::new(SystemClock::new())));
        let ids = Arc::new(Ids::from_entropy());
        let budget = Arc::new(Budget::default());
        let services = Services::new(agenda, ids, Home::default(), budget, Settings::default());
        let world = World::new(services, Init::default(), String::new()).await;
        let world = world.expect("there is nothing to create");
        let old = Arc::downgrade(&world.services());
        world.reset().await.expect("there is nothing to create");
        assert!(old.upgrade().is_none());
        let again = world.for_call().await;
        assert!(Arc::ptr_eq(&again, &world.services()));
    }
}
