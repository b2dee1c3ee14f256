//! Receive attempts: how a FIFO queue's receiver whose connection broke gets the same messages again.
//!
//! A receive with the `ReceiveRequestAttemptId` of an earlier one is answered with the same messages and receipts, for
//! five minutes, as long as they are hidden and nobody has touched them (SQS API, `ReceiveMessage`). The messages
//! themselves say whether they were touched; an attempt only has their receipts.
//!
//! Attempts of one queue take up [`MAX_BYTES`] at most: beyond that the oldest are forgotten, and a retry of one of them
//! is a new receive.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::{Receipt, smaller_capacity};
use crate::clock::Timestamp;

pub(super) const WINDOW: Duration = Duration::from_mins(5);

/// How much the attempts of one queue may take up: some 14,000 that received ten messages each.
const MAX_BYTES: usize = 4 << 20;

/// What an attempt takes up in the tables, beside its id and its receipts: an estimate.
const OVERHEAD: usize = 160;

/// The attempts of the last five minutes that delivered something.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    by_id: HashMap<Arc<str>, Attempt, RandomState>,
    /// All of them in the order in which they were made, and some that are forgotten already.
    made: VecDeque<Made>,
    next_number: u64,
    /// What all of `made` take up.
    bytes: usize,
}

#[derive(Debug)]
struct Attempt {
    number: u64,
    receipts: Box<[Receipt]>,
    hidden_until: Timestamp,
}

/// What is known of an attempt in the order of attempts.
#[derive(Debug)]
struct Made {
    at: Timestamp,
    /// Tells it from a later attempt with the same id.
    number: u64,
    id: Arc<str>,
    bytes: usize,
}

impl Attempts {
    /// The receipts that an attempt with this id gave, while their messages' visibility timeout lasts.
    pub(super) fn find(&self, now: Timestamp, id: &str) -> Option<&[Receipt]> {
        let attempt = self.by_id.get(id)?;
        (now < attempt.hidden_until).then_some(&*attempt.receipts)
    }

    /// Remembers what the attempt delivered.
    pub(super) fn insert(
        &mut self,
        now: Timestamp,
        id: &Arc<str>,
        receipts: Box<[Receipt]>,
        hidden_until: Timestamp,
    ) {
        // What is visible again at once is never repeated.
        if hidden_until <= now {
            self.by_id.remove(id);
            return;
        }
        let bytes = OVERHEAD + id.len() + size_of_val(&*receipts);
        let number = self.next_number;
        self.next_number += 1;
        let attempt = Attempt {
            number,
            receipts,
            hidden_until,
        };
        self.by_id.insert(id.clone(), attempt);
        self.made.push_back(Made {
            at: now,
            number,
            id: id.clone(),
            bytes,
        });
        self.bytes += bytes;
        while self.bytes > MAX_BYTES || self.is_first_useless(now) {
            self.forget_first();
        }
    }

    /// Takes note that the attempt was repeated; its five minutes go on.
    pub(super) fn extend(&mut self, id: &str, hidden_until: Timestamp) {
        if let Some(attempt) = self.by_id.get_mut(id) {
            attempt.hidden_until = hidden_until;
        }
    }

    /// Forgets the attempt if it gave one of these receipts: its answer never left, so a retry is a new receive.
    pub(super) fn undo(&mut self, id: &str, receipts: &[Receipt]) {
        let attempt = self.by_id.get(id);
        let mut given = attempt.into_iter().flat_map(|attempt| &attempt.receipts);
        if given.any(|receipt| receipts.contains(receipt)) {
            self.by_id.remove(id);
        }
    }

    /// Forgets the attempts made five minutes ago or earlier, and those next to them that are of no use any more.
    pub(super) fn expire(&mut self, now: Timestamp) {
        while self.is_first_useless(now) {
            self.forget_first();
        }
        if let Some(capacity) = smaller_capacity(self.by_id.len(), self.by_id.capacity()) {
            self.by_id.shrink_to(capacity);
        }
        if let Some(capacity) = smaller_capacity(self.made.len(), self.made.capacity()) {
            self.made.shrink_to(capacity);
        }
    }

    /// When the first attempt's five minutes are over.
    pub(super) fn next_end(&self) -> Option<Timestamp> {
        self.made.front().map(|made| made.at + WINDOW)
    }

    fn is_first_useless(&self, now: Timestamp) -> bool {
        self.made.front().is_some_and(|made| {
            let attempt = self.by_id.get(&made.id);
            let attempt = attempt.filter(|attempt| attempt.number == made.number);
            made.at + WINDOW <= now || attempt.is_none_or(|attempt| attempt.hidden_until <= now)
        })
    }

    fn forget_first(&mut self) {
        let Some(made) = self.made.pop_front() else {
            return;
        };
        self.bytes -= made.bytes;
        let attempt = self.by_id.get(&made.id);
        if attempt.is_some_and(|attempt| attempt.number == made.number) {
            self.by_id.remove(&made.id);
        }
    }

    /// How many attempts are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.made.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReceiveRefused;
    use super::super::testing::{TestQueue, at, fifo, standard};
    use super::*;

    /// A queue of which g1's messages were received at 10 by the attempt `try`.
    fn attempted() -> TestQueue {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1 g1-m2 g2-m1");
        assert_eq!(
            queue.attempt(at(10), 2, "try").as_deref(),
            Ok("g1-m1 g1-m2")
        );
        queue
    }

    #[test]
    fn repeated_attempt_gets_the_same_messages_and_receipts() {
        let mut queue = attempted();
        let receipts = queue.receipts.clone();
        assert_eq!(
            queue.attempt(at(20), 2, "try").as_deref(),
            Ok("g1-m1 g1-m2")
        );
        assert_eq!(queue.receipts, receipts);
        assert_eq!(
            queue.counts(at(49)),
            [1, 2, 0],
            "hidden for another timeout"
        );
        assert_eq!(queue.counts(at(50)), [3, 0, 0]);
        assert_eq!(queue.receive(at(50), 1), "g2-m1");
        assert_eq!(queue.receive_one(at(50)).receive_count, 2, "counted once");
    }

    #[test]
    fn attempt_is_refused_once_a_message_was_deleted_or_changed() {
        let refused = Err(ReceiveRefused::AttemptNotRetryable);
        let mut queue = attempted();
        queue.delete(at(11), "g1-m1").expect("deleted");
        assert_eq!(queue.attempt(at(12), 2, "try"), refused);
        let mut queue = attempted();
        queue
            .change_visibility(at(11), "g1-m2", 0)
            .expect("changed");
        assert_eq!(queue.attempt(at(12), 2, "try"), refused);
    }

    #[test]
    fn attempt_after_the_timeout_is_a_new_receive() {
        let mut queue = attempted();
        assert_eq!(queue.attempt(at(40), 1, "try").as_deref(), Ok("g2-m1"));
        assert_eq!(queue.attempt(at(41), 1, "try").as_deref(), Ok("g2-m1"));
    }

    #[test]
    fn attempt_counts_for_five_minutes() {
        let mut queue = attempted().with(|settings| settings.visibility_timeout = 1000);
        assert_eq!(
            queue.attempt(at(20), 2, "try").as_deref(),
            Ok("g1-m1 g1-m2")
        );
        assert_eq!(
            queue.attempt(at(309), 2, "try").as_deref(),
            Ok("g1-m1 g1-m2")
        );
        assert_eq!(queue.attempt(at(310), 2, "try").as_deref(), Ok("g2-m1"));
    }

    #[test]
    fn five_minutes_begin_again_with_a_new_receive() {
        let mut queue = attempted().with(|settings| settings.visibility_timeout = 1000);
        assert_eq!(queue.attempt(at(40), 1, "try").as_deref(), Ok("g2-m1"));
        assert_eq!(queue.attempt(at(339), 1, "try").as_deref(), Ok("g2-m1"));
        assert_eq!(queue.attempt(at(340), 1, "try").as_deref(), Ok("g1-m1"));
    }

    #[test]
    fn attempt_that_nobody_got_is_a_new_receive_too() {
        let mut queue = attempted();
        let receipts = ["g1-m1", "g1-m2"].map(|body| queue.receipts[body]);
        queue.give_back_by(at(11), receipts.to_vec(), Some("try"));
        assert_eq!(queue.attempt(at(12), 1, "try").as_deref(), Ok("g1-m1"));
    }

    #[test]
    fn giving_back_an_old_receipt_leaves_the_later_attempt_alone() {
        let mut queue = attempted();
        let old = queue.receipts["g1-m1"];
        assert_eq!(
            queue.attempt(at(40), 1, "other").as_deref(),
            Ok("g2-m1"),
            "g1 has returned behind it"
        );
        assert_eq!(queue.attempt(at(41), 1, "third").as_deref(), Ok("g1-m1"));
        queue.give_back_by(at(42), vec![old], Some("third"));
        assert_eq!(queue.attempt(at(43), 1, "third").as_deref(), Ok("g1-m1"));
    }

    #[test]
    fn changed_visibility_refuses_the_attempt_also_if_it_ends_when_it_would_have() {
        let mut queue = attempted();
        queue
            .change_visibility(at(10), "g1-m1", 30)
            .expect("changed");
        let refused = Err(ReceiveRefused::AttemptNotRetryable);
        assert_eq!(queue.attempt(at(11), 2, "try"), refused);
        assert_eq!(
            queue.attempt(at(40), 2, "try").as_deref(),
            Ok("g2-m1 g1-m1"),
            "all are visible again"
        );
    }

    #[test]
    fn oldest_attempts_are_forgotten_when_all_take_up_too_much() {
        let mut queue = fifo().with(|settings| settings.visibility_timeout = 43_200);
        let id = |number: usize| format!("{number:0>128}");
        let most = MAX_BYTES / (OVERHEAD + 128 + size_of::<Receipt>());
        for number in 0..=most {
            let body = format!("g{number}-m1");
            queue.send(at(0), &body);
            assert_eq!(queue.attempt(at(1), 1, &id(number)).as_deref(), Ok(&*body));
        }
        let attempts = &queue.queue.attempts;
        assert_eq!((attempts.len(), attempts.by_id.len()), (most, most));
        assert!(attempts.bytes <= MAX_BYTES);
        assert_eq!(queue.attempt(at(2), 1, &id(1)).as_deref(), Ok("g1-m1"));
        assert_eq!(
            queue.attempt(at(2), 1, &id(0)).as_deref(),
            Ok(""),
            "a new receive, and nothing is left to receive"
        );
    }

    #[test]
    fn attempts_whose_messages_are_visible_again_are_forgotten() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1");
        for number in 0..100 {
            let received = queue.attempt_for(at(1), 0, &format!("zero {number}"));
            assert_eq!(received.as_deref(), Ok("g1-m1"));
        }
        assert_eq!(queue.queue.attempts.len(), 0);
        for number in 0..100 {
            let moment = at(10 + 10 * number);
            let received = queue.attempt_for(moment, 10, &format!("ten {number}"));
            assert_eq!(received.as_deref(), Ok("g1-m1"));
        }
        assert_eq!(queue.queue.attempts.len(), 1);
    }

    #[test]
    fn attempts_mean_nothing_to_a_standard_queue() {
        let mut queue = standard();
        queue.send(at(0), "a b");
        assert_eq!(queue.attempt(at(1), 1, "try").as_deref(), Ok("a"));
        assert_eq!(queue.attempt(at(1), 1, "try").as_deref(), Ok("b"));
    }
}
