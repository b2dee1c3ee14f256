//! Deduplication: which messages were sent to a FIFO queue lately.
//!
//! A message whose deduplication id was sent less than five minutes ago is answered as the original was, and dropped.
//! The original need not be stored any more, and a duplicate does not make the window longer (SQS developer guide,
//! "Using the message deduplication ID").

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::{DeduplicationScope, smaller_capacity};
use crate::clock::Timestamp;
use crate::ids::MessageId;

const WINDOW: Duration = Duration::from_secs(300);

/// What was sent in the last five minutes. Asking and adding cost the same for any number of messages.
#[derive(Debug)]
pub(super) struct Deduplication {
    scope: DeduplicationScope,
    /// In the order of sending; their numbers rise by one from that of the first.
    originals: VecDeque<Original>,
    first: u64,
    /// The number of the latest message sent with a key.
    latest: HashMap<Key, u64>,
}

/// A message that was accepted.
#[derive(Clone, Debug)]
pub(super) struct Original {
    pub(super) id: MessageId,
    pub(super) serial: u64,
    pub(super) sent_at: Timestamp,
    pub(super) group_id: Arc<str>,
    pub(super) deduplication_id: Arc<str>,
}

/// What two messages must have in common to be duplicates: the group counts only if it is the scope.
type Key = (Option<Arc<str>>, Arc<str>);

impl Deduplication {
    pub(super) fn new(scope: DeduplicationScope) -> Self {
        Self {
            scope,
            originals: VecDeque::new(),
            first: 0,
            latest: HashMap::new(),
        }
    }

    /// Compares over another scope from now on. Costs a walk over the window if it is really another one.
    pub(super) fn set_scope(&mut self, scope: DeduplicationScope) {
        if scope == self.scope {
            return;
        }
        self.scope = scope;
        // Of messages that were no duplicates before and are now, the latest counts: its window ends last.
        self.latest = (self.first..)
            .zip(&self.originals)
            .map(|(number, original)| (key(scope, original), number))
            .collect();
    }

    /// The message that a message with this group and id duplicates, if there is one.
    pub(super) fn find(
        &self,
        group_id: &Arc<str>,
        deduplication_id: &Arc<str>,
    ) -> Option<&Original> {
        if self.latest.is_empty() {
            return None;
        }
        let group_id = scoped(self.scope, group_id);
        let number = self.latest.get(&(group_id, deduplication_id.clone()))?;
        let index = usize::try_from(number - self.first).ok()?;
        self.originals.get(index)
    }

    /// Remembers a message that was accepted.
    pub(super) fn insert(&mut self, original: Original) {
        let number = self.first + self.originals.len() as u64;
        self.latest.insert(key(self.scope, &original), number);
        self.originals.push_back(original);
    }

    /// Forgets what was sent five minutes ago or earlier.
    pub(super) fn expire(&mut self, now: Timestamp) {
        while let Some(original) = self.originals.front()
            && original.sent_at + WINDOW <= now
        {
            let key = key(self.scope, original);
            if self.latest.get(&key) == Some(&self.first) {
                self.latest.remove(&key);
            }
            self.originals.pop_front();
            self.first += 1;
            self.shrink();
        }
    }

    /// Gives back the memory of a busier time.
    fn shrink(&mut self) {
        let len = self.originals.len();
        if let Some(capacity) = smaller_capacity(len, self.originals.capacity()) {
            self.originals.shrink_to(capacity);
        }
        if let Some(capacity) = smaller_capacity(len, self.latest.capacity()) {
            self.latest.shrink_to(capacity);
        }
    }
}

fn key(scope: DeduplicationScope, original: &Original) -> Key {
    let group_id = scoped(scope, &original.group_id);
    (group_id, original.deduplication_id.clone())
}

fn scoped(scope: DeduplicationScope, group_id: &Arc<str>) -> Option<Arc<str>> {
    (scope == DeduplicationScope::MessageGroup).then(|| group_id.clone())
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
        queue.queue.purge();
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
        let deduplication = &queue.queue.deduplication;
        assert_eq!(deduplication.originals.len(), 1);
        assert!(deduplication.originals.capacity() < 2048);
        assert!(deduplication.latest.capacity() < 2048);
    }
}
