//! Messages: what a sender hands in, and what a receiver is given.

use std::sync::Arc;

use super::Redrive;
use crate::aws::message::{Body, MessageAttributes, Sender, SequenceNumber};
use crate::clock::Timestamp;
use crate::ids::MessageId;

/// A message to be sent, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id, unless it turns out to be a duplicate.
    pub id: MessageId,
    /// Its body.
    pub body: Body,
    /// Its attributes, if it has any.
    pub attributes: Option<Arc<MessageAttributes>>,
    /// The X-Ray trace header (`AWSTraceHeader`).
    pub trace_header: Option<Arc<str>>,
    /// Who sends it.
    pub sender: Sender,
    /// Its own delay in seconds; the queue's when absent. Standard queues only.
    pub delay_seconds: Option<u32>,
    /// The group: required on FIFO queues, informative on standard ones.
    pub group_id: Option<Arc<str>>,
    /// The deduplication id, given or made of the body; FIFO only, and required there.
    pub deduplication_id: Option<Arc<str>>,
}

/// One receive of one message: what a receipt handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receipt {
    /// The message's number in its queue, never used again.
    pub serial: u64,
    /// Which of the message's receives it was.
    pub receive: u32,
}

/// A message handed to a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What deletes the message, or changes its visibility.
    pub receipt: Receipt,
    /// The message's id, the same at every delivery.
    pub id: MessageId,
    /// Its body.
    pub body: Body,
    /// Its attributes, if it has any.
    pub attributes: Option<Arc<MessageAttributes>>,
    /// The X-Ray trace header, if it has one.
    pub trace_header: Option<Arc<str>>,
    /// Who sent it.
    pub sender: Sender,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it was last received.
    pub received_at: Timestamp,
    /// When it can be received again, unless that is changed; none if it can be now.
    pub hidden_until: Option<Timestamp>,
    /// When it was first received: now, at the first delivery.
    pub first_received_at: Timestamp,
    /// How often it was received, this time included.
    pub receive_count: u32,
    /// Its group, if it has one.
    pub group_id: Option<Arc<str>>,
    /// Its deduplication id; FIFO only.
    pub deduplication_id: Option<Arc<str>>,
    /// Its number in the queue's order; FIFO only.
    pub sequence_number: Option<SequenceNumber>,
    /// The ARN of the queue that gave it up, in a dead-letter queue.
    pub dead_letter_source: Option<Arc<str>>,
}

/// A message as it is in its queue, for those who look without receiving it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What its latest receive delivered. Of a message that was never received, the receipt is none.
    pub delivery: Delivery,
    /// Whether it can be received.
    pub visibility: Visibility,
}

/// What a search for a message comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// The message.
    Found(Box<Found>),
    /// It is not among those that were looked at; the others are from this serial on.
    More(u64),
    /// The queue does not have it.
    NotThere,
}

/// A message, and what it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What its latest receive delivered.
    pub delivery: Delivery,
    /// Whether it can be received, as far as itself is concerned.
    pub visibility: Visibility,
    /// The first message of its group, if that is another one: FIFO only.
    pub first_of_group: Option<Stored>,
}

/// Whether a message can be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It can.
    Visible,
    /// Its delay lasts.
    Delayed,
    /// A receiver has it.
    InFlight,
}

/// A message that its queue gave up, on its way to the dead-letter queue, with what it keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// What it was.
    pub message: NewMessage,
    /// When it was sent, first of all.
    pub sent_at: Timestamp,
    /// When it was first received.
    pub first_received_at: Timestamp,
    /// How often it was received; goes on counting.
    pub receive_count: u32,
    /// The ARN of the queue that gave it up.
    pub source: Arc<str>,
    /// The redrive policy that it was given up by: where it goes, and the limit that it reached.
    pub redrive: Redrive,
}

/// A message that others of its group wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Its id.
    pub id: MessageId,
    /// Whether it is in flight; it is delayed if not.
    pub is_in_flight: bool,
    /// When it becomes visible, unless it is deleted before.
    pub until: Timestamp,
}
