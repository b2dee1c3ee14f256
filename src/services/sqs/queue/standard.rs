//! The order of a standard queue: the oldest visible message is next.
//!
//! AWS promises no more than to try; a message that comes back after its visibility timeout is as old as it was, and so next again.

use super::serials::Serials;

/// The visible messages, in order of arrival.
#[derive(Debug, Default)]
pub(super) struct Standard {
    visible: Serials,
}

impl Standard {
    pub(super) fn show(&mut self, serial: u64) {
        self.visible.insert(serial);
    }

    pub(super) fn hide(&mut self, serial: u64) {
        self.visible.remove(serial);
    }

    /// Which messages would be delivered one after the other, if nothing changed meanwhile.
    pub(super) fn in_order(&self) -> impl Iterator<Item = u64> + '_ {
        self.visible.iter()
    }

    /// The message to deliver next.
    pub(super) fn next(&self) -> Option<u64> {
        self.visible.first()
    }

    /// The message to deliver next if so many are passed over; the first one if there are not as many.
    pub(super) fn next_but(&self, passed_over: usize) -> Option<u64> {
        match passed_over {
            0 => self.next(),
            _ => self.in_order().nth(passed_over).or_else(|| self.next()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, standard};

    #[test]
    fn oldest_visible_message_is_next() {
        let mut queue = standard();
        queue.send(at(0), "a b c d");
        assert_eq!(queue.receive(at(1), 2), "a b");
        assert_eq!(queue.receive(at(2), 1), "c");
        assert_eq!(queue.receive(at(31), 10), "a b d");
    }

    #[test]
    fn message_received_with_timeout_zero_is_delivered_once_a_call() {
        let mut queue = standard();
        queue.send(at(0), "a b");
        assert_eq!(queue.receive_for(at(1), 10, 0), "a b");
        assert_eq!(queue.counts(at(1)), [2, 0, 0]);
        assert_eq!(queue.receive_one(at(1)).receive_count, 2);
    }

    #[test]
    fn group_and_order_mean_nothing_to_a_standard_queue() {
        let mut queue = standard();
        queue.send(at(0), "g1-m1 g1-m2");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        let second = queue.receive_one(at(1));
        assert_eq!(&*second.body.text(), "g1-m2");
        assert_eq!(second.sequence_number, None);
    }
}
