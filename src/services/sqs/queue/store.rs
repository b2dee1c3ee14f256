//! The messages of a queue, by their serial, and which of them has been kept longest.
//!
//! A serial is a message's number in its queue, given in order of arrival and never again: the first message in the
//! store is the one that came first, and a FIFO queue's sequence numbers are made of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Index, IndexMut};

use super::stored::Message;
use crate::clock::Timestamp;

/// All messages of a queue.
#[derive(Debug, Default)]
pub(super) struct Messages {
    // Boxed, so that the tree moves pointers, not messages; a tree, so that its memory goes as messages go.
    by_serial: BTreeMap<u64, Box<Message>>,
    /// Those that are kept since before they arrived, in the order of their expiry: a standard queue's dead letters.
    /// All others expire in the order of their serials.
    backdated: BTreeSet<(Timestamp, u64)>,
}

impl Messages {
    pub(super) fn len(&self) -> usize {
        self.by_serial.len()
    }

    /// Adds a message that came after all others, at `now`.
    pub(super) fn insert(&mut self, now: Timestamp, serial: u64, message: Message) {
        if message.kept_since < now {
            self.backdated.insert((message.kept_since, serial));
        }
        self.by_serial.insert(serial, Box::new(message));
    }

    pub(super) fn find(&self, serial: u64) -> Option<&Message> {
        self.by_serial.get(&serial).map(Box::as_ref)
    }

    pub(super) fn remove(&mut self, serial: u64) -> Option<Message> {
        let message = self.by_serial.remove(&serial)?;
        if !self.backdated.is_empty() {
            self.backdated.remove(&(message.kept_since, serial));
        }
        Some(*message)
    }

    /// The message that has been kept longest.
    pub(super) fn longest_kept(&self) -> Option<(Timestamp, u64)> {
        let first = self.by_serial.first_key_value();
        let first = first.map(|(&serial, message)| (message.kept_since, serial));
        first
            .into_iter()
            .chain(self.backdated.first().copied())
            .min()
    }

    /// The messages kept since after `moment`, the latest first; only for queues without backdated messages.
    pub(super) fn kept_since_after(
        &self,
        moment: Timestamp,
    ) -> impl Iterator<Item = (u64, &Message)> {
        debug_assert!(self.backdated.is_empty(), "serials are in order of time");
        self.by_serial
            .iter()
            .rev()
            .map(|(&serial, message)| (serial, message.as_ref()))
            .take_while(move |(_, message)| message.kept_since > moment)
    }
}

impl Index<u64> for Messages {
    type Output = Message;

    fn index(&self, serial: u64) -> &Message {
        self.find(serial).expect("serials in use are stored")
    }
}

impl IndexMut<u64> for Messages {
    fn index_mut(&mut self, serial: u64) -> &mut Message {
        self.by_serial
            .get_mut(&serial)
            .expect("serials in use are stored")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, message, standard};

    #[test]
    fn messages_expire_when_kept_long_enough_hidden_ones_too() {
        let mut queue = standard().with(|settings| settings.message_retention_period = 60);
        queue.send(at(0), "a b");
        queue.send(at(10), "c");
        assert_eq!(queue.receive_for(at(50), 1, 100), "a");
        assert_eq!(queue.counts(at(59)), [2, 1, 0]);
        assert_eq!(queue.counts(at(60)), [1, 0, 0]);
        assert_eq!(queue.delete(at(61), "a"), Ok(()));
        assert_eq!(queue.receive(at(61), 10), "c");
        assert_eq!(queue.counts(at(70)), [0, 0, 0]);
    }

    #[test]
    fn expired_messages_are_named_by_the_input_that_found_them_gone() {
        let mut queue = standard().with(|settings| settings.message_retention_period = 60);
        queue.send(at(0), "a");
        queue.send(at(10), "b c");
        assert_eq!(queue.receive(at(59), 1), "a");
        assert_eq!(queue.expired, []);
        queue.send(at(60), "d");
        assert_eq!(queue.expired, [message("a").id]);
        queue.purge(at(70));
        assert_eq!(queue.expired, ["a", "b", "c"].map(|body| message(body).id));
    }

    #[test]
    fn new_retention_counts_for_stored_messages() {
        let mut queue = standard();
        queue.send(at(0), "a");
        queue.set(at(100), |settings| settings.message_retention_period = 60);
        assert_eq!(queue.counts(at(100)), [0, 0, 0]);
    }
}
