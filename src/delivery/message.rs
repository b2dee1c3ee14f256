//! A message on its way from one service to another: typed, in this process, without HTTP or JSON.

use std::sync::Arc;

use crate::aws::message::{Body, MessageAttributes, Sender};
use crate::ids::MessageId;

/// A message for a target.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its id at the target, where its sender has drawn one: a sender that delivers many at once draws them together.
    pub(crate) id: Option<MessageId>,
    /// Its body.
    pub(crate) body: Body,
    /// Its attributes.
    pub(crate) attributes: Option<Arc<MessageAttributes>>,
    /// The X-Ray trace header.
    pub(crate) trace_header: Option<Arc<str>>,
    /// The sender, as the target shows it.
    pub(crate) sender: Sender,
    /// Its group: FIFO queues require it, standard ones show it.
    pub(crate) group_id: Option<Arc<str>>,
    /// Its deduplication id. Targets that are not FIFO ignore it.
    pub(crate) deduplication_id: Option<Arc<str>>,
}
