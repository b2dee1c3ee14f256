//! The open connections: how many there may be, and which are closed first to make room.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::progress::{Order, Progress};

/// At the cap one in this many connections is told to leave, so that one search for those that have waited longest makes
/// room for many arrivals.
const SHED_PART: usize = 32;

/// The open connections. Touched when one opens or closes, never by a request.
#[derive(Debug)]
pub(super) struct Registry {
    cap: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next_serial: u64,
    connections: HashMap<u64, Entry>,
    leaving: usize,
}

#[derive(Debug)]
struct Entry {
    progress: Arc<Progress>,
    is_leaving: bool,
}

/// A connection's place among the open ones; dropped when it is closed.
#[derive(Debug)]
pub(super) struct Place {
    registry: Arc<Registry>,
    serial: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.registry.state.lock();
        let entry = state.connections.remove(&self.serial);
        if entry.is_some_and(|entry| entry.is_leaving) {
            state.leaving -= 1;
        }
    }
}

impl Registry {
    pub(super) fn new(cap: usize) -> Self {
        Self {
            cap,
            state: Mutex::default(),
        }
    }

    /// Takes a connection in; none when there is no room and no connection that could make it.
    pub(super) fn admit(self: &Arc<Self>, progress: &Arc<Progress>) -> Option<Place> {
        let mut state = self.state.lock();
        let open = state.connections.len();
        if open >= self.cap && state.leaving == 0 {
            state.shed(open / SHED_PART + 1);
        }
        // Leaving takes a moment; the allowance for it is bounded too.
        if open >= self.cap + state.leaving {
            return None;
        }
        let serial = state.next_serial;
        state.next_serial += 1;
        let entry = Entry {
            progress: Arc::clone(progress),
            is_leaving: false,
        };
        state.connections.insert(serial, entry);
        Some(Place {
            registry: Arc::clone(self),
            serial,
        })
    }

    /// Tells the connections that have waited longest to leave: the process is out of file descriptors.
    pub(super) fn make_room(&self) {
        let mut state = self.state.lock();
        let open = state.connections.len();
        state.shed(open / SHED_PART + 1);
    }

    /// Gives an order to all.
    pub(super) fn order_all(&self, order: Order) {
        for entry in self.state.lock().connections.values() {
            entry.progress.give(order);
        }
    }

    #[cfg(test)]
    fn open(&self) -> usize {
        self.state.lock().connections.len()
    }
}

impl State {
    /// Tells the `count` connections that have waited longest for their client to leave.
    fn shed(&mut self, count: usize) {
        let mut waiting: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, entry)| !entry.is_leaving)
            .filter_map(|(&serial, entry)| Some((entry.progress.waiting_since()?, serial)))
            .collect();
        if waiting.len() > count {
            waiting.select_nth_unstable(count);
            waiting.truncate(count);
        }
        for (_, serial) in waiting {
            if let Some(entry) = self.connections.get_mut(&serial) {
                entry.is_leaving = true;
                entry.progress.give(Order::Leave);
                self.leaving += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn connection(registry: &Arc<Registry>, since: Option<u64>) -> (Arc<Progress>, Option<Place>) {
        let progress = Arc::new(Progress::new(Timestamp::from_secs(0), Arc::default()));
        progress.set_waiting(since.map(Timestamp::from_secs));
        let place = registry.admit(&progress);
        (progress, place)
    }

    #[test]
    fn longest_waiting_leaves_at_the_cap() {
        let registry = Arc::new(Registry::new(4));
        let open: Vec<_> = [Some(7), None, Some(3), Some(5)]
            .map(|since| connection(&registry, since))
            .into();
        let (_, newcomer) = connection(&registry, Some(9));
        assert!(newcomer.is_some());
        let orders: Vec<_> = open.iter().map(|(progress, _)| progress.order()).collect();
        assert_eq!(
            orders,
            [Order::Stay, Order::Stay, Order::Leave, Order::Stay]
        );
        // Until that one has gone, no other is told to go, and no more come in than go.
        let (_, next) = connection(&registry, Some(9));
        assert!(next.is_none());
        drop(open);
        assert_eq!(registry.open(), 1);
        assert!(connection(&registry, Some(9)).1.is_some());
    }

    #[test]
    fn newcomer_is_refused_when_all_are_busy() {
        let registry = Arc::new(Registry::new(2));
        let _open = [None, None].map(|since| connection(&registry, since));
        assert!(connection(&registry, Some(1)).1.is_none());
    }
}
