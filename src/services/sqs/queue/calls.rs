//! What a queue is asked, and what it answers.

use std::sync::Arc;

use super::{DeadLetter, Delivery, NewMessage};
use crate::aws::message::SequenceNumber;
use crate::ids::MessageId;

/// What became of a message that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its id; the original's if it is a duplicate.
    pub id: MessageId,
    /// Its place, the original's if it is a duplicate; FIFO only.
    pub sequence_number: Option<SequenceNumber>,
    /// Whether it was dropped because a message with its deduplication id was sent less than five minutes ago.
    pub is_duplicate: bool,
}

/// Asks for messages.
#[derive(Clone, Debug)]
pub struct Receive {
    /// How many messages to deliver at most.
    pub max_messages: usize,
    /// How long they stay hidden, in seconds; as long as the queue says when absent.
    pub visibility_timeout: Option<u32>,
    /// The `ReceiveRequestAttemptId`: what repeats a receive whose answer got lost. FIFO only.
    pub attempt_id: Option<Arc<str>>,
}

/// What a receive did.
#[derive(Debug, Default)]
pub struct Received {
    /// The messages that are the receiver's now.
    pub deliveries: Vec<Delivery>,
    /// The messages that have left this queue instead of being delivered once more; the caller passes them on.
    pub dead_letters: Vec<DeadLetter>,
}

/// Why a receive was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiveRefused {
    /// As many messages are in flight as may be. Standard queues only: a FIFO queue answers with nothing then.
    OverLimit,
    /// The attempt's messages were deleted, or their visibility changed, since the attempt was made.
    AttemptNotRetryable,
}

/// The receipt is dead: the message's visibility timeout is over. FIFO only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptExpired;

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

/// Messages taken out of a queue by a move task.
#[derive(Debug, Default)]
pub struct Taken {
    /// Each message, with the ARN of the queue that gave it up, if one did.
    pub messages: Vec<(NewMessage, Option<Arc<str>>)>,
    /// Whether the next message was refused; it is still in the queue.
    pub refused: bool,
}
