//! A topic's subscriptions: found by id, by endpoint, and by the messages that they want.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::message::Message;
use super::protocol::Protocol;
use crate::ids::Id;
use crate::pattern::{Event, Index, Scope};
use crate::services::sns::subscription::{Status, Subscription};

/// The subscriptions of one topic.
#[derive(Debug, Default)]
pub(crate) struct Subscribers {
    by_id: BTreeMap<Id, Arc<Subscription>>,
    by_endpoint: HashMap<(Protocol, Arc<str>), Id>,
    /// The confirmed ones that want every message.
    unfiltered: BTreeMap<Id, Arc<Subscription>>,
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

impl Subscribers {
    /// Adds a subscription, in place of the one with its id.
    pub(crate) fn put(&mut self, subscription: Arc<Subscription>) {
        let identity = &subscription.identity;
        let id = identity.id;
        self.take_out(id);
        let key = (identity.protocol, identity.endpoint.clone());
        self.by_endpoint.insert(key, id);
        if subscription.attributes.filter_policy.is_some() {
            self.filter_policies += 1;
        }
        match (subscription.status, &subscription.attributes.filter_policy) {
            (Status::Pending, _) => self.pending += 1,
            (Status::Confirmed { .. }, None) => {
                self.unfiltered.insert(id, subscription.clone());
            }
            (Status::Confirmed { .. }, Some(filter)) => match filter.policy.scope() {
                Scope::MessageAttributes => self.by_attributes.insert(id, &filter.policy),
                Scope::MessageBody => {
                    let index = self.by_body.entry(identity.protocol).or_default();
                    index.insert(id, &filter.policy);
                }
            },
        }
        self.by_id.insert(id, subscription);
    }

    /// Removes a subscription.
    pub(crate) fn remove(&mut self, id: Id) -> Option<Arc<Subscription>> {
        let removed = self.take_out(id)?;
        self.removed += 1;
        Some(removed)
    }

    fn take_out(&mut self, id: Id) -> Option<Arc<Subscription>> {
        let subscription = self.by_id.remove(&id)?;
        let identity = &subscription.identity;
        self.by_endpoint
            .remove(&(identity.protocol, identity.endpoint.clone()));
        if subscription.status == Status::Pending {
            self.pending -= 1;
        }
        if subscription.attributes.filter_policy.is_some() {
            self.filter_policies -= 1;
        }
        self.unfiltered.remove(&id);
        self.by_attributes.remove(&id);
        if let Some(index) = self.by_body.get_mut(&identity.protocol) {
            index.remove(&id);
            if index.is_empty() {
                self.by_body.remove(&identity.protocol);
            }
        }
        Some(subscription)
    }

    pub(crate) fn get(&self, id: Id) -> Option<&Arc<Subscription>> {
        self.by_id.get(&id)
    }

    /// The subscription of this endpoint: there is one at most.
    pub(crate) fn of_endpoint(
        &self,
        protocol: Protocol,
        endpoint: &Arc<str>,
    ) -> Option<&Arc<Subscription>> {
        let id = self.by_endpoint.get(&(protocol, endpoint.clone()))?;
        self.by_id.get(id)
    }

    /// All of them, in an order that does not change.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Subscription>> {
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

    /// Calls `deliver` for every subscription that wants the message.
    pub(crate) fn for_each_wanting(
        &self,
        message: &Message,
        mut deliver: impl FnMut(&Arc<Subscription>),
    ) {
        self.unfiltered.values().for_each(&mut deliver);
        let mut ids = Vec::new();
        if !self.by_attributes.is_empty() {
            let event = message.attributes_event();
            self.by_attributes.matches(&event, &mut ids);
        }
        self.match_bodies(message, &mut ids);
        for id in ids {
            deliver(&self.by_id[&id]);
        }
    }

    fn match_bodies(&self, message: &Message, ids: &mut Vec<Id>) {
        // Most messages have one text for all protocols: it is read once.
        let mut event: Option<(&Arc<str>, Event<'_>)> = None;
        for (protocol, index) in &self.by_body {
            let text = message.text_for(protocol.as_str());
            if event.as_ref().is_none_or(|(read, _)| *read != text) {
                event = Some((text, Event::from_body(text)));
            }
            if let Some((_, event)) = &event {
                index.matches(event, ids);
            }
        }
    }
}
