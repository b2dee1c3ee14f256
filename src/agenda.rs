//! The moments at which something happens without a call: a hidden message becomes visible to a waiting receive, a
//! move task moves its next messages.
//!
//! One task for the whole service sleeps until the earliest of them. A queue sets an alarm only while somebody waits at
//! it, so an idle server wakes for nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use tokio::sync::Notify;

use crate::clock::{Clock, Timestamp};
use crate::sync::Mutex;

/// What an alarm wakes.
pub(crate) trait Sleeper: Send + Sync {
    /// The alarm's moment has come. Must not block.
    fn wake(self: Arc<Self>, now: Timestamp);
}

/// The alarms that are set, by moment.
#[derive(Default)]
pub(crate) struct Agenda {
    set: Mutex<Set>,
    is_earlier: Notify,
}

#[derive(Default)]
struct Set {
    next_serial: u64,
    by_moment: BTreeMap<(Timestamp, u64), Weak<dyn Sleeper>>,
}

impl Agenda {
    /// Wakes `sleeper` at `moment`, once. A sleeper that is gone by then is forgotten.
    pub(crate) fn set(&self, moment: Timestamp, sleeper: Weak<dyn Sleeper>) {
        let mut set = self.set.lock();
        let serial = set.next_serial;
        set.next_serial += 1;
        set.by_moment.insert((moment, serial), sleeper);
        let is_earliest = set
            .by_moment
            .first_key_value()
            .is_some_and(|(&(_, first), _)| first == serial);
        drop(set);
        if is_earliest {
            self.is_earlier.notify_one();
        }
    }

    /// Wakes every sleeper at its moment, for ever.
    pub(crate) async fn run(&self, clock: &dyn Clock) {
        loop {
            let earliest = self
                .set
                .lock()
                .by_moment
                .first_key_value()
                .map(|(&(moment, _), _)| moment);
            match earliest {
                None => self.is_earlier.notified().await,
                Some(moment) => tokio::select! {
                    () = clock.sleep_until(moment) => self.wake_due(clock.now()).await,
                    () = self.is_earlier.notified() => {}
                },
            }
        }
    }

    async fn wake_due(&self, now: Timestamp) {
        while let Some(sleeper) = self.take_due(now) {
            if let Some(sleeper) = sleeper.upgrade() {
                sleeper.wake(now);
            }
            // Many may fall due at once, and a move task sets its next alarm at once: let requests pass in between.
            tokio::task::yield_now().await;
        }
    }

    fn take_due(&self, now: Timestamp) -> Option<Weak<dyn Sleeper>> {
        let mut set = self.set.lock();
        let first = set.by_moment.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }
}

impl std::fmt::Debug for Agenda {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agenda").finish_non_exhaustive()
    }
}
