//! What one connection holds of the budget.
//!
//! A connection may hold a little that is not counted, so that ordinary requests touch nothing that connections share; the
//! number of connections bounds the sum.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::budget::{Budget, Purpose};

/// What each connection may hold for nothing.
const FREE: usize = 16 << 10;

#[derive(Debug)]
pub(super) struct Account {
    budget: Arc<Budget>,
    held: AtomicUsize,
}

impl Account {
    pub(super) const fn new(budget: Arc<Budget>) -> Self {
        Self {
            budget,
            held: AtomicUsize::new(0),
        }
    }

    /// Holds `bytes` more, if the budget has room for what is not free. They must be given back.
    #[must_use]
    pub(super) fn hold(&self, bytes: usize, purpose: Purpose) -> bool {
        let before = self.held.fetch_add(bytes, Relaxed);
        let counted = counted(before, before + bytes);
        if counted == 0 || self.budget.take(counted, purpose) {
            return true;
        }
        // Others may have come or gone meanwhile: what counts is where the sum was at each step.
        self.budget.force(counted);
        self.give_back(bytes);
        false
    }

    /// Holds `bytes` more, whether there is room or not.
    pub(super) fn force(&self, bytes: usize) {
        let before = self.held.fetch_add(bytes, Relaxed);
        match counted(before, before + bytes) {
            0 => {}
            counted => self.budget.force(counted),
        }
    }

    pub(super) fn give_back(&self, bytes: usize) {
        let before = self.held.fetch_sub(bytes, Relaxed);
        match counted(before - bytes, before) {
            0 => {}
            // Requests and answers are one account.
            counted => self.budget.give_back(counted, Purpose::Answers),
        }
    }

    /// Whether calls must not begin.
    pub(super) fn is_used_up(&self) -> bool {
        self.budget.is_used_up()
    }
}

/// The bytes between two sums that are not free.
const fn counted(from: usize, to: usize) -> usize {
    to.saturating_sub(FREE) - from.saturating_sub(FREE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_is_free_and_the_rest_counted() {
        let budget = Arc::new(Budget::new(100 << 10));
        let account = Account::new(Arc::clone(&budget));
        assert!(account.hold(FREE, Purpose::Requests));
        assert_eq!(budget.taken(), 0);
        assert!(account.hold(10, Purpose::Requests));
        assert_eq!(budget.taken(), 10);
        assert!(!account.hold(100 << 10, Purpose::Requests));
        assert_eq!(budget.taken(), 10);
        account.force(200 << 10);
        assert_eq!(budget.taken(), 10 + (200 << 10));
        account.give_back(200 << 10);
        account.give_back(FREE);
        assert_eq!(budget.taken(), 0);
        account.give_back(10);
        assert_eq!(budget.taken(), 0);
    }
}
