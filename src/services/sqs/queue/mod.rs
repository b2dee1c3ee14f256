//! The core of a queue: pure. No HTTP, no JSON, no lock, no clock of its own; the time is an argument.
//!
//! A queue changes only by [`Queue::apply`], which takes a value with its moment and returns what happened as a value:
//! the same inputs give the same outputs wherever they are applied. First it lets happen what fell due:
//! messages kept long enough expire, delays and visibility timeouts end. The cost of that is shared among the messages
//! concerned; apart from it, an input costs the logarithm of the number of messages at most, for each message it is
//! about.
//!
//! In reading order: [`input`] is what a queue is asked and what it answers, `message` the messages in both,
//! `settings` what decides how it answers. `receive`, `receipt` and `redrive` are the inputs that need more than a
//! screen. Below them, `stored` is a message as it is kept, `store` all of them, `serials` sets of them, `hidden` those that cannot be
//! received now, `standard` and `fifo` the order in which the others are delivered. `dedup` and `attempts` are what a FIFO queue
//! remembers of sends and receives.

mod attempts;
mod dedup;
mod fifo;
mod hidden;
pub mod input;
mod message;
mod receipt;
mod receive;
mod redrive;
mod serials;
mod settings;
mod standard;
mod store;
mod stored;
#[cfg(test)]
mod testing;

use std::sync::Arc;
use std::time::Duration;

pub use input::{
    Applied, Apply, Counts, Input, Output, ReceiptExpired, ReceiveRefused, Received, Sent, Taken,
    VisibilityRefused,
};
pub use message::{
    Blocker, DeadLetter, Delivery, Found, NewMessage, Receipt, Search, Stored, Visibility,
};
pub use settings::{DeduplicationScope, Kind, Redrive, Settings};

use attempts::Attempts;
use dedup::{Deduplication, Original};
use fifo::Fifo;
use hidden::Hidden;
use standard::Standard;
use store::Messages;
use stored::{Message, State, sequence_number};

use crate::clock::Timestamp;
use crate::ids::MessageId;

/// One queue: its messages, and what it remembers of them.
#[derive(Debug)]
pub struct Queue {
    arn: Arc<str>,
    settings: Settings,
    /// The latest moment of an input.
    latest: Timestamp,
    next_serial: u64,
    messages: Messages,
    hidden: Hidden,
    delivery_order: DeliveryOrder,
    deduplication: Deduplication,
    attempts: Attempts,
    /// Nothing ends before this moment that would have to be forgotten: a message's retention, what is remembered of
    /// sends and receives. May be too early, never too late.
    next_end: Timestamp,
    /// The messages that have expired since an input was last applied to the end.
    expired: Vec<MessageId>,
}

/// The order in which messages are delivered.
#[derive(Debug)]
enum DeliveryOrder {
    Standard(Standard),
    Fifo(Fifo),
}

impl Queue {
    /// An empty queue. Its dead letters name `arn` as their source.
    pub fn new(kind: Kind, arn: Arc<str>, settings: Settings) -> Self {
        Self {
            arn,
            latest: Timestamp::default(),
            next_serial: 0,
            messages: Messages::default(),
            hidden: Hidden::default(),
            delivery_order: DeliveryOrder::new(kind),
            deduplication: Deduplication::new(settings.deduplication_scope),
            attempts: Attempts::default(),
            next_end: Timestamp::MAX,
            expired: Vec::new(),
            settings,
        }
    }

    /// Lets happen what fell due, then what the input asks for. All changes of a queue come this way.
    ///
    /// Callers read the clock before they lock the queue, so one may come with an earlier moment after one with a
    /// later: the queue's time does not run backwards, and the earlier moment counts as the later.
    pub fn apply<I: Apply>(&mut self, now: Timestamp, input: I) -> Applied<I::Output> {
        self.latest = self.latest.max(now);
        let output = input.apply_to(self, self.latest);
        Applied {
            output,
            expired: std::mem::take(&mut self.expired),
        }
    }

    /// The ARN that its dead letters name as their source.
    pub fn arn(&self) -> &Arc<str> {
        &self.arn
    }

    /// Standard or FIFO.
    pub fn kind(&self) -> Kind {
        match self.delivery_order {
            DeliveryOrder::Standard(_) => Kind::Standard,
            DeliveryOrder::Fifo(_) => Kind::Fifo,
        }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// When a message may become deliverable next without a call: at the end of a delay or a visibility timeout. In a
    /// FIFO queue also when the message that has been kept longest expires, as others may wait behind it.
    pub fn next_change(&self) -> Option<Timestamp> {
        let end = self.hidden.next_end()?;
        match self.delivery_order {
            DeliveryOrder::Standard(_) => Some(end),
            DeliveryOrder::Fifo(_) => self.next_expiry().map(|(expiry, _)| end.min(expiry)),
        }
    }

    /// When something may have to be forgotten next; not before. [`Timestamp::MAX`] when there is nothing to forget.
    pub(crate) fn next_end(&self) -> Timestamp {
        self.next_end
    }

    /// How many messages are stored and how many sends and receives are remembered, be their time over or not.
    #[cfg(test)]
    pub(crate) fn held(&self) -> [usize; 3] {
        [
            self.messages.len(),
            self.deduplication.len(),
            self.attempts.len(),
        ]
    }

    /// The message that a FIFO queue's group waits for: its first, if that is hidden. As of the latest input.
    pub fn blocker(&self, group_id: &str) -> Option<Blocker> {
        match &self.delivery_order {
            DeliveryOrder::Standard(_) => None,
            DeliveryOrder::Fifo(fifo) => self.messages[fifo.head(group_id)?].as_blocker(),
        }
    }

    /// Looks for the message with this id among up to `limit` messages, from the serial `from` on. As of the latest input.
    pub fn search(&self, id: MessageId, from: u64, limit: usize) -> Search {
        let mut place = from;
        for (serial, message) in self.messages.from(from).take(limit) {
            if message.id == id {
                return Search::Found(self.found(serial, message).into());
            }
            place = serial + 1;
        }
        if place == from {
            return Search::NotThere;
        }
        Search::More(place)
    }

    fn found(&self, serial: u64, message: &Message) -> Found {
        let delivery = message.delivery(serial);
        let head = match (&self.delivery_order, &delivery.group_id) {
            (DeliveryOrder::Fifo(fifo), Some(group_id)) => fifo.head(group_id),
            _ => None,
        };
        let head = head.filter(|head| *head != serial);
        Found {
            visibility: message.state().into(),
            first_of_group: head.map(|head| {
                let message = &self.messages[head];
                Stored {
                    delivery: message.delivery(head),
                    visibility: message.state().into(),
                }
            }),
            delivery,
        }
    }

    /// Up to `limit` messages from the serial `from` on, in the order in which they came. As of the latest input. To look at
    /// all of them walks the queue, in steps that others come between.
    pub fn stored(&self, from: u64, limit: usize) -> Vec<Stored> {
        let messages = self.messages.from(from).take(limit);
        let stored = messages.map(|(serial, message)| Stored {
            delivery: message.delivery(serial),
            visibility: message.state().into(),
        });
        stored.collect()
    }

    fn set_settings(&mut self, now: Timestamp, settings: Settings) {
        self.catch_up(now);
        let old = std::mem::replace(&mut self.settings, settings);
        let scope_delay = seconds(self.settings.deduplication_scope_delay);
        self.deduplication
            .change_scope(self.settings.deduplication_scope, now + scope_delay);
        // The retention may have become shorter.
        self.next_end = now;
        if self.kind() == Kind::Fifo && old.delay_seconds != self.settings.delay_seconds {
            let longest = old.delay_seconds.max(self.settings.delay_seconds);
            self.delay_again(now, seconds(longest));
        }
        self.catch_up(now);
    }

    fn send(&mut self, now: Timestamp, message: NewMessage) -> Sent {
        self.catch_up(now);
        if let Some(original) = self.original_of(now, &message) {
            return Sent {
                id: original.id,
                sequence_number: Some(sequence_number(original.serial)),
                is_duplicate: true,
            };
        }
        let (id, kind) = (message.id, self.kind());
        let delay_seconds = match kind {
            // A message's own delay wins, also if it is zero.
            Kind::Standard => message.delay_seconds,
            Kind::Fifo => None,
        };
        let delay = seconds(delay_seconds.unwrap_or(self.settings.delay_seconds));
        let serial = self.add(Message::new(now, message), now + delay, now);
        self.remember(serial);
        Sent {
            id,
            sequence_number: (kind == Kind::Fifo).then(|| sequence_number(serial)),
            is_duplicate: false,
        }
    }

    fn purge(&mut self, now: Timestamp) {
        self.catch_up(now);
        self.messages = Messages::default();
        self.hidden = Hidden::default();
        self.delivery_order = match &self.delivery_order {
            DeliveryOrder::Standard(_) => DeliveryOrder::new(Kind::Standard),
            DeliveryOrder::Fifo(fifo) => DeliveryOrder::Fifo(fifo.emptied()),
        };
        self.deduplication = self.deduplication.emptied();
        self.attempts = Attempts::default();
        self.next_end = self.earliest_end();
    }

    fn counts(&mut self, now: Timestamp) -> Counts {
        self.catch_up(now);
        let (in_flight, delayed) = (self.hidden.in_flight(), self.hidden.delayed());
        Counts {
            visible: self.messages.len() - in_flight - delayed,
            in_flight,
            delayed,
        }
    }

    /// Lets happen what fell due.
    fn catch_up(&mut self, now: Timestamp) {
        if self.next_end <= now {
            self.forget(now, usize::MAX);
        }
        while let Some(serial) = self.hidden.first_due(now) {
            let turn = self.delivery_order.draw_turn(serial);
            self.set_state(serial, State::Visible, turn);
        }
    }

    /// Forgets what is over, but `max_messages` messages at most.
    fn forget(&mut self, now: Timestamp, max_messages: usize) {
        for _ in 0..max_messages {
            match self.next_expiry() {
                Some((expiry, serial)) if expiry <= now => {
                    let expired = self.remove(serial);
                    self.expired.extend(expired.map(|message| message.id));
                }
                _ => break,
            }
        }
        self.deduplication.expire(now);
        self.attempts.expire(now);
        self.next_end = self.earliest_end();
    }

    fn earliest_end(&self) -> Timestamp {
        let expiry = self.next_expiry().map(|(expiry, _)| expiry);
        let ends = [
            expiry,
            self.deduplication.next_end(),
            self.attempts.next_end(),
        ];
        ends.into_iter().flatten().min().unwrap_or(Timestamp::MAX)
    }

    /// Takes note that something will have to be forgotten at `end`.
    fn note_end(&mut self, end: Timestamp) {
        self.next_end = self.next_end.min(end);
    }

    /// When the message that has been kept longest expires, and its serial.
    fn next_expiry(&self) -> Option<(Timestamp, u64)> {
        let retention = seconds(self.settings.message_retention_period);
        let (kept_since, serial) = self.messages.longest_kept()?;
        Some((kept_since + retention, serial))
    }

    /// Adds a message that came just now, and gives it its serial.
    fn add(&mut self, mut message: Message, delayed_until: Timestamp, now: Timestamp) -> u64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        if delayed_until > now {
            message.set_state(State::Delayed {
                until: delayed_until,
            });
        }
        self.note_end(message.kept_since + seconds(self.settings.message_retention_period));
        message.turn = self.delivery_order.draw_turn(serial);
        self.hidden.insert(serial, &message);
        match &mut self.delivery_order {
            DeliveryOrder::Standard(standard) if message.is_visible() => standard.show(serial),
            DeliveryOrder::Standard(_) => {}
            DeliveryOrder::Fifo(fifo) => fifo.add(serial, &mut message),
        }
        self.messages.insert(now, serial, message);
        serial
    }

    /// Shows a message or hides it. A new turn is drawn for it when it becomes visible because its time has come.
    fn set_state(&mut self, serial: u64, state: State, turn: u64) {
        let message = &mut self.messages[serial];
        self.hidden.remove(message);
        message.set_state(state);
        message.turn = turn;
        self.hidden.insert(serial, message);
        match &mut self.delivery_order {
            DeliveryOrder::Standard(standard) if message.is_visible() => standard.show(serial),
            DeliveryOrder::Standard(standard) => standard.hide(serial),
            DeliveryOrder::Fifo(fifo) => fifo.update(serial, &self.messages),
        }
    }

    /// Hides a message; a hidden one gets a new end.
    fn hide(&mut self, serial: u64, state: State) {
        let turn = self.messages[serial].turn;
        self.set_state(serial, state, turn);
    }

    fn remove(&mut self, serial: u64) -> Option<Message> {
        let message = self.messages.remove(serial)?;
        self.hidden.remove(&message);
        match &mut self.delivery_order {
            DeliveryOrder::Standard(standard) if message.is_visible() => standard.hide(serial),
            DeliveryOrder::Standard(_) => {}
            DeliveryOrder::Fifo(fifo) => fifo.remove(serial, &message, &self.messages),
        }
        Some(message)
    }

    /// Hides the untouched messages of a FIFO queue for its new delay, be it shorter or longer than the old one.
    fn delay_again(&mut self, now: Timestamp, longest_delay: Duration) {
        let delay = seconds(self.settings.delay_seconds);
        let untouched: Vec<_> = self
            .messages
            .kept_since_after(now - longest_delay)
            .filter(|(_, message)| message.is_untouched())
            .map(|(serial, message)| (serial, message.kept_since + delay, message.state()))
            .collect();
        for (serial, until, state) in untouched {
            // A delay that has ended is set all the same: the message comes back as if it had ended in time.
            if until > now || state != State::Visible {
                self.hide(serial, State::Delayed { until });
            }
        }
    }

    fn original_of(&self, now: Timestamp, message: &NewMessage) -> Option<&Original> {
        match (
            &self.delivery_order,
            &message.group_id,
            &message.deduplication_id,
        ) {
            (DeliveryOrder::Fifo(_), Some(group_id), Some(deduplication_id)) => {
                self.deduplication.find(now, group_id, deduplication_id)
            }
            _ => None,
        }
    }

    /// Remembers a message that was sent to a FIFO queue, so that its duplicates are known.
    fn remember(&mut self, serial: u64) {
        if self.kind() == Kind::Standard {
            return;
        }
        if let Some(original) = self.messages[serial].as_original(serial) {
            self.note_end(original.sent_at + dedup::WINDOW);
            self.deduplication.insert(original);
        }
    }
}

impl DeliveryOrder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Standard => Self::Standard(Standard::default()),
            Kind::Fifo => Self::Fifo(Fifo::default()),
        }
    }

    /// The turn of a message that becomes visible now.
    fn draw_turn(&mut self, serial: u64) -> u64 {
        match self {
            // A standard queue's messages keep the order in which they arrived.
            Self::Standard(_) => serial,
            Self::Fifo(fifo) => fifo.draw_turn(),
        }
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds))
}

/// How much room a table of `len` entries should keep, if its `capacity` is far too large. As it takes many removals to
/// come here, the move to a smaller table costs each of them next to nothing.
fn smaller_capacity(len: usize, capacity: usize) -> Option<usize> {
    (capacity > 1024 && len < capacity / 8).then_some(capacity / 4)
}

#[cfg(test)]
mod tests {
    use super::input::{Count, Delete, Receive, Send};
    use super::testing::{at, fifo, message, standard};
    use super::*;

    #[test]
    fn purge_drops_all_messages_and_their_receipts() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1 g1-m2");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        queue.purge(at(1));
        assert_eq!(queue.counts(at(1)), [0, 0, 0]);
        assert_eq!(queue.queue.next_change(), None);
        assert_eq!(queue.delete(at(1), "g1-m1"), Ok(()));
        queue.send(at(2), "g1-m3");
        assert_eq!(queue.delete(at(2), "g1-m1"), Ok(()));
        assert_eq!(queue.receive(at(2), 10), "g1-m3");
    }

    #[test]
    fn stored_messages_are_listed_in_steps_with_their_visibility() {
        let mut queue = standard();
        queue.send(at(0), "a b c d");
        queue.set(at(0), |settings| settings.delay_seconds = 100);
        queue.send(at(0), "e");
        assert_eq!(queue.receive(at(1), 1), "a");
        assert_eq!(queue.delete(at(1), "a"), Ok(()));
        assert_eq!(queue.receive(at(1), 1), "b");
        let stored = |from, limit| {
            let stored = queue.queue.stored(from, limit).into_iter();
            let stored = stored.map(|stored| {
                let (body, _) = stored.delivery.body.read();
                (
                    stored.delivery.receipt.serial,
                    body.to_string(),
                    stored.visibility,
                )
            });
            stored.collect::<Vec<_>>()
        };
        let [b, c, d, e] = [
            (1, "b", Visibility::InFlight),
            (2, "c", Visibility::Visible),
            (3, "d", Visibility::Visible),
            (4, "e", Visibility::Delayed),
        ]
        .map(|(serial, body, visibility)| (serial, body.to_owned(), visibility));
        assert_eq!(stored(0, 2), [b, c]);
        assert_eq!(stored(3, 2), [d, e]);
        assert_eq!(stored(5, 2), []);
    }

    #[test]
    fn a_message_is_searched_for_in_steps_and_told_with_what_it_waits_for() {
        let mut queue = fifo();
        queue.send(at(0), "g1-m1 g2-m1 g1-m2");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        let [first, other, second] = ["g1-m1", "g2-m1", "g1-m2"].map(|body| message(body).id);
        let search = |id, from, limit| queue.queue.search(id, from, limit);
        assert_eq!(search(second, 0, 2), Search::More(2));
        let found = |id, from| match search(id, from, 2) {
            Search::Found(found) => found,
            other => panic!("{other:?}"),
        };
        let waiting = found(second, 2);
        assert_eq!(waiting.visibility, Visibility::Visible);
        let head = waiting.first_of_group.expect("another one");
        assert_eq!(head.delivery.id, first);
        assert_eq!(head.delivery.hidden_until, Some(at(31)));
        assert_eq!(found(first, 0).first_of_group, None);
        assert_eq!(found(other, 0).first_of_group, None);
        assert_eq!(search(message("g9-m9").id, 0, 9), Search::More(3));
        assert_eq!(search(message("g9-m9").id, 3, 9), Search::NotThere);
    }

    #[test]
    fn new_delay_counts_for_a_fifo_queues_stored_messages() {
        let mut queue = fifo().with(|settings| settings.delay_seconds = 100);
        queue.send(at(0), "g1-m1");
        queue.send(at(10), "g2-m1");
        queue.set(at(20), |settings| settings.delay_seconds = 15);
        assert_eq!(queue.counts(at(20)), [1, 0, 1]);
        assert_eq!(queue.receive(at(20), 1), "g1-m1");
        assert_eq!(queue.counts(at(25)), [1, 1, 0]);
        queue.set(at(25), |settings| settings.delay_seconds = 50);
        assert_eq!(queue.counts(at(25)), [0, 1, 1], "one was received");
        assert_eq!(queue.counts(at(60)), [2, 0, 0]);
    }

    #[test]
    fn new_delay_does_not_count_for_a_standard_queues_stored_messages() {
        let mut queue = standard().with(|settings| settings.delay_seconds = 100);
        queue.send(at(0), "a");
        queue.set(at(1), |settings| settings.delay_seconds = 0);
        assert_eq!(queue.counts(at(99)), [0, 0, 1]);
        assert_eq!(queue.counts(at(100)), [1, 0, 0]);
    }

    #[test]
    fn new_visibility_timeout_counts_for_later_receives_only() {
        let mut queue = standard();
        queue.send(at(0), "a b");
        assert_eq!(queue.receive(at(0), 1), "a");
        queue.set(at(1), |settings| settings.visibility_timeout = 5);
        assert_eq!(queue.receive(at(1), 1), "b");
        assert_eq!(queue.receive(at(6), 10), "b");
    }

    #[test]
    fn time_does_not_run_backwards() {
        let mut queue = standard().with(|settings| settings.delay_seconds = 5);
        queue.send(at(0), "a");
        assert_eq!(queue.counts(at(5)), [1, 0, 0]);
        assert_eq!(queue.counts(at(4)), [1, 0, 0], "it was visible before");
        queue.set(at(4), |settings| settings.delay_seconds = 0);
        queue.send(at(4), "b");
        assert_eq!(queue.receive_one(at(4)).first_received_at, at(5));
        assert_eq!(queue.receive_one(at(6)).sent_at, at(5), "b");
    }

    #[test]
    fn same_inputs_give_the_same_outputs_again() {
        let settings = standard().queue.settings().clone();
        let receive = Receive {
            max_messages: 10,
            visibility_timeout: Some(5),
            attempt_id: None,
            target_exists: None,
            passed_over: 0,
        };
        let receipt = Receipt {
            serial: 0,
            receive: 1,
        };
        let history = [
            (at(0), Input::Send(Send(message("a")))),
            (at(1), Input::Receive(receive.clone())),
            (at(7), Input::Receive(receive)),
            (at(8), Input::Delete(Delete { receipt })),
            (at(9), Input::Count(Count)),
        ];
        let replay = || {
            let mut queue = Queue::new(Kind::Standard, "arn:source".into(), settings.clone());
            history
                .clone()
                .map(|(moment, input)| queue.apply(moment, input))
        };
        let outputs = replay();
        assert!(matches!(&outputs[2].output, Output::Received(Ok(received))
            if received.deliveries[0].receive_count == 2));
        assert_eq!(outputs[4].output, Output::Counted(Counts::default()));
        assert_eq!(outputs, replay());
    }

    #[test]
    fn message_is_kept_in_little_memory() {
        assert!(size_of::<Message>() <= 160, "{}", size_of::<Message>());
    }
}
