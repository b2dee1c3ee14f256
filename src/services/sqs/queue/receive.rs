//! Receiving: which messages a receiver gets, and taking that back.

use std::sync::Arc;

use super::attempts::Retry;
use super::stored::State;
use super::{Delivery, Order, Queue, Receipt, Receive, ReceiveRefused, Received, Redrive, seconds};
use crate::clock::Timestamp;

impl Queue {
    /// Delivers the messages that are next, and hides them for the visibility timeout.
    ///
    /// A message that was received as often as the redrive policy allows is not delivered but handed out as a dead
    /// letter, if `target_exists` says that there still is a queue with the target's ARN; it is asked at most once.
    /// The message has left this queue then.
    pub fn receive(
        &mut self,
        now: Timestamp,
        request: &Receive,
        target_exists: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Received, ReceiveRefused> {
        self.catch_up(now);
        let visibility_timeout = request.visibility_timeout;
        let until = now + seconds(visibility_timeout.unwrap_or(self.settings.visibility_timeout));
        let attempt_id = self.attempt_id(request);
        if let Some(attempt_id) = &attempt_id
            && let Some(deliveries) = self.repeat(now, attempt_id, until)?
        {
            let dead_letters = Vec::new();
            return Ok(Received {
                deliveries,
                dead_letters,
            });
        }
        let max_messages = request.max_messages.min(self.room_in_flight()?);
        let received = self.receive_new(now, until, max_messages, target_exists);
        if let Some(attempt_id) = &attempt_id
            && !received.deliveries.is_empty()
        {
            let receipts = received.deliveries.iter().map(|delivery| delivery.receipt);
            self.attempts
                .insert(now, attempt_id, receipts.collect(), until);
        }
        // With a timeout of zero, they are visible again at once: only now, so that none is delivered twice.
        self.catch_up(now);
        Ok(received)
    }

    /// Undoes receives that nobody got, because the receiver hung up: the messages are visible again in their old
    /// places, as if they had not been received. Receipts of messages that were touched since then are passed over.
    pub fn give_back(&mut self, now: Timestamp, receipts: &[Receipt]) {
        self.catch_up(now);
        for receipt in receipts {
            self.attempts.undo(*receipt);
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
        target_exists: &mut dyn FnMut(&str) -> bool,
    ) -> Received {
        let mut received = Received::default();
        let mut target = Target::default();
        let mut previous = None;
        while received.deliveries.len() < max_messages
            && let Some(serial) = self.next_after(previous.as_ref())
        {
            let message = &self.messages[serial];
            previous = message.group_id.clone().map(|group_id| (group_id, serial));
            let redrive = self.settings.redrive.as_ref();
            let redrive = redrive.filter(|redrive| message.receives >= redrive.max_receive_count);
            if redrive.is_some_and(|redrive| target.exists(redrive, target_exists)) {
                received.dead_letters.extend(self.give_up(serial));
            } else {
                received.deliveries.push(self.deliver(now, serial, until));
            }
        }
        received
    }

    /// The message to deliver after the `previous` one, given by its group and serial.
    fn next_after(&self, previous: Option<&(Arc<str>, u64)>) -> Option<u64> {
        match (&self.order, previous) {
            (Order::Standard(standard), _) => standard.next(),
            (Order::Fifo(fifo), None) => fifo.next(),
            (Order::Fifo(fifo), Some((group_id, serial))) => fifo
                .next_of_group(group_id, *serial, &self.messages)
                .or_else(|| fifo.next()),
        }
    }

    fn deliver(&mut self, now: Timestamp, serial: u64, until: Timestamp) -> Delivery {
        self.messages[serial].count_receive(now);
        self.hide(serial, State::InFlight { until });
        self.messages[serial].delivery(serial)
    }

    /// How many more messages may be in flight. At the limit, a FIFO queue delivers nothing, and a standard queue says
    /// so (SQS quotas, "In-flight messages").
    fn room_in_flight(&self) -> Result<usize, ReceiveRefused> {
        let limit = self.settings.in_flight_limit;
        match (limit.saturating_sub(self.hidden.in_flight()), &self.order) {
            (0, Order::Standard(_)) => Err(ReceiveRefused::OverLimit),
            (room, _) => Ok(room),
        }
    }

    /// The request's attempt id, which means something to FIFO queues only.
    fn attempt_id(&self, request: &Receive) -> Option<Arc<str>> {
        match self.order {
            Order::Standard(_) => None,
            Order::Fifo(_) => request.attempt_id.clone(),
        }
    }

    /// Delivers once more what an earlier attempt delivered, if that is still possible: with the same receipts, without
    /// counting it as a receive, hidden anew.
    fn repeat(
        &mut self,
        now: Timestamp,
        attempt_id: &str,
        until: Timestamp,
    ) -> Result<Option<Vec<Delivery>>, ReceiveRefused> {
        let receipts = match self.attempts.find(now, attempt_id) {
            Retry::New => return Ok(None),
            Retry::Refused => return Err(ReceiveRefused::AttemptNotRetryable),
            Retry::Repeat(receipts) => receipts,
        };
        // One of them may have been kept long enough.
        if !receipts.iter().all(|&receipt| self.is_held(receipt)) {
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

/// Whether the dead-letter queue exists, asked once in a receive and only if it matters.
#[derive(Default)]
struct Target {
    exists: Option<bool>,
}

impl Target {
    fn exists(&mut self, redrive: &Redrive, ask: &mut dyn FnMut(&str) -> bool) -> bool {
        *self.exists.get_or_insert_with(|| ask(&redrive.target))
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
        queue.queue.give_back(at(32), &[first]);
        assert_eq!(queue.counts(at(32)), [0, 1, 0]);
        assert_eq!(second.receive_count, 2);
    }
}
