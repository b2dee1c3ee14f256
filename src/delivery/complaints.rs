//! Log lines by cause, not by message: a subscription to a queue that is gone fails as often as there are messages.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use crate::clock::{Clock, SystemClock, Timestamp};

/// How often at most the log says the same again.
const INTERVAL: Duration = Duration::from_mins(1);

/// How many causes are told apart. Further ones share a line.
const CAUSES: usize = 65_536;

/// What was said, and when, by cause.
#[derive(Debug)]
pub(crate) struct Complaints<K> {
    said: HashMap<K, Said>,
    others: Said,
}

#[derive(Clone, Copy, Debug, Default)]
struct Said {
    at: Option<Timestamp>,
    unmentioned: u64,
}

impl<K> Default for Complaints<K> {
    fn default() -> Self {
        Self {
            said: HashMap::new(),
            others: Said::default(),
        }
    }
}

impl<K: Eq + Hash> Complaints<K> {
    /// Counts an event. If it is time for a line, the first time and then at intervals: how many events the line is for.
    pub(crate) fn count(&mut self, now: Timestamp, cause: K) -> Option<u64> {
        if self.said.len() >= CAUSES && !self.said.contains_key(&cause) {
            self.said.retain(|_, said| said.is_recent(now));
            if self.said.len() >= CAUSES {
                return self.others.count(now);
            }
        }
        self.said.entry(cause).or_default().count(now)
    }
}

impl Said {
    fn is_recent(self, now: Timestamp) -> bool {
        self.at.is_some_and(|at| now.since(at) < INTERVAL)
    }

    fn count(&mut self, now: Timestamp) -> Option<u64> {
        self.unmentioned += 1;
        if self.is_recent(now) {
            return None;
        }
        self.at = Some(now);
        Some(std::mem::take(&mut self.unmentioned))
    }
}

/// The complaints of all services, each about a resource. Their intervals go by the machine's time, as the log does.
pub(crate) struct SharedComplaints {
    clock: Arc<dyn Clock>,
    complaints: Mutex<Complaints<(Arc<str>, u64)>>,
}

impl SharedComplaints {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            complaints: Mutex::default(),
        }
    }

    /// [`Complaints::count`], of something that happens to a resource; `cause` tells apart what can happen to one.
    pub(crate) fn count(&self, resource: &Arc<str>, cause: u64) -> Option<u64> {
        let now = self.clock.now();
        self.complaints.lock().count(now, (resource.clone(), cause))
    }
}

impl Default for SharedComplaints {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock::new()))
    }
}

impl fmt::Debug for SharedComplaints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedComplaints").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    #[test]
    fn a_cause_is_named_at_once_and_then_once_a_minute_with_a_count() {
        let mut complaints = Complaints::default();
        assert_eq!(complaints.count(at(0), "a"), Some(1));
        assert_eq!(complaints.count(at(1), "a"), None);
        assert_eq!(complaints.count(at(1), "b"), Some(1));
        assert_eq!(complaints.count(at(59), "a"), None);
        assert_eq!(complaints.count(at(60), "a"), Some(3));
        assert_eq!(complaints.count(at(61), "a"), None);
    }

    #[test]
    fn causes_beyond_the_bound_share_a_line() {
        let mut complaints = Complaints::default();
        for cause in 0..CAUSES {
            assert_eq!(complaints.count(at(0), cause), Some(1));
        }
        assert_eq!(complaints.count(at(1), CAUSES), Some(1));
        assert_eq!(complaints.count(at(2), CAUSES + 1), None);
        assert_eq!(complaints.count(at(2), 0), None);
        // What was said long ago makes room.
        assert_eq!(complaints.count(at(60), CAUSES + 2), Some(1));
        assert_eq!(complaints.said.len(), 1);
    }
}
