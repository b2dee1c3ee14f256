//! Deduplication: which messages were sent to a FIFO queue lately.
//!
//! A message whose deduplication id was sent less than five minutes ago is answered as the original was, and dropped.
//! The original need not be stored any more, and a duplicate does not make the window longer (SQS developer guide,
//! "Using the message deduplication ID").

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use super::{DeduplicationScope, smaller_capacity};
use crate::clock::Timestamp;
use crate::ids::MessageId;

const WINDOW: Duration = Duration::from_mins(5);

/// How many messages are forgotten in one call at most, so that the first call after a long silence does not stall.
const FORGOTTEN_AT_ONCE: usize = 1000;

/// What was sent in the last five minutes. Asking and adding cost the same for any number of messages.
#[derive(Debug)]
pub(super) struct Deduplication {
    scope: DeduplicationScope,
    /// By number, in the order of sending. Some may be past the window. A tree grows and shrinks without being moved.
    originals: BTreeMap<u64, Original>,
    next_number: u64,
    /// The number of the latest message sent with a key, by the key's hash: a table of numbers is small, and fast to
    /// move when it grows. That two keys in one window have the same 64 bits need not be feared; if they had, only the
    /// later one's duplicates would be found.
    latest: HashMap<u64, u64>,
    hasher: RandomState,
}

/// A message that was accepted.
#[derive(Debug)]
pub(super) struct Original {
    pub(super) id: MessageId,
    pub(super) serial: u64,
    pub(super) sent_at: Timestamp,
    pub(super) group_id: Arc<str>,
    pub(super) deduplication_id: Arc<str>,
}

impl Deduplication {
    pub(super) fn new(scope: DeduplicationScope) -> Self {
        Self {
            scope,
            originals: BTreeMap::new(),
            next_number: 0,
            latest: HashMap::new(),
            hasher: RandomState::new(),
        }
    }

    /// Compares over another scope from now on. Costs a walk over the window if it is really another one.
    pub(super) fn set_scope(&mut self, scope: DeduplicationScope) {
        if scope == self.scope {
            return;
        }
        self.scope = scope;
        // Of messages that were no duplicates before and are now, the latest counts: its window ends last.
        let originals = self.originals.iter();
        self.latest = originals
            .map(|(&number, original)| (self.hash(original), number))
            .collect();
    }

    /// The message that a message with this group and id duplicates, if there is one.
    pub(super) fn find(
        &self,
        now: Timestamp,
        group_id: &str,
        deduplication_id: &str,
    ) -> Option<&Original> {
        if self.latest.is_empty() {
            return None;
        }
        let key = self.key(group_id, deduplication_id);
        let number = self.latest.get(&self.hasher.hash_one(key))?;
        let original = self.originals.get(number)?;
        (original.is_remembered(now) && self.key_of(original) == key).then_some(original)
    }

    /// Remembers a message that was accepted.
    pub(super) fn insert(&mut self, original: Original) {
        self.latest.insert(self.hash(&original), self.next_number);
        self.originals.insert(self.next_number, original);
        self.next_number += 1;
    }

    /// Forgets what was sent five minutes ago or earlier.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for _ in 0..FORGOTTEN_AT_ONCE {
            let Some((&number, original)) = self.originals.first_key_value() else {
                return;
            };
            if original.is_remembered(now) {
                return;
            }
            let hash = self.hash(original);
            if self.latest.get(&hash) == Some(&number) {
                self.latest.remove(&hash);
            }
            self.originals.pop_first();
            self.shrink();
        }
    }

    /// Gives back the memory of a busier time.
    fn shrink(&mut self) {
        if let Some(capacity) = smaller_capacity(self.latest.len(), self.latest.capacity()) {
            self.latest.shrink_to(capacity);
        }
    }

    fn hash(&self, original: &Original) -> u64 {
        self.hasher.hash_one(self.key_of(original))
    }

    fn key_of<'a>(&self, original: &'a Original) -> Key<'a> {
        self.key(&original.group_id, &original.deduplication_id)
    }

    fn key<'a>(&self, group_id: &'a str, deduplication_id: &'a str) -> Key<'a> {
        match self.scope {
            DeduplicationScope::Queue => (None, deduplication_id),
            DeduplicationScope::MessageGroup => (Some(group_id), deduplication_id),
        }
    }
}

/// What two messages must have in common to be duplicates: the group counts only if it is the scope.
type Key<'a> = (Option<&'a str>, &'a str);

impl Original {
    fn is_remembered(&self, now: Timestamp) -> bool {
        self.sent_at + WINDOW > now
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, fifo};
    use super::*;

    #[test]
    fn duplicate_is_answered_as_the_original_and_dropped() {
        let mut queue = fifo();
        let original = queue.send_as(at(0), "g1-m1", "same");
        let duplicate = queue.send_as(at(299), "g1-m2", "same");
        assert!(duplicate.is_duplicate);
        assert_eq!(duplicate.id, original.id);
        assert_eq!(duplicate.sequence_number, original.sequence_number);
        assert_eq!(queue.receive(at(299), 10), "g1-m1");
    }

    #[test]
    fn window_is_five_minutes_from_the_first_send() {
        let mut queue = fifo();
        assert!(!queue.send_as(at(0), "g1-m1", "same").is_duplicate);
        assert!(queue.send_as(at(200), "g1-m2", "same").is_duplicate);
        assert!(!queue.send_as(at(300), "g1-m3", "same").is_duplicate);
        assert!(queue.send_as(at(599), "g1-m4", "same").is_duplicate);
    }

    #[test]
    fn window_survives_the_original() {
        let mut queue = fifo();
        queue.send_as(at(0), "g1-m1", "same");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        queue.delete(at(2), "g1-m1").expect("deleted");
        assert!(queue.send_as(at(3), "g1-m2", "same").is_duplicate);
    }

    #[test]
    fn purge_forgets_what_was_sent() {
        let mut queue = fifo();
        queue.send_as(at(0), "g1-m1", "same");
        queue.purge(at(1));
        assert!(!queue.send_as(at(1), "g1-m1", "same").is_duplicate);
    }

    #[test]
    fn groups_share_ids_unless_they_are_the_scope() {
        let mut queue = fifo();
        queue.send_as(at(0), "g1-m1", "same");
        assert!(queue.send_as(at(1), "g2-m1", "same").is_duplicate);
        let scope = DeduplicationScope::MessageGroup;
        let mut queue = fifo().with(|settings| settings.deduplication_scope = scope);
        queue.send_as(at(0), "g1-m1", "same");
        assert!(!queue.send_as(at(1), "g2-m1", "same").is_duplicate);
        assert!(queue.send_as(at(2), "g2-m2", "same").is_duplicate);
    }

    #[test]
    fn new_scope_counts_for_what_was_sent_before() {
        let mut queue = fifo();
        queue.send_as(at(0), "g1-m1", "same");
        queue.set(at(1), |settings| {
            settings.deduplication_scope = DeduplicationScope::MessageGroup;
        });
        assert!(queue.send_as(at(2), "g1-m2", "same").is_duplicate);
        assert!(!queue.send_as(at(100), "g2-m1", "same").is_duplicate);
        queue.set(at(101), |settings| {
            settings.deduplication_scope = DeduplicationScope::Queue;
        });
        assert!(queue.send_as(at(399), "g3-m1", "same").is_duplicate);
        assert!(!queue.send_as(at(400), "g3-m1", "same").is_duplicate);
    }

    #[test]
    fn memory_of_a_busy_time_is_given_back() {
        let mut queue = fifo();
        for number in 0..10_000 {
            queue.send_as(at(0), "g1-m1", &number.to_string());
        }
        queue.send_as(at(300), "g1-m1", "last");
        for _ in 0..10 {
            queue.counts(at(300));
        }
        let deduplication = &queue.queue.deduplication;
        assert_eq!(deduplication.originals.len(), 1);
        assert!(deduplication.latest.capacity() < 2048);
    }
}
