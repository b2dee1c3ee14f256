//! What the core must know of a subscription.

use std::sync::Arc;

use super::events::Events;
use super::message::Message;
use super::protocol::Protocol;
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::pattern::Policy;

/// A subscription as the core sees it. How it is delivered to is its service's alone, so that the core holds no lock, no
/// connection and nothing of HTTP. It does not change: what changes it puts another in its place.
pub(crate) trait Subscriber {
    fn id(&self) -> Id;

    fn protocol(&self) -> Protocol;

    /// What it delivers to; a topic has one subscription at most of an endpoint by a protocol.
    fn endpoint(&self) -> &Arc<str>;

    /// Whether the subscriber has agreed: until then nothing is delivered.
    fn is_confirmed(&self) -> bool;

    fn filter_policy(&self) -> Option<&Policy>;

    fn replay_window(&self) -> Option<&ReplayWindow>;

    /// Since when it is paused: its replay has ended and it waits for the next. Then it gets no live messages.
    fn paused_since(&self, now: Timestamp) -> Option<Timestamp> {
        let window = self.replay_window()?;
        window.ending_point.filter(|end| *end < now)
    }

    /// Whether its filter policy lets the message through.
    fn filter_lets_through(&self, message: &Message) -> bool {
        self.filter_policy().is_none_or(|policy| {
            let mut events = Events::new(message);
            policy.matches(events.of(policy.scope(), self.protocol()))
        })
    }
}

/// The part of a FIFO topic's archive that a subscription wants again (`ReplayPolicy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReplayWindow {
    pub(crate) starting_point: Timestamp,
    /// When to pause; without it live messages follow the replayed ones.
    pub(crate) ending_point: Option<Timestamp>,
}
