//! Messages that change queues: dead letters, given up and accepted, and those that a move task takes.

use super::input::{KeptMessage, Movable};
use super::stored::Message;
use super::{DeadLetter, DeliveryOrder, Queue, Redrive, Taken};
use crate::clock::Timestamp;

impl Queue {
    pub(super) fn accept_dead_letters(&mut self, now: Timestamp, dead_letters: Vec<DeadLetter>) {
        self.catch_up(now);
        for dead_letter in dead_letters {
            self.accept_dead_letter(now, dead_letter);
        }
    }

    pub(super) fn take_for_move(
        &mut self,
        now: Timestamp,
        max_messages: usize,
        movable: &Movable,
    ) -> Taken {
        self.catch_up(now);
        let mut taken = Taken::default();
        while taken.messages.len() < max_messages
            && let Some(serial) = self.next()
        {
            let message = &self.messages[serial];
            if !is_movable(message, movable) {
                taken.kept = Some(KeptMessage {
                    id: message.id,
                    dead_letter_source: message.dead_letter_source().cloned(),
                });
                break;
            }
            let message = self.remove(serial);
            taken.messages.extend(message.map(Message::into_taken));
        }
        taken
    }

    /// Takes out a message that was received as often as `redrive` allows.
    pub(super) fn take_dead_letter(&mut self, serial: u64, redrive: Redrive) -> Option<DeadLetter> {
        let message = self.remove(serial)?;
        Some(message.into_dead_letter(self.arn.clone(), redrive))
    }

    fn accept_dead_letter(&mut self, now: Timestamp, mut dead_letter: DeadLetter) {
        if let DeliveryOrder::Fifo(_) = self.delivery_order {
            let id = dead_letter.message.id.to_string();
            dead_letter.message.deduplication_id = Some(id.into());
            self.add(Message::from_dead_letter(now, dead_letter), now, now);
        } else {
            let kept_since = dead_letter.sent_at;
            self.add(Message::from_dead_letter(kept_since, dead_letter), now, now);
        }
    }

    fn next(&self) -> Option<u64> {
        match &self.delivery_order {
            DeliveryOrder::Standard(standard) => standard.next(),
            DeliveryOrder::Fifo(fifo) => fifo.next(),
        }
    }
}

fn is_movable(message: &Message, movable: &Movable) -> bool {
    match movable {
        Movable::All(bytes) => message.fits(*bytes),
        Movable::DeadLettersOf(sources) => {
            let source = message.dead_letter_source();
            let source = sources.iter().find(|(arn, _)| Some(arn) == source);
            source.is_some_and(|(_, bytes)| message.fits(*bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::super::input::Receive;
    use super::super::testing::{TestQueue, at, fifo, message, standard};
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
        let dead_letters = queue.dead_letters.iter();
        dead_letters
            .map(|dead_letter| dead_letter.message.body.text().to_string())
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
        queue.send_whole(at(0), sent.clone());
        queue.receive_for(at(1), 1, 0);
        queue.receive(at(2), 1);
        let mut target = standard().with(|settings| settings.delay_seconds = 900);
        let dead_letter = queue.dead_letters.remove(0);
        target.accept(at(2), dead_letter);
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
        let dead_letter = queue.dead_letters.remove(0);
        queue.accept(at(2), dead_letter);
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
        let dead_letter = queue.dead_letters.remove(0);
        let id = dead_letter.message.id;
        target.accept(at(2), dead_letter);
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
    fn retention_goes_on_in_a_standard_target_and_starts_again_in_a_fifo_one() {
        for (mut queue, mut target, expiry) in [(standard(), standard(), 60), (fifo(), fifo(), 110)]
        {
            queue.set(at(0), redriving("arn:target", 1));
            queue.send(at(0), "g1-m1");
            queue.receive_for(at(1), 1, 0);
            queue.receive(at(50), 1);
            target.set(at(0), |settings| settings.message_retention_period = 60);
            target.send(at(50), "g2-m1");
            let dead_letter = queue.dead_letters.remove(0);
            target.accept(at(50), dead_letter);
            assert_eq!(target.counts(at(expiry - 1)), [2, 0, 0]);
            assert_ne!(target.counts(at(expiry)), [2, 0, 0]);
        }
    }

    #[test]
    fn dead_letter_says_which_limit_it_reached() {
        let mut queue = standard().with(redriving("arn:target", 2));
        queue.send(at(0), "a");
        queue.receive_for(at(1), 1, 0);
        queue.receive_for(at(2), 1, 0);
        queue.receive(at(3), 1);
        let dead_letter = &queue.dead_letters[0];
        assert_eq!(dead_letter.redrive.max_receive_count, 2);
        assert_eq!(&*dead_letter.redrive.target, "arn:target");
    }

    #[test]
    fn receive_that_needs_the_target_changes_nothing() {
        for mut queue in [standard(), fifo()] {
            queue.set(at(0), redriving("arn:target", 1));
            queue.send(at(0), "g1-m1 g1-m2 g2-m1");
            queue.receive_for(at(1), 1, 0);
            let ask = |max_messages, target_exists| Receive {
                max_messages,
                visibility_timeout: None,
                attempt_id: Some("try".into()),
                target_exists,
                passed_over: 0,
            };
            let received = queue.apply(at(2), &ask(3, None)).expect("not refused");
            assert!(received.needs_target);
            assert!(received.deliveries.is_empty() && received.dead_letters.is_empty());
            assert_eq!(queue.counts(at(2)), [3, 0, 0]);
            let known = ask(3, Some(true));
            let received = queue.apply(at(2), &known).expect("not refused");
            assert_eq!(
                (received.deliveries.len(), received.dead_letters.len()),
                (2, 1)
            );
            assert!(!received.needs_target);
        }
    }

    #[test]
    fn target_is_needed_only_for_messages_that_are_next() {
        let mut queue = standard().with(redriving("arn:target", 1));
        queue.send(at(0), "a b c");
        assert_eq!(queue.receive(at(1), 1), "a");
        assert_eq!(queue.receive_for(at(2), 1, 0), "b");
        assert_eq!(queue.targets_needed, 0, "what is at the limit is hidden");
        assert_eq!(queue.receive(at(3), 1), "c");
        assert_eq!(queue.targets_needed, 1);
        assert_eq!(given_up(&queue), ["b"]);
    }

    #[test]
    fn move_takes_the_oldest_visible_messages() {
        let mut queue = standard();
        queue.send(at(0), "a b c d");
        assert_eq!(queue.receive(at(1), 1), "a");
        let taken = queue.take(at(2), 2, Movable::All(1));
        let bodies = taken
            .messages
            .iter()
            .map(|taken| taken.message.body.text().to_string());
        assert_eq!(bodies.collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(taken.kept, None);
        assert_eq!(queue.counts(at(2)), [1, 1, 0]);
    }

    #[test]
    fn move_stops_at_a_message_that_is_too_large_for_its_destination() {
        let mut queue = standard();
        queue.send(at(0), "a bcd e");
        let taken = queue.take(at(1), 10, Movable::All(2));
        assert_eq!(taken.messages.len(), 1);
        assert_eq!(taken.kept.expect("a message").id, message("bcd").id);
        assert_eq!(queue.counts(at(1)), [2, 0, 0]);
    }

    #[test]
    fn move_stops_at_the_first_message_that_may_not_be_moved() {
        let mut queue = standard().with(redriving("arn:target", 1));
        queue.send(at(0), "a");
        queue.receive_for(at(1), 1, 0);
        queue.receive(at(2), 1);
        let dead_letter = queue.dead_letters.remove(0);
        let mut target = standard();
        target.accept(at(2), dead_letter);
        target.send(at(3), "b");
        let source = Some("arn:source".into());
        let kept = |body: &str, dead_letter_source| {
            let id = message(body).id;
            Some(KeptMessage {
                id,
                dead_letter_source,
            })
        };
        let taken = target.take(at(4), 10, Movable::DeadLettersOf(Vec::new()));
        assert_eq!(taken.messages, []);
        assert_eq!(taken.kept, kept("a", source.clone()));
        assert_eq!(target.counts(at(4)), [2, 0, 0]);
        let too_small = vec![("arn:source".into(), 0)];
        let taken = target.take(at(4), 10, Movable::DeadLettersOf(too_small));
        assert_eq!(taken.kept, kept("a", source.clone()));
        let sources = vec![("arn:source".into(), 1)];
        let taken = target.take(at(4), 10, Movable::DeadLettersOf(sources));
        assert_eq!(taken.messages.len(), 1);
        assert_eq!(taken.messages[0].dead_letter_source, source);
        assert_eq!(taken.kept, kept("b", None));
        assert_eq!(target.receive(at(5), 10), "b");
    }
}
