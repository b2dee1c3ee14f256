//! A topic's subscriptions: found by id, by endpoint, and by the messages that they are to get.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::events::Events;
use super::message::Message;
use super::protocol::Protocol;
use super::selection::Selection;
use super::subscriber::Subscriber;
use super::withheld::Withheld;
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::pattern::{Index, Scope, Work};

/// The subscriptions of one topic.
#[derive(Debug)]
pub(crate) struct Subscribers<S> {
    by_id: BTreeMap<Id, Arc<S>>,
    /// In the order of listings: ids would do too, but differ from run to run.
    by_endpoint: BTreeMap<(Protocol, Arc<str>), Id>,
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
            by_endpoint: BTreeMap::new(),
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
                Scope::MessageAttributes => self.by_attributes.insert(id, policy.clone()),
                Scope::MessageBody => {
                    let index = self.by_body.entry(protocol).or_default();
                    index.insert(id, policy.clone());
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

    /// Those that come after an endpoint, ordered by protocol and endpoint.
    pub(crate) fn after(&self, last: Option<(Protocol, &str)>) -> impl Iterator<Item = &Arc<S>> {
        let last = last.map(|(protocol, endpoint)| (protocol, Arc::from(endpoint)));
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let ids = self.by_endpoint.range((start, Bound::Unbounded));
        ids.filter_map(|(_, id)| self.by_id.get(id))
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

    /// The subscriptions whose filter policies let a message through, as far as the work goes. What it costs depends on how
    /// many policies could match, not on how many there are.
    pub(crate) fn select(&self, events: &mut Events<'_>, work: &mut Work) -> Selection {
        let mut selection = Selection::default();
        if !self.by_attributes.is_empty() {
            self.select_from(&self.by_attributes, None, events, work, &mut selection);
        }
        for (protocol, index) in &self.by_body {
            self.select_from(index, Some(*protocol), events, work, &mut selection);
        }
        selection
    }

    fn select_from(
        &self,
        index: &Index<Id>,
        body_of: Option<Protocol>,
        events: &mut Events<'_>,
        work: &mut Work,
        selection: &mut Selection,
    ) {
        let event = match body_of {
            Some(protocol) => events.body(protocol),
            None => events.attributes(),
        };
        let mut rest = Vec::new();
        index.matches_within(event, work, &mut selection.ids, &mut rest);
        let rest = rest.into_iter();
        selection
            .rest
            .extend(rest.map(|(id, policy)| (self.by_id[&id].protocol(), id, policy)));
    }

    /// The subscriptions that get a message, each once: those without a filter policy, and the selected ones.
    /// [`Self::explain`] says why others do not.
    pub(crate) fn recipients(
        &self,
        now: Timestamp,
        selection: &Selection,
    ) -> impl Iterator<Item = &Arc<S>> {
        // The table may have changed since they were selected.
        let is_filtered = |one: &&Arc<S>| one.is_confirmed() && one.filter_policy().is_some();
        let selected = selection.ids.iter().filter_map(|id| self.by_id.get(id));
        let selected = selected.filter(is_filtered);
        let confirmed = self.unfiltered.values().chain(selected);
        confirmed.filter(move |one| one.paused_since(now).is_none())
    }

    /// How many subscriptions have a filter policy and are confirmed and not paused. Looks at those that have one.
    pub(crate) fn filtered(&self, now: Timestamp) -> usize {
        let with_policy = self.by_id.values().filter(|one| {
            one.is_confirmed() && one.filter_policy().is_some() && one.paused_since(now).is_none()
        });
        with_policy.count()
    }

    /// How many subscriptions have no filter policy: these and the selected ones get a message.
    pub(crate) fn unfiltered(&self) -> usize {
        self.unfiltered.len()
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
}

/// Why a subscription does not get a message; nothing if it does.
pub(crate) fn withheld(
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

    fn select(table: &Subscribers<TestSubscriber>, message: &Message) -> Selection {
        table.select(&mut Events::new(message), &mut Work::unlimited())
    }

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
        let selection = select(&table, &message);
        let got = table.recipients(at(3), &selection).map(|one| one.id);
        assert_eq!(
            got.collect::<Vec<_>>(),
            [Id::from_u128(1), Id::from_u128(2)]
        );
        assert_eq!((table.unfiltered(), table.filtered(at(3))), (2, 2));
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
        let selection = select(&table, &message);
        assert_eq!(table.recipients(at(5), &selection).count(), 1);
        assert_eq!(table.recipients(at(6), &selection).count(), 0);
    }

    #[test]
    fn a_selection_in_parts_is_the_same() {
        let all = (1..=40).map(|number| TestSubscriber {
            filter_policy: Some(policy(if number % 3 == 0 {
                r#"{"id":[{"anything-but":"a"}]}"#
            } else {
                r#"{"id":[{"exists":true}]}"#
            })),
            ..subscriber(number)
        });
        let mut table = table(all);
        let message = fifo_message(3, "g", "a");
        let mut events = Events::new(&message);
        let mut selection = table.select(&mut events, &mut Work::limited(10));
        let mut parts = 1;
        while !selection.is_complete() {
            selection.proceed(&mut events, &mut Work::limited(10));
            parts += 1;
        }
        assert!(parts > 3, "{parts}");
        let ids = |table: &Subscribers<TestSubscriber>, selection: &Selection| {
            let ids = table.recipients(at(3), selection).map(|one| one.id);
            let mut ids: Vec<_> = ids.collect();
            ids.sort_unstable();
            ids
        };
        let expected = (1..=40).filter(|number| number % 3 != 0).map(Id::from_u128);
        assert_eq!(ids(&table, &selection), expected.collect::<Vec<_>>());
        assert_eq!(
            ids(&table, &selection),
            ids(&table, &select(&table, &message))
        );
        // Meanwhile one was removed, one has no policy any more, and one waits for confirmation.
        table.remove(Id::from_u128(1));
        table.put(Arc::new(subscriber(2)));
        table.put(Arc::new(TestSubscriber {
            is_confirmed: false,
            ..subscriber(4)
        }));
        let got = ids(&table, &selection);
        assert_eq!(got.len(), 25);
        let of = |number| {
            got.iter()
                .filter(|id| **id == Id::from_u128(number))
                .count()
        };
        assert_eq!([of(1), of(2), of(4), of(5)], [0, 1, 0, 1]);
    }
}
