//! A queue as the unit tests like to see it: messages are known by their bodies, moments by their seconds.
//!
//! A message's group is its body up to the dash: `g1-m2` is the second message of group `g1`.

use std::collections::HashMap;
use std::sync::Arc;

use super::input::{
    AcceptDeadLetters, ChangeVisibility, Count, Delete, GiveBack, Movable, Purge, Receive, Send,
    SetSettings, TakeForMove,
};
use super::*;
use crate::aws::AccountId;
use crate::aws::message::{Body, Sender};
use crate::ids::MessageId;

/// The moment so many seconds after the tests' beginning.
pub(super) fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(1_000_000 + secs)
}

/// A message whose body is `body`.
pub(super) fn message(body: &str) -> NewMessage {
    NewMessage {
        id: MessageId::from_u128(body.bytes().fold(7, |id, byte| id * 257 + u128::from(byte))),
        body: Body::new(body),
        attributes: None,
        trace_header: None,
        sender: Sender::User(AccountId::DEFAULT),
        delay_seconds: None,
        group_id: None,
        deduplication_id: None,
    }
}

/// A queue, and the latest receipt of each message by its body.
pub(super) struct TestQueue {
    pub(super) queue: Queue,
    pub(super) receipts: HashMap<String, Receipt>,
    pub(super) dead_letters: Vec<DeadLetter>,
    /// How often a receive needed to know whether the dead-letter queue exists.
    pub(super) targets_needed: usize,
    /// The bodies' ids of the messages that have expired.
    pub(super) expired: Vec<MessageId>,
}

/// A standard queue with AWS's default settings.
pub(super) fn standard() -> TestQueue {
    TestQueue::new(Kind::Standard)
}

/// A FIFO queue with AWS's default settings.
pub(super) fn fifo() -> TestQueue {
    TestQueue::new(Kind::Fifo)
}

impl TestQueue {
    fn new(kind: Kind) -> Self {
        let settings = Settings::default();
        Self {
            queue: Queue::new(kind, "arn:source".into(), settings),
            receipts: HashMap::new(),
            dead_letters: Vec::new(),
            targets_needed: 0,
            expired: Vec::new(),
        }
    }

    /// Applies an input.
    pub(super) fn apply<I: Apply>(&mut self, now: Timestamp, input: I) -> I::Output {
        let applied = self.queue.apply(now, input);
        self.expired.extend(applied.expired);
        applied.output
    }

    /// Changes the settings.
    pub(super) fn set(&mut self, now: Timestamp, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.queue.settings().clone();
        change(&mut settings);
        self.apply(now, SetSettings(settings));
    }

    /// The queue with other settings.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        self.set(at(0), change);
        self
    }

    /// Sends a message for each of the words.
    pub(super) fn send(&mut self, now: Timestamp, bodies: &str) {
        for body in bodies.split_whitespace() {
            let sent = self.send_as(now, body, body);
            assert!(!sent.is_duplicate, "{body}");
        }
    }

    /// Sends a message with a deduplication id, which counts on FIFO queues.
    pub(super) fn send_as(&mut self, now: Timestamp, body: &str, deduplication_id: &str) -> Sent {
        let mut message = message(body);
        if self.queue.kind() == Kind::Fifo {
            message.group_id = body.split('-').next().map(Arc::from);
            message.deduplication_id = Some(deduplication_id.into());
        }
        self.send_whole(now, message)
    }

    /// Sends this message.
    pub(super) fn send_whole(&mut self, now: Timestamp, message: NewMessage) -> Sent {
        self.apply(now, Send(message))
    }

    /// Receives with the queue's visibility timeout, and returns the bodies.
    pub(super) fn receive(&mut self, now: Timestamp, max_messages: usize) -> String {
        self.request(now, max_messages, None, None)
            .expect("not refused")
    }

    /// Receives with a visibility timeout, and returns the bodies.
    pub(super) fn receive_for(
        &mut self,
        now: Timestamp,
        max_messages: usize,
        timeout: u32,
    ) -> String {
        self.request(now, max_messages, Some(timeout), None)
            .expect("not refused")
    }

    /// Receives after so many messages, and returns the bodies.
    pub(super) fn receive_but(
        &mut self,
        now: Timestamp,
        passed_over: usize,
        max_messages: usize,
    ) -> String {
        let receive = Receive {
            max_messages,
            visibility_timeout: None,
            attempt_id: None,
            target_exists: None,
            passed_over,
        };
        let received = self.apply(now, &receive).expect("not refused");
        let bodies = received.deliveries.iter();
        let bodies: Vec<_> = bodies
            .map(|delivery| delivery.body.text().to_string())
            .collect();
        bodies.join(" ")
    }

    /// Receives as an attempt, and returns the bodies.
    pub(super) fn attempt(
        &mut self,
        now: Timestamp,
        max_messages: usize,
        attempt_id: &str,
    ) -> Result<String, ReceiveRefused> {
        self.request(now, max_messages, None, Some(attempt_id))
    }

    /// Receives up to ten messages with a visibility timeout as an attempt, and returns the bodies.
    pub(super) fn attempt_for(
        &mut self,
        now: Timestamp,
        timeout: u32,
        attempt_id: &str,
    ) -> Result<String, ReceiveRefused> {
        self.request(now, 10, Some(timeout), Some(attempt_id))
    }

    /// Receives one message and returns it whole.
    pub(super) fn receive_one(&mut self, now: Timestamp) -> Delivery {
        let received = self.receive_raw(now, 1, None, None).expect("not refused");
        received.deliveries.into_iter().next().expect("a message")
    }

    /// Deletes a message by its latest receipt.
    pub(super) fn delete(&mut self, now: Timestamp, body: &str) -> Result<(), ReceiptExpired> {
        self.delete_by(now, self.receipts[body])
    }

    /// Deletes a message by this receipt.
    pub(super) fn delete_by(
        &mut self,
        now: Timestamp,
        receipt: Receipt,
    ) -> Result<(), ReceiptExpired> {
        self.apply(now, Delete { receipt }).map(drop)
    }

    /// Deletes all of the messages by their latest receipts.
    pub(super) fn delete_all(&mut self, now: Timestamp, bodies: &str) {
        for body in bodies.split_whitespace() {
            self.delete(now, body).expect(body);
        }
    }

    /// Changes a message's visibility by its latest receipt.
    pub(super) fn change_visibility(
        &mut self,
        now: Timestamp,
        body: &str,
        timeout: u32,
    ) -> Result<(), VisibilityRefused> {
        self.change_visibility_by(now, self.receipts[body], timeout)
    }

    /// Changes a message's visibility by this receipt.
    pub(super) fn change_visibility_by(
        &mut self,
        now: Timestamp,
        receipt: Receipt,
        visibility_timeout: u32,
    ) -> Result<(), VisibilityRefused> {
        let change = ChangeVisibility {
            receipt,
            visibility_timeout,
        };
        self.apply(now, change).map(drop)
    }

    /// Gives back messages by their latest receipts.
    pub(super) fn give_back(&mut self, now: Timestamp, bodies: &str) {
        let receipts = bodies.split_whitespace().map(|body| self.receipts[body]);
        let receipts = receipts.collect();
        self.give_back_by(now, receipts, None);
    }

    /// Gives back messages by these receipts, of this attempt.
    pub(super) fn give_back_by(
        &mut self,
        now: Timestamp,
        receipts: Vec<Receipt>,
        attempt_id: Option<&str>,
    ) {
        let give_back = GiveBack {
            receipts,
            attempt_id: attempt_id.map(Arc::from),
        };
        self.apply(now, give_back);
    }

    /// Drops all messages.
    pub(super) fn purge(&mut self, now: Timestamp) {
        self.apply(now, Purge);
    }

    /// Accepts a dead letter.
    pub(super) fn accept(&mut self, now: Timestamp, dead_letter: DeadLetter) {
        self.apply(now, AcceptDeadLetters(vec![dead_letter]));
    }

    /// Takes messages out as a move task does.
    pub(super) fn take(&mut self, now: Timestamp, max_messages: usize, movable: Movable) -> Taken {
        let take = TakeForMove {
            max_messages,
            movable,
        };
        self.apply(now, take)
    }

    /// How many messages are visible, in flight, delayed.
    pub(super) fn counts(&mut self, now: Timestamp) -> [usize; 3] {
        let counts = self.apply(now, Count);
        [counts.visible, counts.in_flight, counts.delayed]
    }

    fn request(
        &mut self,
        now: Timestamp,
        max_messages: usize,
        timeout: Option<u32>,
        attempt_id: Option<&str>,
    ) -> Result<String, ReceiveRefused> {
        let received = self.receive_raw(now, max_messages, timeout, attempt_id)?;
        let bodies: Vec<_> = received
            .deliveries
            .iter()
            .map(|delivery| delivery.body.text().to_string())
            .collect();
        Ok(bodies.join(" "))
    }

    fn receive_raw(
        &mut self,
        now: Timestamp,
        max_messages: usize,
        visibility_timeout: Option<u32>,
        attempt_id: Option<&str>,
    ) -> Result<Received, ReceiveRefused> {
        let mut receive = Receive {
            max_messages,
            visibility_timeout,
            attempt_id: attempt_id.map(Arc::from),
            target_exists: None,
            passed_over: 0,
        };
        let mut received = self.apply(now, &receive)?;
        if received.needs_target {
            self.targets_needed += 1;
            let redrive = self.queue.settings().redrive.as_ref();
            receive.target_exists = redrive.map(|redrive| &*redrive.target == "arn:target");
            received = self.apply(now, &receive)?;
        }
        for delivery in &received.deliveries {
            let body = delivery.body.text().to_string();
            self.receipts.insert(body, delivery.receipt);
        }
        self.dead_letters.append(&mut received.dead_letters);
        Ok(received)
    }
}
