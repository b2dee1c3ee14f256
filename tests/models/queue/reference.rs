//! The simplest queue that can be held against the real one: a list that every call walks from end to end.

use std::sync::Arc;
use std::time::Duration;

use topiq::aws::message::SequenceNumber;
use topiq::clock::Timestamp;
use topiq::ids::MessageId;
use topiq::services::sqs::queue::{
    Counts, DeadLetter, DeduplicationScope, Delivery, Kind, NewMessage, Receipt, Receive,
    ReceiveRefused, Settings, VisibilityRefused,
};

const WINDOW: Duration = Duration::from_mins(5);

pub(crate) struct Reference {
    kind: Kind,
    arn: Arc<str>,
    settings: Settings,
    /// In the order in which they became visible. Hidden ones stand where they stood, and go to the end when they become
    /// visible because their time has come.
    line: Vec<Entry>,
    arrivals: u64,
    sends: Vec<Send>,
    attempts: Vec<Attempt>,
}

#[derive(Clone)]
struct Entry {
    serial: u64,
    id: MessageId,
    group_id: Option<Arc<str>>,
    deduplication_id: Option<Arc<str>>,
    sent_at: Timestamp,
    kept_since: Timestamp,
    first_received_at: Option<Timestamp>,
    received_at: Option<Timestamp>,
    receives_elsewhere: u32,
    receives_here: u32,
    receipts: u32,
    source: Option<Arc<str>>,
    hidden_until: Option<Timestamp>,
    is_delayed: bool,
}

struct Send {
    at: Timestamp,
    serial: u64,
    id: MessageId,
    group_id: Option<Arc<str>>,
    deduplication_id: Option<Arc<str>>,
}

struct Attempt {
    id: Arc<str>,
    at: Timestamp,
    hidden_until: Timestamp,
    receipts: Vec<Receipt>,
    is_modified: bool,
}

/// What a test compares of a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    receipt: Receipt,
    id: MessageId,
    group_id: Option<Arc<str>>,
    deduplication_id: Option<Arc<str>>,
    sequence_number: Option<SequenceNumber>,
    sent_at: Timestamp,
    first_received_at: Timestamp,
    receive_count: u32,
    source: Option<Arc<str>>,
}

/// What a test compares of a dead letter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    id: MessageId,
    group_id: Option<Arc<str>>,
    deduplication_id: Option<Arc<str>>,
    sent_at: Timestamp,
    first_received_at: Timestamp,
    receive_count: u32,
    source: Arc<str>,
}

impl From<&Delivery> for Seen {
    fn from(delivery: &Delivery) -> Self {
        Self {
            receipt: delivery.receipt,
            id: delivery.id,
            group_id: delivery.group_id.clone(),
            deduplication_id: delivery.deduplication_id.clone(),
            sequence_number: delivery.sequence_number,
            sent_at: delivery.sent_at,
            first_received_at: delivery.first_received_at,
            receive_count: delivery.receive_count,
            source: delivery.dead_letter_source.clone(),
        }
    }
}

impl From<&DeadLetter> for Letter {
    fn from(letter: &DeadLetter) -> Self {
        Self {
            id: letter.message.id,
            group_id: letter.message.group_id.clone(),
            deduplication_id: letter.message.deduplication_id.clone(),
            sent_at: letter.sent_at,
            first_received_at: letter.first_received_at,
            receive_count: letter.receive_count,
            source: letter.source.clone(),
        }
    }
}

impl Reference {
    pub(crate) fn new(kind: Kind, arn: Arc<str>, settings: Settings) -> Self {
        Self {
            kind,
            arn,
            settings,
            line: Vec::new(),
            arrivals: 0,
            sends: Vec::new(),
            attempts: Vec::new(),
        }
    }

    pub(crate) fn set_settings(&mut self, now: Timestamp, settings: Settings) {
        self.catch_up(now);
        let is_new_delay = settings.delay_seconds != self.settings.delay_seconds;
        self.settings = settings;
        if self.kind == Kind::Fifo && is_new_delay {
            let delay = seconds(self.settings.delay_seconds);
            let sent = self.line.iter_mut().filter(|entry| entry.source.is_none());
            for entry in sent.filter(|entry| entry.receipts == 0) {
                let until = entry.kept_since + delay;
                if entry.is_delayed || until > now {
                    (entry.hidden_until, entry.is_delayed) = (Some(until), true);
                }
            }
        }
        self.catch_up(now);
    }

    /// The id and the sequence number to answer with, and whether the message was a duplicate.
    pub(crate) fn send(
        &mut self,
        now: Timestamp,
        message: &NewMessage,
    ) -> (MessageId, Option<SequenceNumber>, bool) {
        self.catch_up(now);
        if self.kind == Kind::Fifo
            && let Some(original) = self.original(now, message)
        {
            return (original.id, self.sequence_number(original.serial), true);
        }
        let own_delay = message
            .delay_seconds
            .filter(|_| self.kind == Kind::Standard);
        let delay = seconds(own_delay.unwrap_or(self.settings.delay_seconds));
        let is_delayed = !delay.is_zero();
        let serial = self.arrive(Entry {
            hidden_until: is_delayed.then_some(now + delay),
            is_delayed,
            ..Entry::new(now, message)
        });
        self.sends.push(Send {
            at: now,
            serial,
            id: message.id,
            group_id: message.group_id.clone(),
            deduplication_id: message.deduplication_id.clone(),
        });
        (message.id, self.sequence_number(serial), false)
    }

    pub(crate) fn receive(
        &mut self,
        now: Timestamp,
        request: &Receive,
        target_exists: bool,
    ) -> Result<(Vec<Seen>, Vec<Letter>), ReceiveRefused> {
        self.catch_up(now);
        let timeout = request.visibility_timeout;
        let until = now + seconds(timeout.unwrap_or(self.settings.visibility_timeout));
        let attempt_id = request.attempt_id.as_ref();
        let attempt_id = attempt_id.filter(|_| self.kind == Kind::Fifo);
        if let Some(attempt_id) = attempt_id
            && let Some(seen) = self.repeat(now, attempt_id, until)?
        {
            self.catch_up(now);
            return Ok((seen, Vec::new()));
        }
        let in_flight = self.line.iter().filter(|entry| entry.is_in_flight());
        let room = self
            .settings
            .in_flight_limit
            .saturating_sub(in_flight.count());
        if room == 0 && self.kind == Kind::Standard {
            return Err(ReceiveRefused::OverLimit);
        }
        let max_messages = request.max_messages.min(room);
        let (mut seen, mut letters) = (Vec::new(), Vec::new());
        for serial in self.order_of_delivery() {
            if seen.len() == max_messages {
                break;
            }
            let at = self.position(serial).expect("just listed");
            let redrive = self.settings.redrive.as_ref();
            let limit = redrive.map_or(u32::MAX, |redrive| redrive.max_receive_count);
            if self.line[at].receives_here >= limit && target_exists {
                letters.push(self.line.remove(at).into_letter(self.arn.clone()));
            } else {
                self.line[at].deliver(now, until);
                seen.push(self.seen(at));
            }
        }
        if let Some(id) = attempt_id
            && !seen.is_empty()
        {
            self.attempts.retain(|attempt| attempt.id != *id);
            self.attempts.push(Attempt {
                id: id.clone(),
                at: now,
                hidden_until: until,
                receipts: seen.iter().map(|seen| seen.receipt).collect(),
                is_modified: false,
            });
        }
        self.catch_up(now);
        Ok((seen, letters))
    }

    pub(crate) fn give_back(&mut self, now: Timestamp, receipts: &[Receipt]) {
        self.catch_up(now);
        for receipt in receipts {
            if let Some(attempt) = self.attempt_of(*receipt) {
                self.attempts.remove(attempt);
            }
            let position = self.position(receipt.serial);
            let entry = position.map(|at| &mut self.line[at]);
            let Some(entry) = entry.filter(|entry| entry.receipts == receipt.receive) else {
                continue;
            };
            entry.receipts += 1;
            entry.receives_here -= 1;
            if entry.receives_here + entry.receives_elsewhere == 0 {
                entry.first_received_at = None;
            }
            entry.hidden_until = None;
        }
    }

    /// Whether the receipt was good.
    pub(crate) fn delete(&mut self, now: Timestamp, receipt: Receipt) -> bool {
        self.catch_up(now);
        let Some(at) = self.position(receipt.serial) else {
            return true;
        };
        if self.is_dead(at, receipt) {
            return false;
        }
        self.line.remove(at);
        self.spoil_attempt(receipt);
        true
    }

    pub(crate) fn change_visibility(
        &mut self,
        now: Timestamp,
        receipt: Receipt,
        visibility_timeout: u32,
    ) -> Result<(), VisibilityRefused> {
        self.catch_up(now);
        let position = self.position(receipt.serial);
        let at = position.ok_or(VisibilityRefused::NotAvailable)?;
        if self.is_dead(at, receipt) {
            return Err(VisibilityRefused::ReceiptExpired);
        }
        let timeout = seconds(visibility_timeout);
        let received_at = self.line[at]
            .received_at
            .expect("receipts come of receives");
        if now.since(received_at) + timeout > Duration::from_hours(12) {
            return Err(VisibilityRefused::BeyondLimit);
        }
        self.line[at].hidden_until = Some(now + timeout);
        self.spoil_attempt(receipt);
        self.catch_up(now);
        Ok(())
    }

    pub(crate) fn purge(&mut self) {
        self.line.clear();
        self.sends.clear();
        self.attempts.clear();
    }

    pub(crate) fn counts(&mut self, now: Timestamp) -> Counts {
        self.catch_up(now);
        let count = |what: fn(&Entry) -> bool| self.line.iter().filter(|entry| what(entry)).count();
        Counts {
            visible: count(|entry| entry.hidden_until.is_none()),
            in_flight: count(Entry::is_in_flight),
            delayed: count(|entry| entry.is_delayed),
        }
    }

    pub(crate) fn next_change(&self) -> Option<Timestamp> {
        let end = self
            .line
            .iter()
            .filter_map(|entry| entry.hidden_until)
            .min()?;
        let expiries = self.line.iter().map(|entry| self.expiry(entry));
        match self.kind {
            Kind::Standard => Some(end),
            Kind::Fifo => expiries.min().map(|expiry| expiry.min(end)),
        }
    }

    pub(crate) fn accept_dead_letter(&mut self, now: Timestamp, letter: &DeadLetter) {
        self.catch_up(now);
        let mut entry = Entry {
            sent_at: letter.sent_at,
            first_received_at: Some(letter.first_received_at),
            receives_elsewhere: letter.receive_count,
            source: Some(letter.source.clone()),
            ..Entry::new(now, &letter.message)
        };
        match self.kind {
            Kind::Standard => entry.kept_since = letter.sent_at,
            Kind::Fifo => entry.deduplication_id = Some(entry.id.to_string().into()),
        }
        self.arrive(entry);
    }

    /// The ids of the messages taken, and whether the next was refused: one without a source if `needs_source`.
    pub(crate) fn take_for_move(
        &mut self,
        now: Timestamp,
        max: usize,
        needs_source: bool,
    ) -> (Vec<MessageId>, bool) {
        self.catch_up(now);
        let mut taken = Vec::new();
        while taken.len() < max {
            let Some(&serial) = self.order_of_delivery().first() else {
                return (taken, false);
            };
            let at = self.position(serial).expect("just listed");
            if needs_source && self.line[at].source.is_none() {
                return (taken, true);
            }
            taken.push(self.line.remove(at).id);
        }
        (taken, false)
    }

    fn catch_up(&mut self, now: Timestamp) {
        let retention = seconds(self.settings.message_retention_period);
        self.line.retain(|entry| entry.kept_since + retention > now);
        self.attempts.retain(|attempt| attempt.at + WINDOW > now);
        let is_due = |entry: &Entry| entry.hidden_until.is_some_and(|until| until <= now);
        let (mut due, rest): (Vec<_>, Vec<_>) = self.line.drain(..).partition(is_due);
        due.sort_by_key(|entry| entry.hidden_until);
        self.line = rest;
        for mut entry in due {
            (entry.hidden_until, entry.is_delayed) = (None, false);
            self.line.push(entry);
        }
    }

    /// Which messages a receive without end would deliver, in order.
    fn order_of_delivery(&self) -> Vec<u64> {
        let visible = self
            .line
            .iter()
            .filter(|entry| entry.hidden_until.is_none());
        if self.kind == Kind::Standard {
            let mut serials: Vec<_> = visible.map(|entry| entry.serial).collect();
            serials.sort_unstable();
            return serials;
        }
        visible
            .filter(|entry| self.group(entry).first().map(|head| head.serial) == Some(entry.serial))
            .flat_map(|head| self.group(head))
            .filter(|entry| {
                self.group(entry)
                    .iter()
                    .all(|earlier| earlier.serial > entry.serial || earlier.hidden_until.is_none())
            })
            .map(|entry| entry.serial)
            .collect()
    }

    /// All messages of a message's group, in order of arrival.
    fn group(&self, of: &Entry) -> Vec<&Entry> {
        let of_group = |entry: &&Entry| entry.group_id == of.group_id;
        let mut group: Vec<_> = self.line.iter().filter(of_group).collect();
        group.sort_by_key(|entry| entry.serial);
        group
    }

    fn original(&self, now: Timestamp, message: &NewMessage) -> Option<&Send> {
        self.sends.iter().rev().find(|send| {
            let is_same_scope = match self.settings.deduplication_scope {
                DeduplicationScope::Queue => true,
                DeduplicationScope::MessageGroup => send.group_id == message.group_id,
            };
            is_same_scope
                && send.at + WINDOW > now
                && send.deduplication_id == message.deduplication_id
        })
    }

    fn repeat(
        &mut self,
        now: Timestamp,
        attempt_id: &Arc<str>,
        until: Timestamp,
    ) -> Result<Option<Vec<Seen>>, ReceiveRefused> {
        let found = self
            .attempts
            .iter_mut()
            .find(|attempt| attempt.id == *attempt_id);
        let Some(attempt) = found.filter(|attempt| attempt.hidden_until > now) else {
            return Ok(None);
        };
        let positions: Option<Vec<_>> = attempt
            .receipts
            .iter()
            .map(|receipt| {
                self.line
                    .iter()
                    .position(|entry| entry.serial == receipt.serial)
            })
            .collect();
        let positions = positions.filter(|_| !attempt.is_modified);
        let positions = positions.ok_or(ReceiveRefused::AttemptNotRetryable)?;
        attempt.hidden_until = until;
        for &at in &positions {
            self.line[at].hidden_until = Some(until);
        }
        Ok(Some(
            positions.into_iter().map(|at| self.seen(at)).collect(),
        ))
    }

    fn spoil_attempt(&mut self, receipt: Receipt) {
        if let Some(attempt) = self.attempt_of(receipt) {
            self.attempts[attempt].is_modified = true;
        }
    }

    fn attempt_of(&self, receipt: Receipt) -> Option<usize> {
        let mut attempts = self.attempts.iter();
        attempts.position(|attempt| attempt.receipts.contains(&receipt))
    }

    fn is_dead(&self, at: usize, receipt: Receipt) -> bool {
        let entry = &self.line[at];
        let is_held = entry.is_in_flight() && entry.receipts == receipt.receive;
        self.kind == Kind::Fifo && !is_held
    }

    fn arrive(&mut self, mut entry: Entry) -> u64 {
        entry.serial = self.arrivals;
        self.arrivals += 1;
        self.line.push(entry);
        self.arrivals - 1
    }

    fn position(&self, serial: u64) -> Option<usize> {
        self.line.iter().position(|entry| entry.serial == serial)
    }

    fn expiry(&self, entry: &Entry) -> Timestamp {
        entry.kept_since + seconds(self.settings.message_retention_period)
    }

    fn sequence_number(&self, serial: u64) -> Option<SequenceNumber> {
        let number = 18_849_496_460_467_696_128 + 256 * u128::from(serial);
        (self.kind == Kind::Fifo).then_some(SequenceNumber(number))
    }

    fn seen(&self, at: usize) -> Seen {
        let entry = &self.line[at];
        Seen {
            receipt: Receipt {
                serial: entry.serial,
                receive: entry.receipts,
            },
            id: entry.id,
            group_id: entry.group_id.clone(),
            deduplication_id: entry.deduplication_id.clone(),
            sequence_number: self.sequence_number(entry.serial),
            sent_at: entry.sent_at,
            first_received_at: entry.first_received_at.expect("it was received"),
            receive_count: entry.receives_elsewhere + entry.receives_here,
            source: entry.source.clone(),
        }
    }
}

impl Entry {
    fn new(now: Timestamp, message: &NewMessage) -> Self {
        Self {
            serial: 0,
            id: message.id,
            group_id: message.group_id.clone(),
            deduplication_id: message.deduplication_id.clone(),
            sent_at: now,
            kept_since: now,
            first_received_at: None,
            received_at: None,
            receives_elsewhere: 0,
            receives_here: 0,
            receipts: 0,
            source: None,
            hidden_until: None,
            is_delayed: false,
        }
    }

    fn is_in_flight(&self) -> bool {
        self.hidden_until.is_some() && !self.is_delayed
    }

    fn deliver(&mut self, now: Timestamp, until: Timestamp) {
        self.first_received_at.get_or_insert(now);
        self.received_at = Some(now);
        self.receives_here += 1;
        self.receipts += 1;
        self.hidden_until = Some(until);
    }

    fn into_letter(self, source: Arc<str>) -> Letter {
        Letter {
            id: self.id,
            group_id: self.group_id,
            deduplication_id: self.deduplication_id,
            sent_at: self.sent_at,
            first_received_at: self.first_received_at.expect("it was received too often"),
            receive_count: self.receives_elsewhere + self.receives_here,
            source,
        }
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds))
}
