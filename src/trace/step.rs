//! One step in the life of a message.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::aws::AccountId;
use crate::clock::Timestamp;
use crate::ids::Id;

/// What happened to a message.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) at: Timestamp,
    /// The message's id, or the event's.
    pub(crate) id: Id,
    pub(crate) what: What,
}

/// Who called.
#[derive(Clone, Debug)]
pub(crate) struct By {
    pub(crate) account: AccountId,
    pub(crate) agent: Option<Arc<str>>,
}

/// A message as its service keeps it: what a trace is searched for, and what policies are held against later.
pub(crate) trait Content: Any + fmt::Debug + Send + Sync {
    /// Whether its text has this one in it.
    fn contains(&self, text: &str) -> bool;
}

/// What became of a message that could not be delivered.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// There is no dead-letter queue.
    Lost,
    /// That is no failure.
    Skipped,
    /// It is on the dead-letter queue, as this message.
    DeadLetter { queue: Arc<str>, id: Id },
    /// The dead-letter queue did not take it.
    RefusedTwice { queue: Arc<str>, reason: Box<str> },
}

/// The kinds of steps. Resources are named by their ARNs.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A caller sent a message to a queue; a duplicate has its original's id.
    Sent {
        queue: Arc<str>,
        by: By,
        text: Arc<str>,
        is_duplicate: bool,
    },
    /// A topic accepted a message, of a caller or of another service.
    Published {
        topic: Arc<str>,
        by: Option<By>,
        message: Arc<dyn Content>,
        bytes: usize,
    },
    /// A message to a phone number or an app, without a topic: it is kept, unless the recipient has opted out.
    Direct {
        to: Arc<str>,
        by: By,
        has_opted_out: bool,
    },
    /// A FIFO topic dropped a duplicate of this message.
    Duplicate { topic: Arc<str> },
    /// A caller put an event.
    Put { by: By },
    /// An event came to a bus.
    Arrived { bus: Arc<str>, event: Arc<str> },
    /// An event is for a bus that does not exist, or that has no rules.
    NoBus { bus: Arc<str> },
    /// An event goes on to another region under another id.
    Copied { bus: Arc<str>, id: Id },
    /// An access policy refused a call.
    Denied {
        resource: Arc<str>,
        action: Box<str>,
        reason: Box<str>,
        by: By,
    },
    /// A subscription or a rule delivered to a target within this process, there under this id, if it has one.
    Delivered {
        by: Arc<str>,
        to: Arc<str>,
        id: Option<Id>,
    },
    /// A subscription or a rule has handed it to the way to an endpoint, where it may have to wait for its turn.
    Begun { by: Arc<str>, to: Arc<str> },
    /// A delivery is kept, since its target is not on this machine.
    Captured { by: Arc<str>, to: Arc<str> },
    /// A delivery failed, and is tried again then.
    Retried {
        by: Arc<str>,
        to: Arc<str>,
        reason: Box<str>,
        due: Timestamp,
    },
    /// A delivery was given up.
    GivenUp {
        by: Arc<str>,
        to: Arc<str>,
        reason: Box<str>,
        end: Box<End>,
    },
    /// An endpoint was called; it answered with a status, or there was no answer.
    Called {
        endpoint: Arc<str>,
        attempt: u32,
        outcome: Result<u16, Box<str>>,
        took: Duration,
        due_again: Option<Timestamp>,
    },
    /// A consumer received it.
    Received {
        queue: Arc<str>,
        count: u32,
        hidden_until: Timestamp,
        by: By,
    },
    /// A consumer changed how long it stays hidden.
    Hidden {
        queue: Arc<str>,
        until: Timestamp,
        by: By,
    },
    /// A consumer deleted it.
    Deleted { queue: Arc<str>, by: By },
    /// Its queue kept it long enough.
    Expired { queue: Arc<str> },
    /// It was received too often, and is on the dead-letter queue.
    DeadLettered {
        from: Arc<str>,
        to: Arc<str>,
        max_receive_count: u32,
    },
    /// A move task sent it again, as this message.
    Moved {
        from: Arc<str>,
        to: Arc<str>,
        id: Id,
    },
    /// All messages of a queue were deleted.
    Purged { queue: Arc<str> },
    /// The queue was deleted, with its messages.
    QueueDeleted { queue: Arc<str> },
    /// A subscription or rule of a topic or bus was changed, deleted or made: what it was before, if it was there.
    Changed {
        of: Arc<str>,
        name: Arc<str>,
        before: Option<Arc<dyn Any + Send + Sync>>,
        /// About how many it takes up.
        bytes: usize,
    },
}

impl Step {
    /// In place of an id, where a step is of no single message.
    pub(crate) const OF_NO_MESSAGE: Id = Id::from_u128(0);
}

impl What {
    /// The kind in a word.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Published { .. } => "published",
            Self::Direct { .. } => "direct",
            Self::Duplicate { .. } => "duplicate",
            Self::Put { .. } => "put",
            Self::Arrived { .. } => "arrived",
            Self::NoBus { .. } => "no bus",
            Self::Copied { .. } => "copied",
            Self::Denied { .. } => "denied",
            Self::Delivered { .. } => "delivered",
            Self::Begun { .. } => "begun",
            Self::Captured { .. } => "captured",
            Self::Retried { .. } => "retried",
            Self::GivenUp { .. } => "given up",
            Self::Called { .. } => "called",
            Self::Received { .. } => "received",
            Self::Hidden { .. } => "hidden",
            Self::Deleted { .. } => "deleted",
            Self::Expired { .. } => "expired",
            Self::DeadLettered { .. } => "dead-lettered",
            Self::Moved { .. } => "moved",
            Self::Purged { .. } => "purged",
            Self::QueueDeleted { .. } => "queue deleted",
            Self::Changed { .. } => "changed",
        }
    }

    /// The bytes of the message that it keeps.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Sent { text, .. } => text.len(),
            Self::Published { bytes, .. } | Self::Changed { bytes, .. } => *bytes,
            Self::Arrived { event, .. } => event.len(),
            _ => 0,
        }
    }

    /// Whether the message that it keeps has this text in it.
    pub(super) fn contains(&self, wanted: &str) -> bool {
        match self {
            Self::Sent { text, .. } => text.contains(wanted),
            Self::Published { message, .. } => message.contains(wanted),
            Self::Arrived { event, .. } => event.contains(wanted),
            _ => false,
        }
    }

    /// The id under which the message goes on.
    pub(crate) fn next_id(&self) -> Option<Id> {
        match self {
            Self::Delivered { id, .. } => *id,
            Self::Copied { id, .. } | Self::Moved { id, .. } => Some(*id),
            Self::GivenUp { end, .. } => end.id(),
            _ => None,
        }
    }

    /// The id of the message that comes into being by a step of the message `own`, if one does.
    pub(super) fn creates(&self, own: Id) -> Option<Id> {
        match self {
            Self::Sent {
                is_duplicate: false,
                ..
            } => Some(own),
            what => what.next_id(),
        }
    }

    /// Who called.
    pub(crate) fn by(&self) -> Option<&By> {
        match self {
            Self::Sent { by, .. }
            | Self::Put { by }
            | Self::Direct { by, .. }
            | Self::Denied { by, .. }
            | Self::Received { by, .. }
            | Self::Hidden { by, .. }
            | Self::Deleted { by, .. } => Some(by),
            Self::Published { by, .. } => by.as_ref(),
            _ => None,
        }
    }

    /// Why something was not done.
    pub(crate) fn reason(&self) -> Option<&str> {
        match self {
            Self::Denied { reason, .. }
            | Self::Retried { reason, .. }
            | Self::GivenUp { reason, .. }
            | Self::Called {
                outcome: Err(reason),
                ..
            } => Some(reason),
            _ => None,
        }
    }

    /// The status with which an endpoint answered.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Called { outcome, .. } => outcome.as_ref().ok().copied(),
            _ => None,
        }
    }

    /// How long an endpoint took to answer.
    pub(crate) fn took(&self) -> Option<Duration> {
        match self {
            Self::Called { took, .. } => Some(*took),
            _ => None,
        }
    }

    /// Until when a message is hidden, or when there is another attempt.
    pub(crate) fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Received { hidden_until, .. } => Some(*hidden_until),
            Self::Hidden { until, .. } => Some(*until),
            Self::Retried { due, .. } => Some(*due),
            Self::Called { due_again, .. } => *due_again,
            _ => None,
        }
    }

    /// The resources that it is about.
    pub(crate) fn resources(&self) -> [Option<&Arc<str>>; 2] {
        match self {
            Self::Put { .. } => [None, None],
            Self::Sent { queue, .. }
            | Self::Received { queue, .. }
            | Self::Hidden { queue, .. }
            | Self::Deleted { queue, .. }
            | Self::Expired { queue }
            | Self::Purged { queue }
            | Self::QueueDeleted { queue } => [Some(queue), None],
            Self::Published { topic, .. } | Self::Duplicate { topic } => [Some(topic), None],
            Self::Arrived { bus, .. } | Self::NoBus { bus } | Self::Copied { bus, .. } => {
                [Some(bus), None]
            }
            Self::Denied { resource, .. } => [Some(resource), None],
            Self::Begun { to, .. }
            | Self::Direct { to, .. }
            | Self::Delivered { to, .. }
            | Self::Captured { to, .. }
            | Self::Retried { to, .. } => [Some(to), None],
            Self::GivenUp { to, end, .. } => [Some(to), end.queue()],
            Self::Called { endpoint, .. } => [Some(endpoint), None],
            Self::DeadLettered { from, to, .. } | Self::Moved { from, to, .. } => {
                [Some(from), Some(to)]
            }
            Self::Changed { of, .. } => [Some(of), None],
        }
    }
}

impl End {
    fn id(&self) -> Option<Id> {
        match self {
            Self::DeadLetter { id, .. } => Some(*id),
            Self::Lost | Self::Skipped | Self::RefusedTwice { .. } => None,
        }
    }

    fn queue(&self) -> Option<&Arc<str>> {
        match self {
            Self::Lost | Self::Skipped => None,
            Self::DeadLetter { queue, .. } | Self::RefusedTwice { queue, .. } => Some(queue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_small() {
        assert!(size_of::<Step>() <= 112, "{}", size_of::<Step>());
    }
}
