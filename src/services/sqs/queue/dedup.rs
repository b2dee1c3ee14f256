//! Deduplication: which messages were sent to a FIFO queue lately.
//!
//! A message whose deduplication id was sent less than five minutes ago is answered as the original was, and dropped.
//! The original need not be stored any more, and a duplicate does not make the window longer (SQS developer guide,
//! "Using the message deduplication ID").

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use foldhash::{fast, quality};

use super::{DeduplicationScope, smaller_capacity};
use crate::clock::Timestamp;
use crate::ids::MessageId;

pub(super) const WINDOW: Duration = Duration::from_mins(5);

/// How many messages are forgotten in one call at most, so that the first call after a long silence does not stall.
const FORGOTTEN_AT_ONCE: usize = 1000;

/// What was sent in the last five minutes. Asking and adding cost the same for any number of messages.
#[derive(Debug)]
pub(super) struct Deduplication {
    scope: DeduplicationScope,
    /// The scope that comes next, and when.
    next_scope: Option<(Timestamp, DeduplicationScope)>,
    /// In the order of sending. Some may be past the window.
    originals: Originals,
    /// The number of the latest message sent with a key, by the key's hash: a table of numbers is small, and fast to
    /// move when it grows. That two keys in one window have the same 64 bits need not be feared; if they had, only the
    /// later one's duplicates would be found.
    latest: HashMap<u64, u64, fast::RandomState>,
    hasher: quality::RandomState,
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
            next_scope: None,
            originals: Originals::default(),
            latest: HashMap::default(),
            hasher: quality::RandomState::default(),
        }
    }

    /// Compares over another scope from `moment` on, if it is really another one. Should that be the one that comes next
    /// already, it comes when it would have come.
    pub(super) fn change_scope(&mut self, scope: DeduplicationScope, moment: Timestamp) {
        match self.next_scope {
            Some((_, next)) if next == scope => {}
            _ => self.next_scope = (scope != self.scope).then_some((moment, scope)),
        }
    }

    /// The same without what was sent.
    pub(super) fn emptied(&self) -> Self {
        Self {
            next_scope: self.next_scope,
            ..Self::new(self.scope)
        }
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
        let original = self.originals.get(*number)?;
        (original.is_remembered(now) && self.key_of(original) == key).then_some(original)
    }

    /// Remembers a message that was accepted.
    pub(super) fn insert(&mut self, original: Original) {
        let hash = self.hash(&original);
        self.latest.insert(hash, self.originals.push(original));
    }

    /// Forgets what was sent five minutes ago or earlier, and brings into force a scope whose moment has come.
    pub(super) fn expire(&mut self, now: Timestamp) {
        if let Some((_, scope)) = self.next_scope.take_if(|(moment, _)| *moment <= now) {
            self.set_scope(scope);
        }
        for _ in 0..FORGOTTEN_AT_ONCE {
            let Some((number, original)) = self.originals.first() else {
                return;
            };
            if original.is_remembered(now) {
                return;
            }
            let hash = self.hash(original);
            if self.latest.get(&hash) == Some(&number) {
                self.latest.remove(&hash);
            }
            self.originals.forget_first();
            self.shrink();
        }
    }

    /// When the next thing ends: a message's five minutes, or the scope's time.
    pub(super) fn next_end(&self) -> Option<Timestamp> {
        let first = self.originals.first();
        let forgotten_at = first.map(|(_, original)| original.sent_at + WINDOW);
        let changed_at = self.next_scope.map(|(moment, _)| moment);
        forgotten_at.into_iter().chain(changed_at).min()
    }

    /// How many messages are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.originals.len()
    }

    /// Costs a walk over the window.
    fn set_scope(&mut self, scope: DeduplicationScope) {
        self.scope = scope;
        // Of messages that were no duplicates before and are now, the latest counts: its window ends last.
        let originals = self.originals.iter();
        self.latest = originals
            .map(|(number, original)| (self.hash(original), number))
            .collect();
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

/// Messages that were accepted, by their numbers: each has the number after that of the message before it.
///
/// In chunks of [`CHUNK`], so that it grows and shrinks without being moved.
#[derive(Debug, Default)]
struct Originals {
    /// Chunks that are full.
    earlier: VecDeque<Vec<Original>>,
    latest: Vec<Original>,
    /// The number of the first message in the first chunk.
    base: u64,
    /// The number of the first message that is not forgotten; those before it go with their chunk.
    first: u64,
    next: u64,
}

const CHUNK: u64 = 64;

impl Originals {
    /// Adds a message, and returns its number.
    fn push(&mut self, original: Original) -> u64 {
        if self.latest.len() as u64 == CHUNK {
            self.earlier.push_back(std::mem::take(&mut self.latest));
        }
        self.latest.push(original);
        self.next += 1;
        self.next - 1
    }

    fn get(&self, number: u64) -> Option<&Original> {
        let place = number.checked_sub(self.base)?;
        let chunk = usize::try_from(place / CHUNK).ok()?;
        let chunk = self.earlier.get(chunk).unwrap_or(&self.latest);
        let original = chunk.get((place % CHUNK) as usize)?;
        (self.first..self.next)
            .contains(&number)
            .then_some(original)
    }

    fn first(&self) -> Option<(u64, &Original)> {
        Some((self.first, self.get(self.first)?))
    }

    fn forget_first(&mut self) {
        self.first += 1;
        if self.first == self.next {
            (self.earlier, self.latest) = (VecDeque::new(), Vec::new());
            self.base = self.next;
        } else if self.first - self.base == CHUNK {
            self.earlier.pop_front();
            self.base = self.first;
            if let Some(capacity) = smaller_capacity(self.earlier.len(), self.earlier.capacity()) {
                self.earlier.shrink_to(capacity);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (u64, &Original)> {
        (self.first..self.next).filter_map(|number| Some((number, self.get(number)?)))
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.iter().count()
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
    fn new_scope_may_come_into_force_later() {
        let mut queue = fifo().with(|settings| settings.deduplication_scope_delay = 60);
        let (group, whole) = (DeduplicationScope::MessageGroup, DeduplicationScope::Queue);
        queue.send_as(at(0), "g1-m1", "old");
        queue.set(at(1), |settings| settings.deduplication_scope = group);
        queue.send_as(at(2), "g1-m1", "new");
        for (moment, is_duplicate) in [(at(60), true), (at(61), false)] {
            for id in ["old", "new"] {
                let sent = queue.send_as(moment, "g2-m1", id);
                assert_eq!(sent.is_duplicate, is_duplicate, "{id}");
            }
        }
        queue.set(at(100), |settings| settings.deduplication_scope = whole);
        assert!(!queue.send_as(at(159), "g3-m1", "new").is_duplicate);
        assert!(queue.send_as(at(160), "g4-m1", "new").is_duplicate);
    }

    #[test]
    fn scope_that_is_taken_back_before_it_comes_into_force_changes_nothing() {
        let mut queue = fifo().with(|settings| settings.deduplication_scope_delay = 60);
        let (group, whole) = (DeduplicationScope::MessageGroup, DeduplicationScope::Queue);
        queue.set(at(0), |settings| settings.deduplication_scope = group);
        queue.set(at(10), |settings| settings.deduplication_scope = whole);
        queue.send_as(at(100), "g1-m1", "same");
        assert!(queue.send_as(at(101), "g2-m1", "same").is_duplicate);
    }

    #[test]
    fn other_changes_and_a_purge_do_not_put_a_new_scope_off() {
        let mut queue = fifo().with(|settings| settings.deduplication_scope_delay = 60);
        let group = DeduplicationScope::MessageGroup;
        queue.set(at(0), |settings| settings.deduplication_scope = group);
        queue.set(at(30), |settings| settings.visibility_timeout = 5);
        queue.purge(at(40));
        queue.send_as(at(50), "g1-m1", "same");
        assert!(queue.send_as(at(59), "g2-m1", "same").is_duplicate);
        assert!(!queue.send_as(at(60), "g2-m1", "same").is_duplicate);
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
