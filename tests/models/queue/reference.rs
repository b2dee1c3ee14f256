//! The simplest possible queue to compare with the real one: a list that every input walks from end to end.

use std::sync::Arc;
use std::time::Duration;

use topiq::aws::message::SequenceNumber;
use topiq::clock::Timestamp;
use topiq::ids::MessageId;
use topiq::services::sqs::queue::input::{
    AcceptDeadLetters, ChangeVisibility, Delete, Expire, GiveBack, KeptMessage, Movable, Purge,
    Receive, SetSettings, TakeForMove, TakenMessage,
};
use topiq::services::sqs::queue::{
    Applied, Blocker, Counts, DeadLetter, DeduplicationScope, Delivery, Input, Kind, NewMessage,
    Output, Receipt, ReceiptExpired, ReceiveRefused, Received, Redrive, Sent, Settings, Taken,
    VisibilityRefused,
};

const WINDOW: Duration = Duration::from_mins(5);

pub(crate) struct Reference {
    kind: Kind,
    arn: Arc<str>,
    settings: Settings,
    /// The deduplication scope in force.
    scope: DeduplicationScope,
    /// The moment at which the settings' scope is in force.
    scope_changes_at: Timestamp,
    latest: Timestamp,
    /// In the order in which they became visible. Hidden ones keep their place, and move to the end when they become
    /// visible because their time has come.
    line: Vec<Entry>,
    arrivals: u64,
    sends: Vec<Send>,
    attempts: Vec<Attempt>,
    expired: Vec<MessageId>,
}

struct Entry {
    serial: u64,
    message: NewMessage,
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

impl Reference {
    pub(crate) fn new(kind: Kind, arn: Arc<str>, settings: Settings) -> Self {
        Self {
            kind,
            arn,
            scope: settings.deduplication_scope,
            scope_changes_at: Timestamp::default(),
            settings,
            latest: Timestamp::default(),
            line: Vec::new(),
            arrivals: 0,
            sends: Vec::new(),
            attempts: Vec::new(),
            expired: Vec::new(),
        }
    }

    pub(crate) fn apply(&mut self, now: Timestamp, input: &Input) -> Applied<Output> {
        self.latest = self.latest.max(now);
        let now = self.latest;
        if let Input::Expire(Expire { max_messages }) = input {
            self.expire(now, *max_messages);
            return self.applied(Output::Done);
        }
        self.catch_up(now);
        let output = match input {
            Input::Send(send) => Output::Sent(self.send(now, &send.0)),
            Input::Receive(receive) => Output::Received(self.receive(now, receive)),
            Input::Delete(delete) => Output::Deleted(self.delete(*delete)),
            Input::ChangeVisibility(change) => {
                Output::VisibilityChanged(self.change_visibility(now, *change))
            }
            Input::TakeForMove(take) => Output::Taken(self.take_for_move(take)),
            Input::Count(_) => Output::Counted(self.counts()),
            Input::GiveBack(given) => {
                self.give_back(given);
                Output::Done
            }
            Input::AcceptDeadLetters(AcceptDeadLetters(dead_letters)) => {
                for dead_letter in dead_letters {
                    self.accept_dead_letter(now, dead_letter);
                }
                Output::Done
            }
            Input::SetSettings(SetSettings(settings)) => {
                self.set_settings(now, settings.clone());
                Output::Done
            }
            Input::Purge(Purge) => {
                self.purge();
                Output::Done
            }
            Input::Expire(_) => unreachable!("see above"),
        };
        self.applied(output)
    }

    fn applied(&mut self, output: Output) -> Applied<Output> {
        Applied {
            output,
            expired: std::mem::take(&mut self.expired),
        }
    }

    fn set_settings(&mut self, now: Timestamp, settings: Settings) {
        let is_new_delay = settings.delay_seconds != self.settings.delay_seconds;
        if settings.deduplication_scope != self.settings.deduplication_scope {
            self.scope_changes_at = now + seconds(settings.deduplication_scope_delay);
        }
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

    fn send(&mut self, now: Timestamp, message: &NewMessage) -> Sent {
        if self.kind == Kind::Fifo
            && let Some(original) = self.original(now, message)
        {
            return Sent {
                id: original.id,
                sequence_number: self.sequence_number(original.serial),
                is_duplicate: true,
            };
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
        Sent {
            id: message.id,
            sequence_number: self.sequence_number(serial),
            is_duplicate: false,
        }
    }

    fn receive(&mut self, now: Timestamp, request: &Receive) -> Result<Received, ReceiveRefused> {
        let timeout = request.visibility_timeout;
        let until = now + seconds(timeout.unwrap_or(self.settings.visibility_timeout));
        let attempt_id = request.attempt_id.as_ref();
        let attempt_id = attempt_id.filter(|_| self.kind == Kind::Fifo);
        if let Some(attempt_id) = attempt_id
            && let Some(deliveries) = self.repeat(now, attempt_id, until)?
        {
            self.catch_up(now);
            return Ok(Received {
                deliveries,
                ..Received::default()
            });
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
        let next = self.order_of_delivery();
        let mut until_full = next.iter().take(max_messages);
        if request.target_exists.is_none()
            && until_full.any(|&serial| self.limit_reached_by(serial).is_some())
        {
            return Ok(Received {
                needs_target: true,
                ..Received::default()
            });
        }
        let mut received = Received::default();
        for serial in next {
            if received.deliveries.len() == max_messages {
                break;
            }
            let at = self.position(serial).expect("just listed");
            let redrive = self.limit_reached_by(serial);
            if let Some(redrive) = redrive.filter(|_| request.target_exists == Some(true)) {
                let dead_letter = self.line.remove(at).into_dead_letter(&self.arn, redrive);
                received.dead_letters.push(dead_letter);
            } else {
                self.line[at].deliver(now, until);
                received.deliveries.push(self.delivery(at));
            }
        }
        if let Some(id) = attempt_id
            && !received.deliveries.is_empty()
        {
            self.attempts.retain(|attempt| attempt.id != *id);
            self.attempts.push(Attempt {
                id: id.clone(),
                at: now,
                hidden_until: until,
                receipts: received.deliveries.iter().map(|it| it.receipt).collect(),
                is_modified: false,
            });
        }
        self.catch_up(now);
        Ok(received)
    }

    fn give_back(&mut self, given: &GiveBack) {
        let GiveBack {
            receipts,
            attempt_id,
        } = given;
        self.attempts.retain(|attempt| {
            let is_meant = Some(&attempt.id) == attempt_id.as_ref();
            !is_meant || !attempt.receipts.iter().any(|it| receipts.contains(it))
        });
        for receipt in receipts {
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

    fn delete(&mut self, Delete { receipt }: Delete) -> Result<Option<MessageId>, ReceiptExpired> {
        let Some(at) = self.position(receipt.serial) else {
            return Ok(None);
        };
        if self.is_dead(at, receipt) {
            return Err(ReceiptExpired);
        }
        let deleted = self.line.remove(at);
        self.spoil_attempt(receipt);
        Ok(Some(deleted.message.id))
    }

    fn change_visibility(
        &mut self,
        now: Timestamp,
        change: ChangeVisibility,
    ) -> Result<MessageId, VisibilityRefused> {
        let receipt = change.receipt;
        let position = self.position(receipt.serial);
        let at = position.ok_or(VisibilityRefused::NotAvailable)?;
        if self.is_dead(at, receipt) {
            return Err(VisibilityRefused::ReceiptExpired);
        }
        let timeout = seconds(change.visibility_timeout);
        let received_at = self.line[at]
            .received_at
            .expect("receipts come from receives");
        if now.since(received_at) + timeout > Duration::from_hours(12) {
            return Err(VisibilityRefused::BeyondLimit);
        }
        self.line[at].hidden_until = Some(now + timeout);
        let id = self.line[at].message.id;
        self.spoil_attempt(receipt);
        self.catch_up(now);
        Ok(id)
    }

    fn purge(&mut self) {
        self.line.clear();
        self.sends.clear();
        self.attempts.clear();
    }

    fn counts(&self) -> Counts {
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

    pub(crate) fn blocker(&self, group_id: &str) -> Option<Blocker> {
        let of_group = |entry: &&Entry| entry.message.group_id.as_deref() == Some(group_id);
        let group = self.line.iter().filter(of_group);
        let head = group.min_by_key(|entry| entry.serial)?;
        let head = Some(head).filter(|_| self.kind == Kind::Fifo)?;
        Some(Blocker {
            id: head.message.id,
            is_in_flight: head.is_in_flight(),
            until: head.hidden_until?,
        })
    }

    fn accept_dead_letter(&mut self, now: Timestamp, dead_letter: &DeadLetter) {
        let mut entry = Entry {
            sent_at: dead_letter.sent_at,
            first_received_at: Some(dead_letter.first_received_at),
            receives_elsewhere: dead_letter.receive_count,
            source: Some(dead_letter.source.clone()),
            ..Entry::new(now, &dead_letter.message)
        };
        match self.kind {
            Kind::Standard => entry.kept_since = dead_letter.sent_at,
            Kind::Fifo => {
                let id = entry.message.id.to_string();
                entry.message.deduplication_id = Some(id.into());
            }
        }
        self.arrive(entry);
    }

    fn take_for_move(&mut self, take: &TakeForMove) -> Taken {
        let mut taken = Taken::default();
        while taken.messages.len() < take.max_messages {
            let Some(&serial) = self.order_of_delivery().first() else {
                break;
            };
            let at = self.position(serial).expect("just listed");
            let source = self.line[at].source.clone();
            let is_movable = match &take.movable {
                Movable::All(_) => true,
                Movable::DeadLettersOf(sources) => {
                    sources.iter().any(|(arn, _)| Some(arn) == source.as_ref())
                }
            };
            if !is_movable {
                taken.kept = Some(KeptMessage {
                    id: self.line[at].message.id,
                    dead_letter_source: source,
                });
                break;
            }
            taken.messages.push(TakenMessage {
                message: self.line.remove(at).message,
                dead_letter_source: source,
            });
        }
        taken
    }

    fn expire(&mut self, now: Timestamp, max_messages: usize) {
        let retention = seconds(self.settings.message_retention_period);
        let is_over = |entry: &&Entry| entry.kept_since + retention <= now;
        let over = self.line.iter().filter(is_over);
        let mut over: Vec<_> = over
            .map(|entry| (entry.kept_since, entry.serial, entry.message.id))
            .collect();
        over.sort_unstable();
        for (_, serial, id) in over.into_iter().take(max_messages) {
            self.line.retain(|entry| entry.serial != serial);
            self.expired.push(id);
        }
    }

    fn catch_up(&mut self, now: Timestamp) {
        self.expire(now, usize::MAX);
        if self.scope_changes_at <= now {
            self.scope = self.settings.deduplication_scope;
        }
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

    /// The messages that a receive without a limit would deliver, in order.
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
        let of_group = |entry: &&Entry| entry.message.group_id == of.message.group_id;
        let mut group: Vec<_> = self.line.iter().filter(of_group).collect();
        group.sort_by_key(|entry| entry.serial);
        group
    }

    fn original(&self, now: Timestamp, message: &NewMessage) -> Option<&Send> {
        self.sends.iter().rev().find(|send| {
            let is_same_scope = match self.scope {
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
    ) -> Result<Option<Vec<Delivery>>, ReceiveRefused> {
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
            positions.into_iter().map(|at| self.delivery(at)).collect(),
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

    fn limit_reached_by(&self, serial: u64) -> Option<Redrive> {
        let redrive = self.settings.redrive.clone()?;
        let entry = &self.line[self.position(serial)?];
        (entry.receives_here >= redrive.max_receive_count).then_some(redrive)
    }

    fn delivery(&self, at: usize) -> Delivery {
        let entry = &self.line[at];
        let message = entry.message.clone();
        Delivery {
            receipt: Receipt {
                serial: entry.serial,
                receive: entry.receipts,
            },
            id: message.id,
            body: message.body,
            attributes: message.attributes,
            trace_header: message.trace_header,
            sender: message.sender,
            group_id: message.group_id,
            deduplication_id: message.deduplication_id,
            sequence_number: self.sequence_number(entry.serial),
            sent_at: entry.sent_at,
            received_at: entry.received_at.expect("it was received"),
            hidden_until: entry.hidden_until,
            first_received_at: entry.first_received_at.expect("it was received"),
            receive_count: entry.receives_elsewhere + entry.receives_here,
            dead_letter_source: entry.source.clone(),
        }
    }
}

impl Entry {
    fn new(now: Timestamp, message: &NewMessage) -> Self {
        Self {
            serial: 0,
            // Its own delay is over by now and does not move with the message.
            message: NewMessage {
                delay_seconds: None,
                ..message.clone()
            },
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

    fn into_dead_letter(self, source: &Arc<str>, redrive: Redrive) -> DeadLetter {
        DeadLetter {
            message: self.message,
            sent_at: self.sent_at,
            first_received_at: self.first_received_at.expect("it was received too often"),
            receive_count: self.receives_elsewhere + self.receives_here,
            source: source.clone(),
            redrive,
        }
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds))
}
