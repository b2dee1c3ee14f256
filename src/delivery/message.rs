//! A message on its way from one service to another: typed, in this process, without HTTP or JSON.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::aws::message::{Body, MessageAttributes, Sender};
use crate::ids::MessageId;

/// A message for a target.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    /// Its id at the target, if its sender has drawn one: a sender that delivers many at once draws their ids together.
    pub(crate) id: Option<MessageId>,
    /// Its body.
    pub(crate) body: Body,
    /// Its attributes.
    pub(crate) attributes: Option<Arc<MessageAttributes>>,
    /// The targets' findings about body and attributes. Messages that share these share it.
    pub(crate) examined: &'a Examined,
    /// The X-Ray trace header.
    pub(crate) trace_header: Option<Arc<str>>,
    /// The sender, as the target shows it.
    pub(crate) sender: Sender,
    /// Its group: FIFO queues require it, standard ones show it.
    pub(crate) group_id: Option<Arc<str>>,
    /// Its deduplication id. Targets that are not FIFO ignore it.
    pub(crate) deduplication_id: Option<Arc<str>>,
}

/// The findings of one kind of target about a message's body and attributes: the bytes that the attributes count, or
/// why no target of that kind accepts it. It is made at the first delivery and holds for all others of the same
/// content, so that a publish to a thousand queues examines its text once.
#[derive(Debug, Default)]
pub(crate) struct Examined(OnceCell<Result<usize, Box<str>>>);

impl Examined {
    /// The result of `examine`, now or before.
    pub(crate) fn get_or_examine(
        &self,
        examine: impl FnOnce() -> Result<usize, Box<str>>,
    ) -> Result<usize, &str> {
        match self.0.get_or_init(examine) {
            Ok(size) => Ok(*size),
            Err(refusal) => Err(refusal),
        }
    }
}
