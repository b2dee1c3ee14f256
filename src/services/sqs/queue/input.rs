//! What changes a queue, and what comes of it: plain values on both sides.
//!
//! Each input is a type of its own, so that its output has one too: [`Queue::apply`] of a [`Delete`] answers whether
//! the receipt was good, and nothing else. [`Input`] is any of them, and [`Output`] what comes of any: what a journal
//! writes, a replay reads and a model compares.
//!
//! Whatever the queue would have to ask in the middle, it answers instead ([`Received::needs_target`],
//! [`Taken::kept`]); the caller finds it out and applies the input again, with what it now knows.

use std::sync::Arc;

use super::{DeadLetter, Delivery, NewMessage, Queue, Receipt, Settings};
use crate::aws::message::SequenceNumber;
use crate::clock::Timestamp;
use crate::ids::MessageId;

/// What can be applied to a queue.
pub trait Apply {
    /// What comes of it.
    type Output;

    /// Changes the queue. Only [`Queue::apply`] calls this, which sees to it that time does not run backwards.
    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Self::Output;
}

/// What came of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied<T> {
    /// What the input asked for.
    pub output: T,
    /// The messages that had been kept long enough by then, and are gone; the one kept longest first.
    pub expired: Vec<MessageId>,
}

/// Any of the inputs.
#[derive(Clone, Debug)]
pub enum Input {
    /// See [`Send`].
    Send(Send),
    /// See [`Receive`].
    Receive(Receive),
    /// See [`Delete`].
    Delete(Delete),
    /// See [`ChangeVisibility`].
    ChangeVisibility(ChangeVisibility),
    /// See [`GiveBack`].
    GiveBack(GiveBack),
    /// See [`AcceptDeadLetters`].
    AcceptDeadLetters(AcceptDeadLetters),
    /// See [`TakeForMove`].
    TakeForMove(TakeForMove),
    /// See [`SetSettings`].
    SetSettings(SetSettings),
    /// See [`Purge`].
    Purge(Purge),
    /// See [`Count`].
    Count(Count),
    /// See [`Expire`].
    Expire(Expire),
}

/// What comes of any of the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Of [`Send`].
    Sent(Sent),
    /// Of [`Receive`].
    Received(Result<Received, ReceiveRefused>),
    /// Of [`Delete`].
    Deleted(Result<Option<MessageId>, ReceiptExpired>),
    /// Of [`ChangeVisibility`].
    VisibilityChanged(Result<MessageId, VisibilityRefused>),
    /// Of [`TakeForMove`].
    Taken(Taken),
    /// Of [`Count`].
    Counted(Counts),
    /// Of the others: they are done, and there is no more to say.
    Done,
}

impl Apply for Input {
    type Output = Output;

    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Output {
        match self {
            Self::Send(input) => Output::Sent(input.apply_to(queue, now)),
            Self::Receive(input) => Output::Received(input.apply_to(queue, now)),
            Self::Delete(input) => Output::Deleted(input.apply_to(queue, now)),
            Self::ChangeVisibility(input) => Output::VisibilityChanged(input.apply_to(queue, now)),
            Self::TakeForMove(input) => Output::Taken(input.apply_to(queue, now)),
            Self::Count(input) => Output::Counted(input.apply_to(queue, now)),
            Self::GiveBack(input) => {
                input.apply_to(queue, now);
                Output::Done
            }
            Self::AcceptDeadLetters(input) => {
                input.apply_to(queue, now);
                Output::Done
            }
            Self::SetSettings(input) => {
                input.apply_to(queue, now);
                Output::Done
            }
            Self::Purge(input) => {
                input.apply_to(queue, now);
                Output::Done
            }
            Self::Expire(input) => {
                input.apply_to(queue, now);
                Output::Done
            }
        }
    }
}

/// Stores a message, unless it is a duplicate.
#[derive(Clone, Debug)]
pub struct Send(pub NewMessage);

/// What became of a message that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its id; the original's if it is a duplicate.
    pub id: MessageId,
    /// Its number in the queue's order, the original's if it is a duplicate; FIFO only.
    pub sequence_number: Option<SequenceNumber>,
    /// Whether it was dropped because a message with its deduplication id was sent less than five minutes ago.
    pub is_duplicate: bool,
}

impl Apply for Send {
    type Output = Sent;

    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Sent {
        queue.send(now, self.0)
    }
}

/// Delivers the messages that are next, and hides them for the visibility timeout.
///
/// A message that was received as often as the redrive policy allows is not delivered but handed out as a dead letter
/// if the policy's target exists, and delivered again if it does not.
#[derive(Clone, Debug)]
pub struct Receive {
    /// How many messages to deliver at most.
    pub max_messages: usize,
    /// How long they stay hidden, in seconds; as long as the queue says when absent.
    pub visibility_timeout: Option<u32>,
    /// The `ReceiveRequestAttemptId`: what repeats a receive whose answer got lost. FIFO only.
    pub attempt_id: Option<Arc<str>>,
    /// Whether the dead-letter queue exists. It matters so rarely that it is found out only when a receive
    /// [needs it](Received::needs_target): absent until then.
    pub target_exists: Option<bool>,
    /// How many of the messages that are next to pass over at first: what is received is out of order then. Standard
    /// queues only; zero except on purpose.
    pub passed_over: usize,
}

/// What a receive did.
#[must_use = "dead letters have left their queue: they must be passed on"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The messages that are the receiver's now.
    pub deliveries: Vec<Delivery>,
    /// The messages that have left this queue instead of being delivered again; the caller passes them on.
    pub dead_letters: Vec<DeadLetter>,
    /// Nothing was received yet: among the messages that are next is one that was received as often as it may be, and
    /// the input does not say whether the dead-letter queue exists. The caller applies it again, with the answer.
    pub needs_target: bool,
}

/// Why a receive was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiveRefused {
    /// As many messages are in flight as may be. Standard queues only: a FIFO queue answers with nothing then.
    OverLimit,
    /// The attempt's messages were deleted, or their visibility changed, since the attempt was made.
    AttemptNotRetryable,
}

/// By reference: a receive that waits is applied again and again.
impl Apply for &Receive {
    type Output = Result<Received, ReceiveRefused>;

    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Self::Output {
        queue.receive(now, self)
    }
}

/// Deletes the message, and answers its id. That it does not exist any more is fine: then there is none.
#[derive(Clone, Copy, Debug)]
pub struct Delete {
    /// What its receiver was given.
    pub receipt: Receipt,
}

/// The receipt is dead: the message's visibility timeout is over. FIFO only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptExpired;

impl Apply for Delete {
    type Output = Result<Option<MessageId>, ReceiptExpired>;

    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Self::Output {
        queue.delete(now, self.receipt)
    }
}

/// Hides the message for so many seconds from now; shows it when that is zero. Answers its id.
///
/// The limit of twelve hours counts from the message's latest receive, also when the receipt is of an earlier one.
#[derive(Clone, Copy, Debug)]
pub struct ChangeVisibility {
    /// What its receiver was given.
    pub receipt: Receipt,
    /// How long it is hidden from now on, in seconds.
    pub visibility_timeout: u32,
}

/// Why a message's visibility was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisibilityRefused {
    /// The queue has no such message any more.
    NotAvailable,
    /// The receipt is dead: the message's visibility timeout is over. FIFO only.
    ReceiptExpired,
    /// It would be hidden for more than twelve hours since it was received.
    BeyondLimit,
}

impl Apply for ChangeVisibility {
    type Output = Result<MessageId, VisibilityRefused>;

    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Self::Output {
        queue.change_visibility(now, self.receipt, self.visibility_timeout)
    }
}

/// Undoes receives whose receivers hung up before they were answered: the messages are visible again in their old turns,
/// as if they had not been received. Receipts of messages that were touched since then are passed over.
#[derive(Clone, Debug)]
pub struct GiveBack {
    /// What the receiver would have been given.
    pub receipts: Vec<Receipt>,
    /// The receive's attempt id: a retry of it is a new receive.
    pub attempt_id: Option<Arc<str>>,
}

impl Apply for GiveBack {
    type Output = ();

    fn apply_to(self, queue: &mut Queue, now: Timestamp) {
        queue.give_back(now, &self);
    }
}

/// Stores messages that another queue (or this one) gave up. The queue's delay does not apply to them.
///
/// In a standard queue their retention goes on counting from when they were first sent, in a FIFO queue it starts now
/// (SQS developer guide, "Dead-letter queues"). FIFO: their deduplication ids are their message ids now, so that they
/// cannot be taken for duplicates.
#[derive(Clone, Debug)]
pub struct AcceptDeadLetters(pub Vec<DeadLetter>);

impl Apply for AcceptDeadLetters {
    type Output = ();

    fn apply_to(self, queue: &mut Queue, now: Timestamp) {
        queue.accept_dead_letters(now, self.0);
    }
}

/// Takes out messages that could be delivered now, in the order in which they would be, to be sent elsewhere as new
/// ones. The first that may not be moved stays, with all after it.
#[derive(Clone, Debug)]
pub struct TakeForMove {
    /// How many messages to take at most.
    pub max_messages: usize,
    /// Which messages may be moved.
    pub movable: Movable,
}

/// Which messages a move task may take, as far as it knows, and the bytes that their destinations accept, attributes
/// included: no message enters a queue that would refuse it from a sender.
#[derive(Clone, Debug)]
pub enum Movable {
    /// All: they have one destination.
    All(u32),
    /// Dead letters of the queues with these ARNs: they go back to where they came from.
    DeadLettersOf(Vec<(Arc<str>, u32)>),
}

/// What a move task takes.
#[must_use = "messages that were taken have left their queue"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The messages.
    pub messages: Vec<TakenMessage>,
    /// The next message, if it may not be moved: it is still in the queue, as it was.
    pub kept: Option<KeptMessage>,
}

/// A message taken out of its queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenMessage {
    /// The message, as if it had never been sent.
    pub message: NewMessage,
    /// The ARN of the queue that gave it up, if one did.
    pub dead_letter_source: Option<Arc<str>>,
}

/// A message that stays in its queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMessage {
    /// Its id.
    pub id: MessageId,
    /// The ARN of the queue that gave it up, if one did.
    pub dead_letter_source: Option<Arc<str>>,
}

impl Apply for TakeForMove {
    type Output = Taken;

    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Taken {
        queue.take_for_move(now, self.max_messages, &self.movable)
    }
}

/// Replaces the settings. Retention and redrive policy apply to stored messages too, and so does a FIFO queue's delay
/// (SQS API, `DelaySeconds`); hidden messages stay hidden until the moment that they were hidden for.
///
/// A FIFO queue's new delay costs a walk over the messages of the last 15 minutes at most, a new deduplication scope
/// one over the deduplication window when it comes into force.
#[derive(Clone, Debug)]
pub struct SetSettings(pub Settings);

impl Apply for SetSettings {
    type Output = ();

    fn apply_to(self, queue: &mut Queue, now: Timestamp) {
        queue.set_settings(now, self.0);
    }
}

/// Drops all messages, hidden ones too, and forgets what was sent: no deduplication id counts any more.
#[derive(Clone, Copy, Debug)]
pub struct Purge;

impl Apply for Purge {
    type Output = ();

    fn apply_to(self, queue: &mut Queue, now: Timestamp) {
        queue.purge(now);
    }
}

/// Counts the messages. It changes no more than time does, so a journal need not have it. Costs the same for any number
/// of messages.
#[derive(Clone, Copy, Debug)]
pub struct Count;

/// How many messages a queue holds, by what they wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that nothing hides, even if they wait behind a message of their group.
    pub visible: usize,
    /// Those that were received, and are hidden until their visibility timeout ends.
    pub in_flight: usize,
    /// Those that are hidden until their delay ends.
    pub delayed: usize,
}

impl Apply for Count {
    type Output = Counts;

    fn apply_to(self, queue: &mut Queue, now: Timestamp) -> Counts {
        queue.counts(now)
    }
}

/// Forgets what is over. Every input does so first; this one does nothing else, and goes no further than `max_messages`,
/// so that a queue that nobody has asked for a long time lets go of its messages without stalling others.
#[derive(Clone, Copy, Debug)]
pub struct Expire {
    /// How many messages to let go at most.
    pub max_messages: usize,
}

impl Apply for Expire {
    type Output = ();

    fn apply_to(self, queue: &mut Queue, now: Timestamp) {
        queue.forget(now, self.max_messages);
    }
}
