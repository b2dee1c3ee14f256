//! The budget of memory: how many bytes others can make the server hold for them.
//!
//! What services store is their clients' wish and has no bound here. This bounds what is held because somebody is slow or
//! gone: requests that are not whole, answers that nobody takes, messages for endpoints that do not answer. All of them
//! count against one number of bytes, as [`Budget::take`] says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// The default budget in bytes.
pub const DEFAULT_BYTES: usize = 256 << 20;

/// What bytes are held for. The budget leaves a part for the more urgent ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Messages on their way to HTTP endpoints: half of the budget at most.
    Deliveries,
    /// Requests that are being read or answered: as long as a quarter is left.
    Requests,
    /// Answers that are not yet taken.
    Answers,
}

/// The budget.
#[derive(Debug)]
pub struct Budget {
    size: i64,
    /// Below zero after [`Budget::force`].
    free: AtomicI64,
    deliveries: AtomicI64,
}

/// Bytes that are held; given back when dropped.
#[derive(Debug)]
pub struct Held {
    budget: Arc<Budget>,
    bytes: usize,
    purpose: Purpose,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes, self.purpose);
    }
}

impl Budget {
    /// A budget of `bytes`, none of them taken.
    pub fn new(bytes: usize) -> Self {
        let size = count(bytes);
        Self {
            size,
            free: AtomicI64::new(size),
            deliveries: AtomicI64::new(0),
        }
    }

    /// Takes `bytes` if there are as many left for `purpose`. They must be given back.
    #[must_use]
    pub fn take(&self, bytes: usize, purpose: Purpose) -> bool {
        let bytes = count(bytes);
        if purpose == Purpose::Deliveries
            && self.deliveries.fetch_add(bytes, Relaxed) + bytes > self.size / 2
        {
            self.deliveries.fetch_sub(bytes, Relaxed);
            return false;
        }
        let left = match purpose {
            Purpose::Deliveries | Purpose::Requests => self.size / 4,
            Purpose::Answers => 0,
        };
        let taken = self
            .free
            .fetch_update(Relaxed, Relaxed, |free| {
                (free - bytes >= left).then(|| free - bytes)
            })
            .is_ok();
        if !taken && purpose == Purpose::Deliveries {
            self.deliveries.fetch_sub(bytes, Relaxed);
        }
        taken
    }

    /// Takes `bytes` if there are as many left for `purpose`, until what is returned is dropped.
    pub fn hold(self: &Arc<Self>, bytes: usize, purpose: Purpose) -> Option<Held> {
        self.take(bytes, purpose).then(|| Held {
            budget: Arc::clone(self),
            bytes,
            purpose,
        })
    }

    /// Takes `bytes` whether there are as many or not: they are held already.
    pub fn force(&self, bytes: usize) {
        self.free.fetch_sub(count(bytes), Relaxed);
    }

    /// Gives back bytes that were taken for `purpose`.
    pub fn give_back(&self, bytes: usize, purpose: Purpose) {
        let bytes = count(bytes);
        if purpose == Purpose::Deliveries {
            self.deliveries.fetch_sub(bytes, Relaxed);
        }
        self.free.fetch_add(bytes, Relaxed);
    }

    /// Whether so little is left that calls must not begin: their answers might find no room.
    pub fn is_used_up(&self) -> bool {
        self.free.load(Relaxed) < self.size / 64
    }

    /// The bytes that are taken.
    pub fn taken(&self) -> i64 {
        self.size - self.free.load(Relaxed)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(DEFAULT_BYTES)
    }
}

fn count(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgent_purposes_find_room_when_others_are_refused() {
        let budget = Budget::new(1000);
        assert!(!budget.take(501, Purpose::Deliveries));
        assert!(budget.take(500, Purpose::Deliveries));
        assert!(!budget.take(1, Purpose::Deliveries));
        assert!(!budget.take(251, Purpose::Requests));
        assert!(budget.take(250, Purpose::Requests));
        assert!(!budget.take(1, Purpose::Requests));
        assert!(!budget.is_used_up());
        assert!(!budget.take(251, Purpose::Answers));
        assert!(budget.take(240, Purpose::Answers));
        assert!(budget.is_used_up());
        budget.force(20);
        assert_eq!(budget.taken(), 1010);
        budget.give_back(500, Purpose::Deliveries);
        budget.give_back(250, Purpose::Requests);
        budget.give_back(260, Purpose::Answers);
        assert_eq!(budget.taken(), 0);
        assert!(budget.take(500, Purpose::Deliveries));
    }
}
