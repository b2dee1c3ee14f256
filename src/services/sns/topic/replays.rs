//! The replays of a FIFO topic's archive that are under way. Each goes in turns, between which messages are published: for
//! a subscription with a replay they are held back until it has got what is replayed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::message::Message;
use crate::aws::message::SequenceNumber;
use crate::clock::Timestamp;
use crate::ids::Id;

/// A replay, as its turns name it: another one of its subscription has another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReplayId {
    subscription: Id,
    number: u64,
}

/// Replays by subscription: it has one at most.
#[derive(Debug, Default)]
pub(super) struct Replays {
    under_way: BTreeMap<Id, UnderWay>,
    last_number: u64,
}

#[derive(Debug)]
pub(super) struct UnderWay {
    number: u64,
    pub(super) rest: Option<Rest>,
    pub(super) held_back: VecDeque<Arc<Message>>,
}

/// The part of the archive that is still to be replayed: from one message to another, and none published later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest {
    pub(super) from: SequenceNumber,
    pub(super) to: SequenceNumber,
    pub(super) until: Timestamp,
}

/// What a subscription gets in a turn, in this order.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// From the archive, whatever its filter policy says.
    pub(crate) archived: Vec<Arc<Message>>,
    /// What was published meanwhile and its filter policy lets through.
    pub(crate) held_back: Vec<Arc<Message>>,
}

impl ReplayId {
    pub(crate) const fn subscription(self) -> Id {
        self.subscription
    }
}

impl Replays {
    pub(super) fn begin(&mut self, subscription: Id, rest: Rest) -> ReplayId {
        self.last_number += 1;
        let number = self.last_number;
        let under_way = UnderWay {
            number,
            rest: Some(rest),
            held_back: VecDeque::new(),
        };
        self.under_way.insert(subscription, under_way);
        ReplayId {
            subscription,
            number,
        }
    }

    /// Ends the replay of a subscription, if there is one, and returns what it held back.
    pub(super) fn end(&mut self, subscription: Id) -> Vec<Arc<Message>> {
        let ended = self.under_way.remove(&subscription);
        ended.map_or_else(Vec::new, |ended| ended.held_back.into())
    }

    pub(super) fn get(&mut self, id: ReplayId) -> Option<&mut UnderWay> {
        let under_way = self.under_way.get_mut(&id.subscription)?;
        (under_way.number == id.number).then_some(under_way)
    }

    /// Holds a message back from a subscription that has a replay; false if it has none.
    pub(super) fn hold_back(&mut self, subscription: Id, message: &Arc<Message>) -> bool {
        if self.under_way.is_empty() {
            return false;
        }
        let under_way = self.under_way.get_mut(&subscription);
        let is_replaying = under_way.is_some();
        if let Some(under_way) = under_way {
            under_way.held_back.push_back(message.clone());
        }
        is_replaying
    }
}
