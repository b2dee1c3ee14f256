//! The core of a topic: pure. No HTTP, no JSON, no lock, no clock of its own; the time is an argument, or a message's.
//!
//! It is two values, because a publish needs them differently: [`Memory`] is what a FIFO topic remembers of its messages,
//! which each publish changes; [`Subscribers`] is the table of subscriptions, which publishes only read. A standard topic's
//! publishes run side by side, since they need the table alone.
//!
//! The service holds the locks around them (`hosted_topic.rs`). They are taken in this order: a topic's memory, its table,
//! then a subscriber's queue. A FIFO topic's memory stays locked until a message has reached its queues, which keeps the
//! order of a group; code that holds a queue's lock asks for neither.
//!
//! In reading order: [`message`] is what goes in and comes out, [`protocol`] the ways to subscribers. `memory` decides
//! whether a message is new, by `deduplication`, and keeps it in the `archive` for replays; `replays` are those under way.
//! `subscriber` is what the core must know of a subscription, `subscribers` has the recipients of a message, `selection`
//! those whose filter policies want it, and `withheld` is why a subscription is not one; `events` is a message as filter
//! policies see it.

mod archive;
mod deduplication;
mod events;
mod memory;
pub(crate) mod message;
#[cfg(test)]
mod model;
pub(crate) mod protocol;
mod replays;
mod selection;
mod subscriber;
mod subscribers;
#[cfg(test)]
mod testing;
mod withheld;

pub(crate) use deduplication::ThroughputScope;
pub(crate) use events::Events;
pub(crate) use memory::{Accepted, Memory};
pub(crate) use replays::ReplayId;
pub(crate) use selection::Selection;
pub(crate) use subscriber::{ReplayWindow, Subscriber};
pub(crate) use subscribers::{Subscribers, withheld};
