//! Receiving: which messages a receiver gets, and taking that back.

use std::sync::Arc;

use super::attempts;
use super::input::{GiveBack, Receive};
use super::stored::State;
use super::{Delivery, DeliveryOrder, Queue, ReceiveRefused, Received, Redrive, seconds};
use crate::clock::Timestamp;

impl Queue {
    pub(super) fn receive(
        &mut self,
        now: Timestamp,
        request: &Receive,
    ) -> Result<Received, ReceiveRefused> {
        self.catch_up(now);
        let visibility_timeout = request.visibility_timeout;
        let until = now + seconds(visibility_timeout.unwrap_or(self.settings.visibility_timeout));
        let attempt_id = self.attempt_id(request);
        if let Some(attempt_id) = &attempt_id
            && let Some(deliveries) = self.repeat(now, attempt_id, until)?
        {
            return Ok(Received {
                deliveries,
                ..Received::default()
            });
        }
        let max_messages = request.max_messages.min(self.room_in_flight()?);
        let passed_over = request.passed_over;
        if request.target_exists.is_none() && self.reaches_limit(passed_over + max_messages) {
            return Ok(Received {
                needs_target: true,
                ..Received::default()
            });
        }
        let received = self.receive_new(now, until, max_messages, request);
        if let Some(attempt_id) = &attempt_id
            && !received.deliveries.is_empty()
        {
            let receipts = received.deliveries.iter().map(|delivery| delivery.receipt);
            self.attempts
                .insert(now, attempt_id, receipts.collect(), until);
            self.note_end(now + attempts::WINDOW);
        }
        // With a timeout of zero, they are visible again at once: only now, so that none is delivered twice.
        self.catch_up(now);
        Ok(received)
    }

    pub(super) fn give_back(&mut self, now: Timestamp, given: &GiveBack) {
        self.catch_up(now);
        if let Some(attempt_id) = &given.attempt_id {
            self.attempts.undo(attempt_id, &given.receipts);
        }
        for receipt in &given.receipts {
            if !self.is_latest(*receipt) {
                continue;
            }
            let message = &mut self.messages[receipt.serial];
            message.undo_receive();
            if message.is_in_flight() {
                let turn = message.turn;
                self.set_state(receipt.serial, State::Visible, turn);
            }
        }
    }

    fn receive_new(
        &mut self,
        now: Timestamp,
        until: Timestamp,
        max_messages: usize,
        request: &Receive,
    ) -> Received {
        let target_exists = request.target_exists == Some(true);
        let mut received = Received::default();
        let mut previous = None;
        while received.deliveries.len() < max_messages
            && let Some(serial) = self.next_after(previous.as_ref(), request.passed_over)
        {
            previous = self.group_of(serial).map(|group_id| (group_id, serial));
            match self.limit_reached_by(serial).filter(|_| target_exists) {
                Some(redrive) => {
                    let redrive = redrive.clone();
                    let dead_letter = self.take_dead_letter(serial, redrive);
                    received.dead_letters.extend(dead_letter);
                }
                None => received.deliveries.push(self.deliver(now, serial, until)),
            }
        }
        received
    }

    /// Whether one of the messages that are next was received as often as it may be. Without a redrive policy it costs
    /// nothing to say.
    fn reaches_limit(&self, max_messages: usize) -> bool {
        let is_at_limit = |serial| self.limit_reached_by(serial).is_some();
        if self.settings.redrive.is_none() {
            return false;
        }
        match &self.delivery_order {
            DeliveryOrder::Standard(standard) => {
                standard.in_order().take(max_messages).any(is_at_limit)
            }
            DeliveryOrder::Fifo(fifo) => fifo
                .in_order(&self.messages)
                .take(max_messages)
                .any(is_at_limit),
        }
    }

    /// The redrive policy, if the message was received as often as it allows.
    fn limit_reached_by(&self, serial: u64) -> Option<&Redrive> {
        let redrive = self.settings.redrive.as_ref()?;
        (self.messages[serial].receives >= redrive.max_receive_count).then_some(redrive)
    }

    /// The group of a FIFO queue's message: groups mean nothing to a standard queue.
    fn group_of(&self, serial: u64) -> Option<Arc<str>> {
        match self.delivery_order {
            DeliveryOrder::Standard(_) => None,
            DeliveryOrder::Fifo(_) => self.messages[serial].group_id.clone(),
        }
    }

    /// The message to deliver after the `previous` one, given by its group and serial. A standard queue passes over so many
    /// while there are others.
    fn next_after(&self, previous: Option<&(Arc<str>, u64)>, passed_over: usize) -> Option<u64> {
        match (&self.delivery_order, previous) {
            (DeliveryOrder::Standard(standard), _) => standard.next_but(passed_over),
            (DeliveryOrder::Fifo(fifo), None) => fifo.next(),
            (DeliveryOrder::Fifo(fifo), Some((group_id, serial))) => fifo
                .next_of_group(group_id, *serial, &self.messages)
                .or_else(|| fifo.next()),
        }
    }

    fn deliver(&mut self, now: Timestamp, serial: u64, until: Timestamp) -> Delivery {
        // As `hide` does, with one look at the message instead of four.
        let message = &mut self.messages[serial];
        message.count_receive(now);
        message.set_state(State::InFlight { until });
        self.hidden.insert(serial, message);
        let delivery = message.delivery(serial);
        match &mut self.delivery_order {
            DeliveryOrder::Standard(standard) => standard.hide(serial),
            DeliveryOrder::Fifo(fifo) => fifo.update(serial, &self.messages),
        }
        delivery
    }

    /// How many more messages may be in flight. At the limit, a FIFO queue delivers nothing, and a standard queue says
    /// so (SQS quotas, "In-flight messages").
    fn room_in_flight(&self) -> Result<usize, ReceiveRefused> {
        let limit = self.settings.in_flight_limit;
        match (
            limit.saturating_sub(self.hidden.in_flight()),
            &self.delivery_order,
        ) {
            (0, DeliveryOrder::Standard(_)) => Err(ReceiveRefused::OverLimit),
            (room, _) => Ok(room),
        }
    }

    /// The request's attempt id, which means something to FIFO queues only.
    fn attempt_id(&self, request: &Receive) -> Option<Arc<str>> {
        match self.delivery_order {
            DeliveryOrder::Standard(_) => None,
            DeliveryOrder::Fifo(_) => request.attempt_id.clone(),
        }
    }

    /// Delivers again what an earlier attempt delivered, if that is still possible: with the same receipts, without
    /// counting it as a receive, hidden for another timeout.
    fn repeat(
        &mut self,
        now: Timestamp,
        attempt_id: &str,
        until: Timestamp,
    ) -> Result<Option<Vec<Delivery>>, ReceiveRefused> {
        let Some(receipts) = self.attempts.find(now, attempt_id) else {
            return Ok(None);
        };
        let receipts = receipts.to_vec();
        if !receipts.iter().all(|&receipt| self.is_untouched(receipt)) {
            return Err(ReceiveRefused::AttemptNotRetryable);
        }
        self.attempts.extend(attempt_id, until);
        for receipt in &receipts {
            self.hide(receipt.serial, State::InFlight { until });
        }
        let deliveries = receipts
            .iter()
            .map(|receipt| self.messages[receipt.serial].delivery(receipt.serial))
            .collect();
        self.catch_up(now);
        Ok(Some(deliveries))
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReceiveRefused;
    use super::super::testing::{at, fifo, standard};

    #[test]
    fn receives_are_counted_and_the_first_is_remembered() {
        let mut queue = standard();
        queue.send(at(0), "a");
        let first = queue.receive_one(at(1));
        let second = queue.receive_one(at(31));
        assert_eq!((first.receive_count, second.receive_count), (1, 2));
        assert_eq!(first.first_received_at, at(1));
        assert_eq!(second.first_received_at, at(1));
        assert_eq!(second.sent_at, at(0));
        assert_ne!(first.receipt, second.receipt);
    }

    #[test]
    fn standard_queue_refuses_at_its_in_flight_limit() {
        let mut queue = standard().with(|settings| settings.in_flight_limit = 2);
        queue.send(at(0), "a b c");
        assert_eq!(queue.receive(at(1), 10), "a b");
        assert_eq!(queue.attempt(at(1), 10, ""), Err(ReceiveRefused::OverLimit));
        queue.delete(at(2), "a").expect("deleted");
        assert_eq!(queue.receive(at(2), 10), "c");
    }

    #[test]
    fn fifo_queue_delivers_nothing_at_its_in_flight_limit() {
        let mut queue = fifo().with(|settings| settings.in_flight_limit = 2);
        queue.send(at(0), "g1-m1 g2-m1 g3-m1");
        assert_eq!(queue.receive(at(1), 10), "g1-m1 g2-m1");
        assert_eq!(queue.receive(at(1), 10), "");
    }

    #[test]
    fn standard_queue_passes_over_messages_and_comes_back_to_them() {
        let mut queue = standard();
        queue.send(at(0), "a b c d");
        assert_eq!(queue.receive_but(at(1), 2, 2), "c d");
        assert_eq!(queue.receive_but(at(2), 1, 10), "b a", "there is no other");
        assert_eq!(queue.receive_but(at(40), 1, 10), "b c d a");
    }

    #[test]
    fn fifo_queue_passes_over_nothing() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1 g1-m2 g2-m1");
        assert_eq!(queue.receive_but(at(1), 1, 10), "g1-m1 g1-m2 g2-m1");
    }

    #[test]
    fn message_given_back_is_as_if_never_received() {
        let mut queue = standard();
        queue.send(at(0), "a b");
        assert_eq!(queue.receive(at(1), 1), "a");
        queue.give_back(at(2), "a a");
        assert_eq!(queue.counts(at(2)), [2, 0, 0]);
        let delivery = queue.receive_one(at(3));
        assert_eq!(&*delivery.body.text(), "a");
        assert_eq!(delivery.receive_count, 1);
        assert_eq!(delivery.first_received_at, at(3));
    }

    #[test]
    fn message_given_back_keeps_its_first_receive() {
        let mut queue = standard();
        queue.send(at(0), "a");
        assert_eq!(queue.receive_for(at(1), 1, 0), "a");
        assert_eq!(queue.receive(at(2), 1), "a");
        queue.give_back(at(3), "a");
        let delivery = queue.receive_one(at(4));
        assert_eq!(delivery.receive_count, 2);
        assert_eq!(delivery.first_received_at, at(1));
    }

    #[test]
    fn group_given_back_has_its_old_place() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1 g2-m1");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        queue.give_back(at(2), "g1-m1");
        assert_eq!(queue.receive(at(3), 10), "g1-m1 g2-m1");
    }

    #[test]
    fn giving_back_takes_nothing_from_a_later_receiver() {
        let mut queue = standard();
        queue.send(at(0), "a");
        let first = queue.receive_one(at(1)).receipt;
        let second = queue.receive_one(at(31));
        queue.give_back_by(at(32), vec![first], None);
        assert_eq!(queue.counts(at(32)), [0, 1, 0]);
        assert_eq!(second.receive_count, 2);
    }
}
