//! What a FIFO topic remembers of its messages.

use std::sync::Arc;

use super::archive::Archive;
use super::deduplication::{Deduplication, Original, ThroughputScope};
use super::message::Message;
use super::subscriber::Subscriber;
use crate::aws::message::SequenceNumber;
use crate::clock::Timestamp;

/// A FIFO topic's memory: the deduplication ids of the last minutes, the last sequence number and the archive.
///
/// Time never runs backwards here: a caller that read the clock before it waited for the lock acts at the latest moment
/// that the topic has seen.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    latest: Timestamp,
    last_serial: u64,
    deduplication: Deduplication,
    archive: Archive,
}

/// What became of a message that was published to a FIFO topic.
#[derive(Clone, Debug)]
pub(crate) enum Accepted {
    /// It is new: the message as it is delivered, with its sequence number.
    New(Arc<Message>),
    /// It repeats a message, and is not delivered: its publisher is answered with the ids of the original.
    Duplicate(Original),
}

impl Memory {
    /// Accepts a message at the time at which it says that it was published.
    pub(crate) fn accept(&mut self, scope: ThroughputScope, mut message: Message) -> Accepted {
        let now = self.advance(message.published_at);
        if let Some(original) = self.deduplication.original_of(now, scope, &message) {
            return Accepted::Duplicate(original);
        }
        self.last_serial += 1;
        let sequence_number = sequence_number(self.last_serial);
        self.deduplication
            .remember(now, scope, &message, sequence_number);
        message.published_at = now;
        message.sequence_number = Some(sequence_number);
        let message = Arc::new(message);
        self.archive.keep(&message);
        Accepted::New(message)
    }

    /// Keeps messages for this many days from now on; `None` closes the archive.
    pub(crate) fn set_archive_days(&mut self, now: Timestamp, days: Option<u32>) {
        let now = self.advance(now);
        self.archive.set_days(now, days);
    }

    /// The first moment that can be replayed, where there is an archive.
    pub(crate) fn archive_begins_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.archive.begins_at(now.max(self.latest))
    }

    /// The archived messages that a subscriber's replay window and filter policy ask for, in their order.
    pub(crate) fn replay(
        &mut self,
        now: Timestamp,
        subscriber: &impl Subscriber,
    ) -> Vec<Arc<Message>> {
        let now = self.advance(now);
        let Some(window) = subscriber.replay_window() else {
            return Vec::new();
        };
        let mut messages = self.archive.within(now, window);
        messages.retain(|message| subscriber.filter_lets_through(message));
        messages
    }

    fn advance(&mut self, now: Timestamp) -> Timestamp {
        self.latest = self.latest.max(now);
        self.latest
    }
}

/// Twenty digits, rising, not consecutive, as AWS's are.
fn sequence_number(serial: u64) -> SequenceNumber {
    const FIRST: u128 = 10_000_000_000_000_000_000;
    SequenceNumber(FIRST + 4096 * u128::from(serial))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, fifo_message, new, policy, subscriber};
    use super::super::{Accepted, ReplayWindow, ThroughputScope};
    use super::*;

    #[test]
    fn sequence_numbers_rise_and_duplicates_get_none_of_their_own() {
        let mut memory = Memory::default();
        let first = new(memory.accept(ThroughputScope::Topic, fifo_message(0, "g", "a")));
        let again = memory.accept(ThroughputScope::Topic, fifo_message(1, "g", "a"));
        assert!(
            matches!(again, Accepted::Duplicate(Original { id, sequence_number })
            if id == first.id && Some(sequence_number) == first.sequence_number)
        );
        let second = new(memory.accept(ThroughputScope::Topic, fifo_message(2, "g", "b")));
        let numbers = [first, second].map(|message| message.sequence_number.expect("a number"));
        assert!(numbers[0] < numbers[1]);
        assert_eq!(numbers[0].to_string().len(), 20);
    }

    #[test]
    fn a_message_that_waited_for_the_lock_is_published_when_its_turn_comes() {
        let mut memory = Memory::default();
        memory.accept(ThroughputScope::Topic, fifo_message(10, "g", "a"));
        let late = new(memory.accept(ThroughputScope::Topic, fifo_message(9, "g", "b")));
        assert_eq!(late.published_at, at(10));
    }

    #[test]
    fn a_replay_obeys_window_and_filter_policy() {
        let mut memory = Memory::default();
        memory.set_archive_days(at(0), Some(1));
        for (seconds, id) in [(1, "a"), (2, "b"), (3, "c")] {
            memory.accept(ThroughputScope::Topic, fifo_message(seconds, "g", id));
        }
        let mut one = subscriber(1);
        assert_eq!(memory.replay(at(4), &one).len(), 0, "no window");
        one.replay_window = Some(ReplayWindow {
            starting_point: at(2),
            ending_point: None,
        });
        assert_eq!(memory.replay(at(4), &one).len(), 2);
        one.filter_policy = Some(policy(r#"{"id":["c"]}"#));
        let replayed = memory.replay(at(4), &one);
        assert_eq!(replayed[0].published_at, at(3));
        assert_eq!(replayed.len(), 1);
        assert_eq!(memory.archive_begins_at(at(4)), Some(at(0)));
    }
}
