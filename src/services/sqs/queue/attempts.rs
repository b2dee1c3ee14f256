//! Receive attempts: how a FIFO queue's receiver whose connection broke gets the same messages again.
//!
//! A receive with the `ReceiveRequestAttemptId` of an earlier one is answered with the same messages and receipts, for
//! five minutes, as long as they are hidden and nobody has touched them (SQS API, `ReceiveMessage`).

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::Receipt;
use crate::clock::Timestamp;

const WINDOW: Duration = Duration::from_mins(5);

/// The attempts of the last five minutes that delivered something.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    by_id: HashMap<Arc<str>, Attempt>,
    /// The attempt that gave a receipt.
    by_receipt: HashMap<Receipt, Arc<str>>,
    /// When and what to forget, in order of time.
    ends: VecDeque<(Timestamp, Arc<str>)>,
}

#[derive(Debug)]
struct Attempt {
    receipts: Vec<Receipt>,
    made_at: Timestamp,
    hidden_until: Timestamp,
    is_modified: bool,
}

/// What to answer to a receive with an attempt id.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// There is nothing to repeat.
    New,
    /// The same as before.
    Repeat(Vec<Receipt>),
    /// It cannot be repeated.
    Refused,
}

impl Attempts {
    /// Finds what to answer to a receive with `id`.
    pub(super) fn find(&self, now: Timestamp, id: &str) -> Retry {
        match self.by_id.get(id) {
            Some(attempt) if now >= attempt.hidden_until => Retry::New,
            Some(attempt) if attempt.is_modified => Retry::Refused,
            Some(attempt) => Retry::Repeat(attempt.receipts.clone()),
            None => Retry::New,
        }
    }

    /// Remembers what the attempt delivered.
    pub(super) fn insert(
        &mut self,
        now: Timestamp,
        id: &Arc<str>,
        receipts: Vec<Receipt>,
        hidden_until: Timestamp,
    ) {
        self.forget(id);
        for receipt in &receipts {
            self.by_receipt.insert(*receipt, id.clone());
        }
        let attempt = Attempt {
            receipts,
            made_at: now,
            hidden_until,
            is_modified: false,
        };
        self.by_id.insert(id.clone(), attempt);
        self.ends.push_back((now + WINDOW, id.clone()));
    }

    /// Takes note that the attempt was repeated; its five minutes go on.
    pub(super) fn extend(&mut self, id: &str, hidden_until: Timestamp) {
        if let Some(attempt) = self.by_id.get_mut(id) {
            attempt.hidden_until = hidden_until;
        }
    }

    /// Takes note that a receipt was used to delete its message or to change its visibility: the attempt that gave it
    /// cannot be repeated.
    pub(super) fn modify(&mut self, receipt: Receipt) {
        if let Some(id) = self.by_receipt.get(&receipt)
            && let Some(attempt) = self.by_id.get_mut(id)
        {
            attempt.is_modified = true;
        }
    }

    /// Forgets the attempt that gave a receipt: its answer never left, so a retry is a new receive.
    pub(super) fn undo(&mut self, receipt: Receipt) {
        if let Some(id) = self.by_receipt.get(&receipt).cloned() {
            self.forget(&id);
        }
    }

    /// Forgets the attempts made five minutes ago or earlier.
    pub(super) fn expire(&mut self, now: Timestamp) {
        while let Some((end, id)) = self.ends.front()
            && *end <= now
        {
            // The id may belong to a later attempt now.
            let id = id.clone();
            if let Some(attempt) = self.by_id.get(&id)
                && attempt.made_at + WINDOW <= now
            {
                self.forget(&id);
            }
            self.ends.pop_front();
        }
        if self.ends.is_empty() && self.ends.capacity() > 1024 {
            *self = Self::default(); // gives back the memory of a busier time
        }
    }

    fn forget(&mut self, id: &str) {
        let attempt = self.by_id.remove(id);
        for receipt in attempt.iter().flat_map(|attempt| &attempt.receipts) {
            self.by_receipt.remove(receipt);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReceiveRefused;
    use super::super::testing::{TestQueue, at, fifo, standard};

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
        queue.give_back(at(11), "g1-m1 g1-m2");
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
        queue.give_back_by(at(42), vec![old]);
        assert_eq!(queue.attempt(at(43), 1, "third").as_deref(), Ok("g1-m1"));
    }

    #[test]
    fn attempts_mean_nothing_to_a_standard_queue() {
        let mut queue = standard();
        queue.send(at(0), "a b");
        assert_eq!(queue.attempt(at(1), 1, "try").as_deref(), Ok("a"));
        assert_eq!(queue.attempt(at(1), 1, "try").as_deref(), Ok("b"));
    }
}
