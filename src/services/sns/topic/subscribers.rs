//! A topic's subscriptions: found by id, by endpoint, and by the messages that they are to get.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::events::Events;
use super::message::Message;
use super::protocol::Protocol;
use super::subscriber::Subscriber;
use super::withheld::Withheld;
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::pattern::{Index, Scope};

/// The subscriptions of one topic.
#[derive(Debug)]
pub(crate) struct Subscribers<S> {
    by_id: BTreeMap<Id, Arc<S>>,
    by_endpoint: HashMap<(Protocol, Arc<str>), Id>,
    /// The confirmed ones without a filter policy.
    unfiltered: BTreeMap<Id, Arc<S>>,
    /// The confirmed ones that have a policy over message attributes.
    by_attributes: Index<Id>,
    /// The confirmed ones that have a policy over the body, by protocol: a message can have a text for each.
    by_body: BTreeMap<Protocol, Index<Id>>,
    pending: usize,
    filter_policies: usize,
    removed: usize,
}

/// `SubscriptionsConfirmed`, `SubscriptionsPending` and `SubscriptionsDeleted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) confirmed: usize,
    pub(crate) pending: usize,
    pub(crate) deleted: usize,
}

impl<S> Default for Subscribers<S> {
    fn default() -> Self {
        Self {
            by_id: BTreeMap::new(),
            by_endpoint: HashMap::new(),
            unfiltered: BTreeMap::new(),
            by_attributes: Index::default(),
            by_body: BTreeMap::new(),
            pending: 0,
            filter_policies: 0,
            removed: 0,
        }
    }
}

impl<S: Subscriber> Subscribers<S> {
    /// Adds a subscription, in place of the one with its id.
    pub(crate) fn put(&mut self, subscription: Arc<S>) {
        let (id, protocol) = (subscription.id(), subscription.protocol());
        self.take_out(id);
        let key = (protocol, subscription.endpoint().clone());
        self.by_endpoint.insert(key, id);
        if subscription.filter_policy().is_some() {
            self.filter_policies += 1;
        }
        match subscription.filter_policy() {
            _ if !subscription.is_confirmed() => self.pending += 1,
            None => {
                self.unfiltered.insert(id, subscription.clone());
            }
            Some(policy) => match policy.scope() {
                Scope::MessageAttributes => self.by_attributes.insert(id, policy),
                Scope::MessageBody => {
                    let index = self.by_body.entry(protocol).or_default();
                    index.insert(id, policy);
                }
            },
        }
        self.by_id.insert(id, subscription);
    }

    /// Removes a subscription.
    pub(crate) fn remove(&mut self, id: Id) -> Option<Arc<S>> {
        let removed = self.take_out(id)?;
        self.removed += 1;
        Some(removed)
    }

    fn take_out(&mut self, id: Id) -> Option<Arc<S>> {
        let subscription = self.by_id.remove(&id)?;
        let protocol = subscription.protocol();
        self.by_endpoint
            .remove(&(protocol, subscription.endpoint().clone()));
        if !subscription.is_confirmed() {
            self.pending -= 1;
        }
        if subscription.filter_policy().is_some() {
            self.filter_policies -= 1;
        }
        self.unfiltered.remove(&id);
        self.by_attributes.remove(&id);
        if let Some(index) = self.by_body.get_mut(&protocol) {
            index.remove(&id);
            if index.is_empty() {
                self.by_body.remove(&protocol);
            }
        }
        Some(subscription)
    }

    pub(crate) fn get(&self, id: Id) -> Option<&Arc<S>> {
        self.by_id.get(&id)
    }

    /// The subscription of this endpoint: there is one at most.
    pub(crate) fn of_endpoint(&self, protocol: Protocol, endpoint: &Arc<str>) -> Option<&Arc<S>> {
        let id = self.by_endpoint.get(&(protocol, endpoint.clone()))?;
        self.by_id.get(id)
    }

    /// All of them, in an order that does not change.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<S>> {
        self.by_id.values()
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            confirmed: self.by_id.len() - self.pending,
            pending: self.pending,
            deleted: self.removed,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// How many have a filter policy.
    pub(crate) fn filter_policies(&self) -> usize {
        self.filter_policies
    }

    /// The subscriptions that get a message, each once. What it costs depends on how many these are, not on how many are
    /// filtered out: [`Self::explain`] says why those are.
    pub(crate) fn recipients(
        &self,
        now: Timestamp,
        message: &Message,
    ) -> impl Iterator<Item = &Arc<S>> {
        let matching = self.matching(message).into_iter();
        let matching = matching.map(|id| &self.by_id[&id]);
        let confirmed = self.unfiltered.values().chain(matching);
        confirmed.filter(move |one| one.paused_since(now).is_none())
    }

    /// The subscriptions that do not get a message, each with the reason. Looks at every subscription.
    pub(crate) fn explain(
        &self,
        now: Timestamp,
        message: &Message,
    ) -> impl Iterator<Item = (&Arc<S>, Withheld)> {
        let mut events = Events::new(message);
        self.by_id.values().filter_map(move |subscription| {
            let withheld = withheld(now, &**subscription, &mut events)?;
            Some((subscription, withheld))
        })
    }

    /// Those whose filter policy lets the message through.
    fn matching(&self, message: &Message) -> Vec<Id> {
        let mut ids = Vec::new();
        let mut events = Events::new(message);
        if !self.by_attributes.is_empty() {
            self.by_attributes.matches(events.attributes(), &mut ids);
        }
        for (protocol, index) in &self.by_body {
            index.matches(events.body(*protocol), &mut ids);
        }
        ids
    }
}

fn withheld(
    now: Timestamp,
    subscription: &impl Subscriber,
    events: &mut Events<'_>,
) -> Option<Withheld> {
    if !subscription.is_confirmed() {
        return Some(Withheld::Pending);
    }
    if let Some(since) = subscription.paused_since(now) {
        return Some(Withheld::Paused(since));
    }
    let policy = subscription.filter_policy()?;
    let mismatch = policy.explain(events.of(policy.scope(), subscription.protocol()))?;
    Some(Withheld::Filtered(mismatch))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TestSubscriber, at, fifo_message, policy, subscriber};
    use super::super::{ReplayWindow, Subscribers};
    use super::*;

    fn table(all: impl IntoIterator<Item = TestSubscriber>) -> Subscribers<TestSubscriber> {
        let mut table = Subscribers::default();
        all.into_iter().for_each(|one| table.put(Arc::new(one)));
        table
    }

    #[test]
    fn each_subscription_gets_the_message_or_there_is_a_reason() {
        let everything = subscriber(1);
        let matching = TestSubscriber {
            filter_policy: Some(policy(r#"{"id":["a"]}"#)),
            ..subscriber(2)
        };
        let filtered_out = TestSubscriber {
            filter_policy: Some(policy(r#"{"id":["b"]}"#)),
            ..subscriber(3)
        };
        let pending = TestSubscriber {
            is_confirmed: false,
            ..subscriber(4)
        };
        let paused = TestSubscriber {
            replay_window: Some(ReplayWindow {
                starting_point: at(1),
                ending_point: Some(at(2)),
            }),
            ..subscriber(5)
        };
        let table = table([everything, matching, filtered_out, pending, paused]);
        let message = fifo_message(3, "g", "a");
        let got: Vec<_> = table
            .recipients(at(3), &message)
            .map(|one| one.id)
            .collect();
        assert_eq!(got, [Id::from_u128(1), Id::from_u128(2)]);
        let reasons: Vec<_> = table
            .explain(at(3), &message)
            .map(|(one, withheld)| format!("{}: {withheld}", one.endpoint))
            .collect();
        assert_eq!(
            reasons,
            [
                r#"queue 3: filtered: id is "a", wanted is "b""#,
                "queue 4: the subscription is not confirmed",
                "queue 5: the subscription is paused since its replay ended at 2000",
            ]
        );
        assert_eq!(
            table.counts(),
            Counts {
                confirmed: 4,
                pending: 1,
                deleted: 0
            }
        );
        assert_eq!((table.len(), table.filter_policies()), (5, 2));
    }

    #[test]
    fn a_window_that_has_not_ended_pauses_nothing() {
        let one = TestSubscriber {
            replay_window: Some(ReplayWindow {
                starting_point: at(1),
                ending_point: Some(at(5)),
            }),
            ..subscriber(1)
        };
        let table = table([one]);
        let message = fifo_message(5, "g", "a");
        assert_eq!(table.recipients(at(5), &message).count(), 1);
        assert_eq!(table.recipients(at(6), &message).count(), 0);
    }
}
