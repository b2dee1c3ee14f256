//! What services say when they are asked: where a message is now, and who did not get one.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::step::What;
use crate::clock::Timestamp;
use crate::ids::Id;

/// A service that can say more of steps than they hold.
pub(crate) trait Witness: fmt::Debug + Send + Sync {
    /// Who did not get the message of a step, and why not, as it was then.
    fn withheld(&self, _arrival: &What, _changed: &Changed<'_>) -> Vec<Withheld> {
        Vec::new()
    }

    /// Looks for a message in the queue with this ARN, from a place on that an earlier look ended at; nothing if there is no
    /// such queue here.
    fn look(&self, _queue: &str, _id: Id, _from: u64, _now: Timestamp) -> Option<Look> {
        None
    }
}

/// What was changed after a step, by name: as it was before the first change, or nothing if it was not there.
pub(crate) type Changed<'a> = BTreeMap<&'a str, Option<&'a Arc<dyn Any + Send + Sync>>>;

/// A subscription or a rule that did not get a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Withheld {
    /// Its ARN.
    pub(crate) by: Arc<str>,
    /// What it would have delivered to, if that is one thing.
    pub(crate) to: Option<Arc<str>>,
    pub(crate) reason: String,
}

/// What a look for a message comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Found(Whereabouts),
    /// There are more messages, from this place on.
    More(u64),
    NotThere,
}

/// A message in its queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whereabouts {
    pub(crate) hidden: Hidden,
    /// How often it was received.
    pub(crate) receive_count: u32,
    /// The message of its group before which it cannot be received.
    pub(crate) behind: Option<Behind>,
}

/// Whether a message can be received, apart from others of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hidden {
    No,
    Delayed(Timestamp),
    InFlight(Timestamp),
}

/// The first message of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) id: Id,
    pub(crate) group: Arc<str>,
    pub(crate) hidden: Hidden,
}
