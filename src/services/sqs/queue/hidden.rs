//! Which messages are hidden, and until when: those that are delayed, and those in flight.

use std::collections::BTreeMap;

use super::stored::Message;
use crate::clock::Timestamp;

/// The hidden messages of a queue. Each operation costs the logarithm of their number.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Serials by when they come back. Those that come back at the same moment do so in the order of their turns, so
    /// that messages that were received together return in the order in which they were received.
    ends: BTreeMap<(Timestamp, u64), u64>,
    in_flight: usize,
}

impl Hidden {
    /// Notes that `message` is hidden, if its state says so.
    pub(super) fn insert(&mut self, serial: u64, message: &Message) {
        if let Some(until) = message.state().until() {
            self.ends.insert((until, message.turn), serial);
            self.in_flight += usize::from(message.is_in_flight());
        }
    }

    /// Forgets `message`, if its state says that it is hidden: to be called before that changes.
    pub(super) fn remove(&mut self, message: &Message) {
        if let Some(until) = message.state().until() {
            self.ends.remove(&(until, message.turn));
            self.in_flight -= usize::from(message.is_in_flight());
        }
    }

    /// A message whose time has come.
    pub(super) fn first_due(&self, now: Timestamp) -> Option<u64> {
        let (&(until, _), &serial) = self.ends.first_key_value()?;
        (until <= now).then_some(serial)
    }

    /// When the next one comes back.
    pub(super) fn next_end(&self) -> Option<Timestamp> {
        self.ends.first_key_value().map(|(&(until, _), _)| until)
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn delayed(&self) -> usize {
        self.ends.len() - self.in_flight
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, fifo, message, standard};

    #[test]
    fn message_returns_when_its_visibility_timeout_ends() {
        let mut queue = standard();
        queue.send(at(0), "a");
        assert_eq!(queue.receive_for(at(1), 1, 10), "a");
        assert_eq!(queue.counts(at(10)), [0, 1, 0]);
        assert_eq!(queue.receive(at(10), 1), "");
        assert_eq!(queue.receive(at(11), 1), "a");
    }

    #[test]
    fn delayed_message_appears_when_its_delay_ends() {
        let mut queue = standard().with(|settings| settings.delay_seconds = 5);
        queue.send(at(0), "a");
        assert_eq!(queue.counts(at(4)), [0, 0, 1]);
        assert_eq!(queue.receive(at(4), 1), "");
        assert_eq!(queue.receive(at(5), 1), "a");
    }

    #[test]
    fn own_delay_wins_over_the_queues_also_when_zero() {
        let mut queue = standard().with(|settings| settings.delay_seconds = 5);
        for (body, delay_seconds) in [("now", 0), ("later", 9)] {
            let mut message = message(body);
            message.delay_seconds = Some(delay_seconds);
            queue.send_whole(at(0), message);
        }
        assert_eq!(queue.receive(at(0), 10), "now");
        assert_eq!(queue.receive(at(8), 10), "");
        assert_eq!(queue.receive(at(9), 10), "later");
    }

    #[test]
    fn fifo_messages_have_the_queues_delay_only() {
        let mut queue = fifo().with(|settings| settings.delay_seconds = 5);
        queue.send(at(0), "g1-m1");
        assert_eq!(queue.receive(at(4), 1), "");
        assert_eq!(queue.receive(at(5), 1), "g1-m1");
    }

    #[test]
    fn next_change_is_the_earliest_end() {
        let mut queue = standard();
        assert_eq!(queue.queue.next_change(), None);
        queue.send(at(0), "a b");
        assert_eq!(queue.queue.next_change(), None);
        assert_eq!(queue.receive_for(at(1), 1, 50), "a");
        assert_eq!(queue.receive_for(at(2), 1, 20), "b");
        assert_eq!(queue.queue.next_change(), Some(at(22)));
        queue.delete(at(3), "b").expect("deleted");
        assert_eq!(queue.queue.next_change(), Some(at(51)));
        assert_eq!(queue.counts(at(51)), [1, 0, 0]);
        assert_eq!(queue.queue.next_change(), None);
    }

    #[test]
    fn messages_received_together_return_in_the_order_of_receiving() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1 g2-m1");
        assert_eq!(queue.receive_for(at(1), 1, 0), "g1-m1");
        assert_eq!(queue.receive(at(2), 10), "g2-m1 g1-m1");
        assert_eq!(queue.receive(at(32), 10), "g2-m1 g1-m1");
    }
}
