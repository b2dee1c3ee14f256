//! How one service delivers to another: by ARN, typed, in this process. No HTTP, no JSON.
//!
//! The services meet here and only here; `services.rs` gives each what it may deliver to.

use std::fmt;
use std::sync::Arc;

use crate::aws::message::{Body, MessageAttributes, Sender};
use crate::clock::Timestamp;
use crate::ids::MessageId;

/// What a service may deliver to.
pub(crate) trait Destinations: fmt::Debug + Send + Sync {
    /// The queue with this ARN.
    fn queue(&self, arn: &str) -> Option<Arc<dyn QueueDestination>>;
}

/// A message on its way to a queue.
#[derive(Clone, Debug)]
pub(crate) struct QueueMessage {
    /// Its id on the queue, where its sender has drawn one: whoever delivers many at once draws them together.
    pub(crate) id: Option<MessageId>,
    /// Its body.
    pub(crate) body: Body,
    /// Its attributes, ten at most.
    pub(crate) attributes: Option<Arc<MessageAttributes>>,
    /// The X-Ray trace header.
    pub(crate) trace_header: Option<Arc<str>>,
    /// Who sends it.
    pub(crate) sender: Sender,
    /// Its group: required by FIFO queues, informative on standard ones.
    pub(crate) group_id: Option<Arc<str>>,
    /// Its deduplication id: required by FIFO queues; standard ones do not take one.
    pub(crate) deduplication_id: Option<Arc<str>>,
}

/// Why a queue did not take a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undelivered {
    /// It is gone.
    QueueGone,
    /// It is a FIFO queue, and the message has no group or no deduplication id.
    Refused,
}

/// A queue to deliver to. Whoever keeps it need not look it up again until it says that it is gone.
pub(crate) trait QueueDestination: fmt::Debug + Send + Sync {
    /// Puts a message on the queue.
    fn deliver(&self, now: Timestamp, message: QueueMessage) -> Result<(), Undelivered>;

    /// The queue's access policy.
    fn policy(&self) -> Option<Arc<str>>;
}
