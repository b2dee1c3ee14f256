//! Whose filter policies let a message through.

use std::sync::Arc;

use super::events::Events;
use super::protocol::Protocol;
use crate::ids::Id;
use crate::pattern::{Policy, Work};

/// The subscriptions whose filter policies let a message through, as far as they have been asked.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    pub(super) ids: Vec<Id>,
    /// Policies that have not been asked yet.
    pub(super) rest: Vec<(Protocol, Id, Arc<Policy>)>,
}

impl Selection {
    /// Whether every policy has been asked.
    pub(crate) fn is_complete(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many have been selected.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Asks further policies, as far as the work goes. It needs no table: the policies are as they were when the message
    /// came.
    pub(crate) fn proceed(&mut self, events: &mut Events<'_>, work: &mut Work) {
        while !work.is_used_up() {
            let Some((protocol, id, policy)) = self.rest.pop() else {
                return;
            };
            if policy.matches_within(events.of(policy.scope(), protocol), work) {
                self.ids.push(id);
            }
        }
    }
}
