//! A message as its queue keeps it.

use std::sync::Arc;

use super::dedup::Original;
use super::input::TakenMessage;
use super::{Blocker, DeadLetter, Delivery, NewMessage, Receipt, Redrive, Visibility};
use crate::aws::message::{Body, MessageAttributes, Sender, SequenceNumber};
use crate::clock::Timestamp;
use crate::ids::MessageId;

/// A message in its queue. Millions of these may be stored: what few messages have is in [`Rare`].
#[derive(Debug)]
pub(super) struct Message {
    pub(super) id: MessageId,
    body: Body,
    attributes: Option<Arc<MessageAttributes>>,
    sender: Sender,
    pub(super) group_id: Option<Arc<str>>,
    deduplication_id: Option<Arc<str>>,
    rare: Option<Box<Rare>>,
    /// What its retention counts from.
    pub(super) kept_since: Timestamp,
    /// Its first receive, here or in the queue that gave it up; means nothing while the receive count is zero.
    first_received_at: Timestamp,
    /// Its latest receive here.
    pub(super) received_at: Timestamp,
    state: PackedState,
    /// Its turn among the visible messages: the smaller, the longer it has been visible.
    pub(super) turn: u64,
    /// How often it was received in this queue; what the redrive policy's `maxReceiveCount` limits.
    pub(super) receives: u32,
    /// The number of its latest receipt; rises even when a receive is undone.
    pub(super) last_receipt: u32,
}

/// Whether a message can be received, and if not, until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Visible,
    Delayed { until: Timestamp },
    InFlight { until: Timestamp },
}

impl State {
    /// When what hides the message ends.
    pub(super) fn until(self) -> Option<Timestamp> {
        match self {
            Self::Visible => None,
            Self::Delayed { until } | Self::InFlight { until } => Some(until),
        }
    }
}

/// A state in eight bytes: its moment's milliseconds, and in the last two bits which state it is, and of a message in
/// flight whether its visibility was changed.
#[derive(Clone, Copy, Debug)]
struct PackedState(u64);

impl PackedState {
    const VISIBLE: u64 = 0;
    const DELAYED: u64 = 1;
    const IN_FLIGHT: u64 = 2;
    const IN_FLIGHT_AND_CHANGED: u64 = 3;

    const fn pack(state: State) -> Self {
        let (until, kind) = match state {
            State::Visible => return Self(Self::VISIBLE),
            State::Delayed { until } => (until, Self::DELAYED),
            State::InFlight { until } => (until, Self::IN_FLIGHT),
        };
        // Milliseconds of millions of years have their first two bits to spare.
        Self(until.as_millis() << 2 | kind)
    }

    const fn unpack(self) -> State {
        let until = Timestamp::from_millis(self.0 >> 2);
        match self.0 & 3 {
            Self::VISIBLE => State::Visible,
            Self::DELAYED => State::Delayed { until },
            _ => State::InFlight { until },
        }
    }
}

impl From<State> for Visibility {
    fn from(state: State) -> Self {
        match state {
            State::Visible => Self::Visible,
            State::Delayed { .. } => Self::Delayed,
            State::InFlight { .. } => Self::InFlight,
        }
    }
}

#[derive(Debug)]
struct Rare {
    trace_header: Option<Arc<str>>,
    origin: Option<Origin>,
}

/// What a dead letter keeps of its life in the queue that gave it up.
#[derive(Debug)]
struct Origin {
    source: Arc<str>,
    sent_at: Timestamp,
    receive_count: u32,
}

impl Message {
    pub(super) fn new(now: Timestamp, message: NewMessage) -> Self {
        Self {
            id: message.id,
            body: message.body,
            attributes: message.attributes,
            sender: message.sender,
            group_id: message.group_id,
            deduplication_id: message.deduplication_id,
            rare: message.trace_header.map(|trace_header| {
                Box::new(Rare {
                    trace_header: Some(trace_header),
                    origin: None,
                })
            }),
            kept_since: now,
            first_received_at: now,
            received_at: now,
            state: PackedState::pack(State::Visible),
            turn: 0,
            receives: 0,
            last_receipt: 0,
        }
    }

    /// A message that another queue gave up, kept here since `kept_since`.
    pub(super) fn from_dead_letter(kept_since: Timestamp, mut dead_letter: DeadLetter) -> Self {
        let rare = Rare {
            trace_header: dead_letter.message.trace_header.take(),
            origin: Some(Origin {
                source: dead_letter.source,
                sent_at: dead_letter.sent_at,
                receive_count: dead_letter.receive_count,
            }),
        };
        Self {
            rare: Some(Box::new(rare)),
            first_received_at: dead_letter.first_received_at,
            ..Self::new(kept_since, dead_letter.message)
        }
    }

    pub(super) fn state(&self) -> State {
        self.state.unpack()
    }

    pub(super) fn set_state(&mut self, state: State) {
        self.state = PackedState::pack(state);
    }

    /// Takes note that the visibility of the message, which is in flight, was changed since it was received. The next
    /// change of its state forgets that.
    pub(super) fn note_change(&mut self) {
        self.state.0 |= PackedState::IN_FLIGHT_AND_CHANGED;
    }

    /// Whether its visibility was changed since it was received; it is in flight then.
    pub(super) fn is_changed(&self) -> bool {
        self.state.0 & 3 == PackedState::IN_FLIGHT_AND_CHANGED
    }

    pub(super) fn is_visible(&self) -> bool {
        self.state.0 & 3 == PackedState::VISIBLE
    }

    pub(super) fn is_in_flight(&self) -> bool {
        self.state.0 & 3 >= PackedState::IN_FLIGHT
    }

    /// Whether it came by a send and nobody has ever received it: the queue's delay still matters to it.
    pub(super) fn is_untouched(&self) -> bool {
        self.last_receipt == 0 && self.origin().is_none()
    }

    /// Whether the message has this many bytes at most, attributes included.
    pub(super) fn fits(&self, bytes: u32) -> bool {
        let attributes = self.attributes.as_ref();
        let attributes = attributes.map_or(0, |attributes| attributes.size());
        (bytes as usize)
            .checked_sub(attributes)
            .is_some_and(|room| self.body.fits(room))
    }

    /// The ARN of the queue that gave it up.
    pub(super) fn dead_letter_source(&self) -> Option<&Arc<str>> {
        self.origin().map(|origin| &origin.source)
    }

    /// What its duplicates are found by; only a FIFO queue's messages have it.
    pub(super) fn as_original(&self, serial: u64) -> Option<Original> {
        Some(Original {
            id: self.id,
            serial,
            sent_at: self.kept_since,
            group_id: self.group_id.clone()?,
            deduplication_id: self.deduplication_id.clone()?,
        })
    }

    /// Counts a receive, and numbers its receipt.
    pub(super) fn count_receive(&mut self, now: Timestamp) {
        if self.receive_count() == 0 {
            self.first_received_at = now;
        }
        self.received_at = now;
        self.receives += 1;
        self.last_receipt += 1;
    }

    /// Takes back the count of its latest receive, which nobody got; its receipt is worth nothing from now on.
    pub(super) fn undo_receive(&mut self) {
        self.receives -= 1;
        self.last_receipt += 1;
    }

    /// What its latest receive delivers.
    pub(super) fn delivery(&self, serial: u64) -> Delivery {
        Delivery {
            receipt: Receipt {
                serial,
                receive: self.last_receipt,
            },
            id: self.id,
            body: self.body.clone(),
            attributes: self.attributes.clone(),
            trace_header: self.trace_header().cloned(),
            sender: self.sender,
            sent_at: self.sent_at(),
            received_at: self.received_at,
            hidden_until: self.state().until(),
            first_received_at: self.first_received_at,
            receive_count: self.receive_count(),
            group_id: self.group_id.clone(),
            deduplication_id: self.deduplication_id.clone(),
            sequence_number: self
                .deduplication_id
                .is_some()
                .then(|| sequence_number(serial)),
            dead_letter_source: self.dead_letter_source().cloned(),
        }
    }

    /// What it is to those behind it in its group: hidden, it blocks them.
    pub(super) fn as_blocker(&self) -> Option<Blocker> {
        Some(Blocker {
            id: self.id,
            is_in_flight: self.is_in_flight(),
            until: self.state().until()?,
        })
    }

    /// The message as the queue `source` gives it up, by its redrive policy.
    pub(super) fn into_dead_letter(self, source: Arc<str>, redrive: Redrive) -> DeadLetter {
        DeadLetter {
            sent_at: self.sent_at(),
            first_received_at: self.first_received_at,
            receive_count: self.receive_count(),
            source,
            redrive,
            message: self.into_new(),
        }
    }

    /// The message as if it had never been sent, with the ARN of the queue that gave it up.
    pub(super) fn into_taken(mut self) -> TakenMessage {
        let origin = self.rare.as_mut().and_then(|rare| rare.origin.take());
        TakenMessage {
            message: self.into_new(),
            dead_letter_source: origin.map(|origin| origin.source),
        }
    }

    fn into_new(self) -> NewMessage {
        NewMessage {
            id: self.id,
            body: self.body,
            attributes: self.attributes,
            trace_header: self.rare.and_then(|rare| rare.trace_header),
            sender: self.sender,
            delay_seconds: None,
            group_id: self.group_id,
            deduplication_id: self.deduplication_id,
        }
    }

    fn origin(&self) -> Option<&Origin> {
        self.rare.as_ref()?.origin.as_ref()
    }

    fn trace_header(&self) -> Option<&Arc<str>> {
        self.rare.as_ref()?.trace_header.as_ref()
    }

    fn sent_at(&self) -> Timestamp {
        self.origin()
            .map_or(self.kept_since, |origin| origin.sent_at)
    }

    fn receive_count(&self) -> u32 {
        self.receives + self.origin().map_or(0, |origin| origin.receive_count)
    }
}

/// The sequence number of a FIFO queue's message: AWS's have twenty digits, rise, and have gaps.
pub(super) fn sequence_number(serial: u64) -> SequenceNumber {
    const FIRST: u128 = 18_849_496_460_467_696_128;
    SequenceNumber(FIRST + 256 * u128::from(serial))
}
