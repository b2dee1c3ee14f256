//! Messages that change queues: dead letters, given up and accepted, and those that a move task takes.

use std::sync::Arc;

use super::stored::Message;
use super::{DeadLetter, NewMessage, Order, Queue, Taken};
use crate::clock::Timestamp;

impl Queue {
    /// Stores a message that another queue (or this one) gave up. The queue's delay does not apply to it.
    ///
    /// In a standard queue its retention goes on counting from when it was first sent, in a FIFO queue it starts now
    /// (SQS developer guide, "Dead-letter queues"). FIFO: its deduplication id is the message's id now, so that it
    /// cannot be taken for a duplicate.
    pub fn accept_dead_letter(&mut self, now: Timestamp, mut letter: DeadLetter) {
        self.catch_up(now);
        if let Order::Fifo(_) = self.order {
            letter.message.deduplication_id = Some(letter.message.id.to_string().into());
            self.add(Message::from_dead_letter(now, letter), now, now);
        } else {
            let kept_since = letter.sent_at;
            self.add(Message::from_dead_letter(kept_since, letter), now, now);
        }
    }

    /// Takes out up to `max_messages` that could be delivered now, in the order in which they would be next, to be sent
    /// elsewhere as new messages.
    ///
    /// `accept` is asked about each, with the ARN of the queue that gave it up, if one did; the first it refuses stays,
    /// with all after it.
    pub fn take_for_move(
        &mut self,
        now: Timestamp,
        max_messages: usize,
        accept: &mut dyn FnMut(Option<&Arc<str>>) -> bool,
    ) -> Taken {
        self.catch_up(now);
        let mut taken = Taken::default();
        while taken.messages.len() < max_messages
            && let Some(serial) = self.next()
        {
            if !accept(self.messages[serial].dead_letter_source()) {
                taken.refused = true;
                break;
            }
            taken.messages.extend(self.take(serial));
        }
        taken
    }

    /// Takes out a message that was received too often.
    pub(super) fn give_up(&mut self, serial: u64) -> Option<DeadLetter> {
        let message = self.remove(serial)?;
        Some(message.into_dead_letter(self.arn.clone()))
    }

    fn take(&mut self, serial: u64) -> Option<(NewMessage, Option<Arc<str>>)> {
        self.remove(serial).map(Message::into_unsent)
    }

    fn next(&self) -> Option<u64> {
        match &self.order {
            Order::Standard(standard) => standard.next(),
            Order::Fifo(fifo) => fifo.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TestQueue, at, fifo, message, standard};
    use super::super::{Redrive, Settings};
    use super::*;

    fn redriving(target: &'static str, max_receive_count: u32) -> impl FnOnce(&mut Settings) {
        move |settings| {
            settings.redrive = Some(Redrive {
                target: target.into(),
                max_receive_count,
            });
        }
    }

    /// The bodies of the messages given up so far.
    fn given_up(queue: &TestQueue) -> Vec<String> {
        let letters = queue.dead_letters.iter();
        letters
            .map(|letter| letter.message.body.text().to_string())
            .collect()
    }

    #[test]
    fn message_moves_on_the_receive_after_the_last_allowed() {
        let mut queue = standard().with(redriving("arn:target", 2));
        queue.send(at(0), "a b");
        assert_eq!(queue.receive_for(at(1), 1, 0), "a");
        assert_eq!(queue.receive_for(at(2), 1, 0), "a");
        assert_eq!(queue.counts(at(9)), [2, 0, 0]);
        assert_eq!(queue.receive(at(10), 1), "b");
        assert_eq!(given_up(&queue), ["a"]);
        assert_eq!(queue.counts(at(10)), [0, 1, 0]);
    }

    #[test]
    fn message_stays_while_its_target_does_not_exist() {
        let mut queue = standard().with(redriving("arn:gone", 1));
        queue.send(at(0), "a");
        assert_eq!(queue.receive_for(at(1), 1, 0), "a");
        assert_eq!(queue.receive(at(2), 1), "a");
        assert!(queue.dead_letters.is_empty());
    }

    #[test]
    fn new_limit_counts_for_stored_messages() {
        let mut queue = standard().with(redriving("arn:target", 5));
        queue.send(at(0), "a");
        assert_eq!(queue.receive_for(at(1), 1, 0), "a");
        queue.set(at(2), redriving("arn:target", 1));
        assert_eq!(queue.receive(at(3), 1), "");
        assert_eq!(given_up(&queue), ["a"]);
    }

    #[test]
    fn dead_letter_keeps_what_it_was_and_goes_on_counting() {
        let mut queue = standard().with(redriving("arn:target", 1));
        let mut sent = message("a");
        sent.trace_header = Some("Root=1".into());
        queue.queue.send(at(0), sent.clone());
        queue.receive_for(at(1), 1, 0);
        queue.receive(at(2), 1);
        let mut target = standard().with(|settings| settings.delay_seconds = 900);
        let letter = queue.dead_letters.remove(0);
        target.queue.accept_dead_letter(at(2), letter);
        let delivery = target.receive_one(at(3));
        assert_eq!(delivery.id, sent.id);
        assert_eq!(delivery.trace_header, sent.trace_header);
        assert_eq!(delivery.sent_at, at(0));
        assert_eq!(delivery.first_received_at, at(1));
        assert_eq!(delivery.receive_count, 2);
        assert_eq!(delivery.dead_letter_source.as_deref(), Some("arn:source"));
    }

    #[test]
    fn receives_in_another_queue_do_not_count_for_the_limit() {
        let mut queue = standard().with(redriving("arn:target", 1));
        queue.send(at(0), "a");
        queue.receive_for(at(1), 1, 0);
        queue.receive(at(2), 1);
        let letter = queue.dead_letters.remove(0);
        queue.queue.accept_dead_letter(at(2), letter);
        assert_eq!(queue.receive_for(at(3), 1, 0), "a");
        assert_eq!(queue.receive(at(4), 1), "");
        assert_eq!(queue.dead_letters[0].receive_count, 2);
    }

    #[test]
    fn moving_a_fifo_message_frees_its_group_at_once() {
        let mut queue = fifo().with(redriving("arn:target", 1));
        queue.send(at(0), "g1-m1 g1-m2 g2-m1");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        assert_eq!(queue.receive(at(31), 1), "g2-m1");
        assert_eq!(queue.receive(at(32), 1), "g1-m2");
        assert_eq!(given_up(&queue), ["g1-m1"]);
    }

    #[test]
    fn fifo_dead_letter_is_never_a_duplicate() {
        let mut queue = fifo().with(redriving("arn:target", 1));
        let mut target = fifo();
        target.send_as(at(0), "g0-m1", "same");
        target.send_as(at(0), "g0-m2", "other");
        queue.send_as(at(0), "g1-m1", "same");
        queue.receive_for(at(1), 1, 0);
        queue.receive(at(2), 1);
        let letter = queue.dead_letters.remove(0);
        let id = letter.message.id;
        target.queue.accept_dead_letter(at(2), letter);
        assert_eq!(target.receive(at(3), 2), "g0-m1 g0-m2");
        let delivery = target.receive_one(at(3));
        assert_eq!(delivery.group_id.as_deref(), Some("g1"));
        let deduplication_id = delivery
            .deduplication_id
            .expect("every FIFO message has one");
        assert_eq!(&*deduplication_id, id.to_string());
        assert_eq!(delivery.sent_at, at(0));
    }

    #[test]
    fn retention_goes_on_in_a_standard_target_and_starts_anew_in_a_fifo_one() {
        for (mut queue, mut target, expiry) in [(standard(), standard(), 60), (fifo(), fifo(), 110)]
        {
            queue.set(at(0), redriving("arn:target", 1));
            queue.send(at(0), "g1-m1");
            queue.receive_for(at(1), 1, 0);
            queue.receive(at(50), 1);
            target.set(at(0), |settings| settings.message_retention_period = 60);
            target.send(at(50), "g2-m1");
            let letter = queue.dead_letters.remove(0);
            target.queue.accept_dead_letter(at(50), letter);
            assert_eq!(target.counts(at(expiry - 1)), [2, 0, 0]);
            assert_ne!(target.counts(at(expiry)), [2, 0, 0]);
        }
    }

    #[test]
    fn move_takes_the_oldest_visible_messages() {
        let mut queue = standard();
        queue.send(at(0), "a b c d");
        assert_eq!(queue.receive(at(1), 1), "a");
        let taken = queue.queue.take_for_move(at(2), 2, &mut |_| true);
        let bodies = taken
            .messages
            .iter()
            .map(|(message, _)| message.body.text().to_string());
        assert_eq!(bodies.collect::<Vec<_>>(), ["b", "c"]);
        assert!(!taken.refused);
        assert_eq!(queue.counts(at(2)), [1, 1, 0]);
    }

    #[test]
    fn move_stops_at_the_first_message_refused() {
        let mut queue = standard().with(redriving("arn:target", 1));
        queue.send(at(0), "a");
        queue.receive_for(at(1), 1, 0);
        queue.receive(at(2), 1);
        let letter = queue.dead_letters.remove(0);
        let mut target = standard();
        target.queue.accept_dead_letter(at(2), letter);
        target.send(at(3), "b");
        let mut accept = |source: Option<&Arc<str>>| source.is_some();
        let taken = target.queue.take_for_move(at(4), 10, &mut accept);
        assert_eq!(taken.messages.len(), 1);
        assert_eq!(taken.messages[0].1.as_deref(), Some("arn:source"));
        assert!(taken.refused);
        assert_eq!(target.receive(at(5), 10), "b");
    }
}
