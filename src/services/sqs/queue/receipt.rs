//! What a receipt allows: deleting the message, and changing its visibility.
//!
//! A standard queue's receipts stay usable as long as the message exists, even when its visibility timeout is over or
//! it was received again. A FIFO queue's die with the visibility timeout.

use std::time::Duration;

use super::stored::State;
use super::{Kind, Queue, Receipt, ReceiptExpired, VisibilityRefused, seconds};
use crate::clock::Timestamp;
use crate::ids::MessageId;

/// How long a message may be hidden after a receive, however often that is changed: twelve hours (SQS developer guide,
/// "Visibility timeout").
const LONGEST_IN_FLIGHT: Duration = Duration::from_hours(12);

impl Queue {
    pub(super) fn delete(
        &mut self,
        now: Timestamp,
        receipt: Receipt,
    ) -> Result<Option<MessageId>, ReceiptExpired> {
        self.catch_up(now);
        if self.messages.find(receipt.serial).is_none() {
            return Ok(None);
        }
        if self.is_dead(receipt) {
            return Err(ReceiptExpired);
        }
        let deleted = self.remove(receipt.serial);
        Ok(deleted.map(|message| message.id))
    }

    pub(super) fn change_visibility(
        &mut self,
        now: Timestamp,
        receipt: Receipt,
        visibility_timeout: u32,
    ) -> Result<MessageId, VisibilityRefused> {
        self.catch_up(now);
        let Some(message) = self.messages.find(receipt.serial) else {
            return Err(VisibilityRefused::NotAvailable);
        };
        if self.is_dead(receipt) {
            return Err(VisibilityRefused::ReceiptExpired);
        }
        let (id, timeout) = (message.id, seconds(visibility_timeout));
        if now.since(message.received_at) + timeout > LONGEST_IN_FLIGHT {
            return Err(VisibilityRefused::BeyondLimit);
        }
        let until = now + timeout;
        self.hide(receipt.serial, State::InFlight { until });
        self.messages[receipt.serial].note_change();
        self.catch_up(now);
        Ok(id)
    }

    /// Whether the receipt is of the latest receive of a message that is in flight.
    pub(super) fn is_held(&self, receipt: Receipt) -> bool {
        self.is_latest(receipt) && self.messages[receipt.serial].is_in_flight()
    }

    /// Whether the message is still as the receive of this receipt left it.
    pub(super) fn is_untouched(&self, receipt: Receipt) -> bool {
        self.is_held(receipt) && !self.messages[receipt.serial].is_changed()
    }

    /// Whether the receipt is of the latest receive of a message that still exists.
    pub(super) fn is_latest(&self, receipt: Receipt) -> bool {
        let message = self.messages.find(receipt.serial);
        message.is_some_and(|message| message.last_receipt == receipt.receive)
    }

    fn is_dead(&self, receipt: Receipt) -> bool {
        self.kind() == Kind::Fifo && !self.is_held(receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, fifo, standard};
    use super::*;

    #[test]
    fn deleting_twice_is_fine() {
        for mut queue in [standard(), fifo()] {
            queue.send(at(0), "g1-m1");
            assert_eq!(queue.receive(at(1), 1), "g1-m1");
            assert_eq!(queue.delete(at(2), "g1-m1"), Ok(()));
            assert_eq!(queue.delete(at(3), "g1-m1"), Ok(()));
            assert_eq!(queue.counts(at(3)), [0, 0, 0]);
        }
    }

    #[test]
    fn standard_receipt_outlives_its_timeout_and_later_receives() {
        let mut queue = standard();
        queue.send(at(0), "a b");
        assert_eq!(queue.receive(at(1), 2), "a b");
        let old = queue.receipts["a"];
        assert_eq!(queue.delete(at(31), "b"), Ok(()));
        assert_eq!(queue.receive(at(31), 2), "a");
        assert_eq!(queue.change_visibility_by(at(32), old, 0), Ok(()));
        assert_eq!(queue.counts(at(32)), [1, 0, 0]);
        assert_eq!(queue.change_visibility_by(at(33), old, 9), Ok(()));
        assert_eq!(queue.counts(at(33)), [0, 1, 0], "hidden again");
        assert_eq!(queue.delete_by(at(34), old), Ok(()));
        assert_eq!(queue.counts(at(34)), [0, 0, 0]);
    }

    #[test]
    fn fifo_receipt_dies_with_its_timeout() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        let old = queue.receipts["g1-m1"];
        let expired = Err(VisibilityRefused::ReceiptExpired);
        assert_eq!(queue.delete(at(31), "g1-m1"), Err(ReceiptExpired));
        assert_eq!(queue.change_visibility(at(31), "g1-m1", 9), expired);
        assert_eq!(queue.receive(at(32), 1), "g1-m1");
        assert_eq!(queue.delete_by(at(33), old), Err(ReceiptExpired));
        assert_eq!(queue.delete(at(33), "g1-m1"), Ok(()));
    }

    #[test]
    fn fifo_receipt_lives_as_long_as_it_is_extended() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        assert_eq!(queue.change_visibility(at(30), "g1-m1", 100), Ok(()));
        assert_eq!(queue.delete(at(129), "g1-m1"), Ok(()));
    }

    #[test]
    fn fifo_receipt_of_a_receive_with_timeout_zero_is_dead() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1");
        assert_eq!(queue.receive_for(at(1), 1, 0), "g1-m1");
        assert_eq!(queue.delete(at(1), "g1-m1"), Err(ReceiptExpired));
    }

    #[test]
    fn visibility_of_a_deleted_message_cannot_be_changed() {
        let mut queue = standard();
        queue.send(at(0), "a");
        assert_eq!(queue.receive(at(1), 1), "a");
        queue.delete(at(1), "a").expect("deleted");
        let refused = Err(VisibilityRefused::NotAvailable);
        assert_eq!(queue.change_visibility(at(2), "a", 0), refused);
    }

    #[test]
    fn message_is_hidden_for_twelve_hours_at_most() {
        let mut queue = standard();
        queue.send(at(0), "a");
        assert_eq!(queue.receive(at(100), 1), "a");
        let refused = Err(VisibilityRefused::BeyondLimit);
        assert_eq!(queue.change_visibility(at(101), "a", 43_200), refused);
        assert_eq!(queue.change_visibility(at(101), "a", 43_199), Ok(()));
    }
}
