//! Confirmation tokens: each confirms a subscription, or restores one that has ended.
//!
//! A subscription has one token at most. It is valid for two days; another confirmation message carries it again and
//! restarts its time. A pending subscription lives as long as its token is remembered, three days; then both are
//! removed. No timer does that: [`Sns::forget_unconfirmed`] removes them before subscriptions are shown or counted.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use super::Sns;
use super::error::Error;
use super::hosted_topic::Topic;
use super::limits;
use super::subscription::{Status, Subscription};
use crate::aws::AccountId;
use crate::clock::Timestamp;
use crate::ids::{Id, Ids};

/// All tokens of a server. Its lock is taken under a topic's, never the other way round.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    by_token: HashMap<Arc<str>, Held>,
    by_subscription: HashMap<Arc<str>, Arc<str>>,
    /// Tokens in the order in which they are forgotten.
    order: BTreeMap<(Timestamp, u64), Arc<str>>,
    last_serial: u64,
    /// How many subscriptions of an account are pending.
    pending: HashMap<AccountId, usize>,
}

/// The purpose of a token.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) topic: Weak<Topic>,
    pub(super) id: Id,
    pub(super) purpose: Purpose,
    subscription_arn: Arc<str>,
    owner: AccountId,
    place: (Timestamp, u64),
}

/// The effect of a token.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// It confirms a subscription.
    Confirm {
        /// Whether the subscription still waits for it.
        is_pending: bool,
    },
    /// It restores a subscription that has ended.
    Restore(Arc<Subscription>),
}

/// A pending subscription whose time has expired.
#[derive(Debug)]
struct Unconfirmed {
    topic: Weak<Topic>,
    id: Id,
}

impl Tokens {
    /// The token that confirms a subscription that is pending now: a new one or its present one, valid for two days
    /// from now. An account may have 5,000 pending subscriptions.
    pub(super) fn confirm(
        &self,
        now: Timestamp,
        ids: &Ids,
        topic: &Arc<Topic>,
        subscription: &Subscription,
    ) -> Result<Arc<str>, Error> {
        let identity = &subscription.identity;
        let mut state = self.state.lock();
        if let Some(token) = state.by_subscription.get(&identity.arn).cloned() {
            state.renew(now, &token);
            return Ok(token);
        }
        if state.pending_of(identity.owner) >= limits::PENDING_SUBSCRIPTIONS {
            state.forget_topics();
            if state.pending_of(identity.owner) >= limits::PENDING_SUBSCRIPTIONS {
                return Err(Error::SubscriptionLimitExceeded);
            }
        }
        *state.pending.entry(identity.owner).or_default() += 1;
        let purpose = Purpose::Confirm { is_pending: true };
        Ok(state.insert(now, new_token(ids), topic, subscription, purpose))
    }

    /// A new token that restores a subscription that has ended.
    pub(super) fn restore(
        &self,
        now: Timestamp,
        ids: &Ids,
        topic: &Arc<Topic>,
        subscription: &Arc<Subscription>,
    ) -> Arc<str> {
        let mut state = self.state.lock();
        state.remove_of(&subscription.identity.arn);
        let purpose = Purpose::Restore(subscription.clone());
        state.insert(now, new_token(ids), topic, subscription, purpose)
    }

    /// The purpose of a token, while it is valid.
    pub(super) fn find(&self, now: Timestamp, token: &str) -> Option<Held> {
        let state = self.state.lock();
        let held = state.by_token.get(token)?;
        (now.since(held.place.0) < days(limits::TOKEN_DAYS)).then(|| held.clone())
    }

    /// The token of a subscription, while it is valid.
    pub(super) fn of_subscription(&self, now: Timestamp, arn: &str) -> Option<Arc<str>> {
        let token = self.state.lock().by_subscription.get(arn).cloned()?;
        self.find(now, &token).map(|_| token)
    }

    /// The subscription is no longer pending. Its token stays valid: using it again does no harm.
    pub(super) fn settle(&self, subscription_arn: &str) {
        let mut state = self.state.lock();
        let Some(token) = state.by_subscription.get(subscription_arn).cloned() else {
            return;
        };
        let Some(held) = state.by_token.get_mut(&token) else {
            return;
        };
        let owner = held.owner;
        if let Purpose::Confirm { is_pending } = &mut held.purpose
            && std::mem::take(is_pending)
        {
            state.is_pending_no_more(owner);
        }
    }

    /// Forgets the token of a subscription that was ended for good.
    pub(super) fn forget(&self, subscription_arn: &str) {
        self.state.lock().remove_of(subscription_arn);
    }

    /// Forgets tokens older than three days, and returns the subscriptions that were pending all that time.
    fn forget_old(&self, now: Timestamp) -> Vec<Unconfirmed> {
        let mut state = self.state.lock();
        let mut unconfirmed = Vec::new();
        while let Some((place, token)) = state.order.first_key_value() {
            let is_old = now.since(place.0) >= days(limits::PENDING_DAYS);
            if !is_old && state.order.len() <= limits::TOKENS {
                break;
            }
            let token = token.clone();
            if let Some(held) = state.remove(&token)
                && let Purpose::Confirm { is_pending: true } = held.purpose
            {
                let Held { topic, id, .. } = held;
                unconfirmed.push(Unconfirmed { topic, id });
            }
        }
        unconfirmed
    }
}

impl State {
    fn pending_of(&self, owner: AccountId) -> usize {
        self.pending.get(&owner).copied().unwrap_or_default()
    }

    fn is_pending_no_more(&mut self, owner: AccountId) {
        if let Some(count) = self.pending.get_mut(&owner) {
            *count -= 1;
            if *count == 0 {
                self.pending.remove(&owner);
            }
        }
    }

    fn place(&mut self, now: Timestamp) -> (Timestamp, u64) {
        self.last_serial += 1;
        (now, self.last_serial)
    }

    fn insert(
        &mut self,
        now: Timestamp,
        token: Arc<str>,
        topic: &Arc<Topic>,
        subscription: &Subscription,
        purpose: Purpose,
    ) -> Arc<str> {
        let identity = &subscription.identity;
        let place = self.place(now);
        self.order.insert(place, token.clone());
        self.by_subscription
            .insert(identity.arn.clone(), token.clone());
        let held = Held {
            topic: Arc::downgrade(topic),
            id: identity.id,
            purpose,
            subscription_arn: identity.arn.clone(),
            owner: identity.owner,
            place,
        };
        self.by_token.insert(token.clone(), held);
        token
    }

    fn renew(&mut self, now: Timestamp, token: &Arc<str>) {
        let place = self.place(now);
        if let Some(held) = self.by_token.get_mut(token) {
            self.order.remove(&held.place);
            held.place = place;
            self.order.insert(place, token.clone());
        }
    }

    fn remove_of(&mut self, subscription_arn: &str) {
        if let Some(token) = self.by_subscription.get(subscription_arn).cloned() {
            self.remove(&token);
        }
    }

    fn remove(&mut self, token: &str) -> Option<Held> {
        let held = self.by_token.remove(token)?;
        self.order.remove(&held.place);
        self.by_subscription.remove(&held.subscription_arn);
        if let Purpose::Confirm { is_pending: true } = held.purpose {
            self.is_pending_no_more(held.owner);
        }
        Some(held)
    }

    /// Forgets the tokens of deleted topics. Walks all tokens, so it is called only when there is no room left.
    fn forget_topics(&mut self) {
        let of_topics_gone: Vec<_> = self
            .by_token
            .iter()
            .filter(|(_, held)| held.topic.strong_count() == 0)
            .map(|(token, _)| token.clone())
            .collect();
        for token in of_topics_gone {
            self.remove(&token);
        }
    }
}

impl Sns {
    /// Ends the pending subscriptions that nobody confirmed for three days. To be called before subscriptions are shown
    /// or counted.
    pub(super) fn forget_unconfirmed(&self) {
        for Unconfirmed { topic, id } in self.tokens.forget_old(self.now()) {
            let Some(topic) = topic.upgrade() else {
                continue;
            };
            let mut subscribers = topic.subscribers.write();
            if let Some(one) = subscribers.get(id).cloned()
                && one.status == Status::Pending
            {
                self.note_change(&topic, &one.identity.arn, Some(&one));
                subscribers.remove(id);
            }
        }
    }
}

fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

/// 288 lower-case hexadecimal characters, as AWS's.
fn new_token(ids: &Ids) -> Arc<str> {
    let mut token = String::with_capacity(288);
    for _ in 0..18 {
        write!(token, "{:016x}", ids.number()).expect("a string takes what is written");
    }
    token.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Region;
    use crate::delivery::TargetCache;
    use crate::services::sns::delivery::links::Links;
    use crate::services::sns::protocol::Protocol;
    use crate::services::sns::subscription::{Identity, SubscriptionAttributes};
    use crate::services::sns::topic_attributes::{Kind, TopicAttributes};
    use crate::services::sns::topics::TopicName;

    fn topic() -> Arc<Topic> {
        let name = TopicName {
            account: AccountId::DEFAULT,
            region: Region::default(),
            name: "t".into(),
        };
        let attributes = TopicAttributes::new(Kind::Standard);
        Arc::new(Topic::new(name, attributes, BTreeMap::new(), None))
    }

    fn subscription(ids: &Ids) -> Arc<Subscription> {
        let id = ids.message_id();
        let arn: Arc<str> = format!("arn:aws:sns:us-east-1:000000000000:t:{id}").into();
        Arc::new(Subscription {
            identity: Arc::new(Identity {
                id,
                owner: AccountId::DEFAULT,
                principal: String::new(),
                protocol: Protocol::Email,
                endpoint: "a@example.com".into(),
                links: Links::new("http://localhost", "http://localhost/c.pem", &arn),
                arn,
                link_base: "http://localhost".into(),
                queue: TargetCache::default(),
                lane: None,
            }),
            status: Status::Pending,
            attributes: SubscriptionAttributes::default(),
        })
    }

    fn at(days: u64) -> Timestamp {
        Timestamp::from_secs(days * 86_400)
    }

    #[test]
    fn tokens_are_like_awss() {
        let token = new_token(&Ids::seeded(1));
        assert_eq!(token.len(), 288);
        let is_hexadecimal = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        assert!(token.bytes().all(is_hexadecimal));
    }

    #[test]
    fn a_token_is_good_for_two_days_after_it_was_sent_last() {
        let (tokens, ids, topic) = (Tokens::default(), Ids::seeded(1), topic());
        let one = subscription(&ids);
        let token = tokens.confirm(at(0), &ids, &topic, &one).expect("a token");
        assert!(tokens.find(at(1), &token).is_some());
        assert!(tokens.find(at(2), &token).is_none());
        let again = tokens.confirm(at(2), &ids, &topic, &one).expect("a token");
        assert_eq!(again, token);
        assert!(tokens.find(at(3), &token).is_some());
        assert!(tokens.forget_old(at(4)).is_empty());
        assert_eq!(tokens.forget_old(at(5)).len(), 1);
        assert!(tokens.state.lock().by_token.is_empty());
        assert!(tokens.state.lock().by_subscription.is_empty());
        assert!(tokens.state.lock().pending.is_empty());
    }

    #[test]
    fn what_was_confirmed_is_forgotten_without_ending() {
        let (tokens, ids, topic) = (Tokens::default(), Ids::seeded(1), topic());
        let one = subscription(&ids);
        let token = tokens.confirm(at(0), &ids, &topic, &one).expect("a token");
        tokens.settle(&one.identity.arn);
        tokens.settle(&one.identity.arn);
        assert!(tokens.find(at(1), &token).is_some());
        assert!(tokens.forget_old(at(3)).is_empty());
        assert!(tokens.find(at(1), &token).is_none());
    }

    #[test]
    fn an_account_has_five_thousand_pending_subscriptions() {
        let (tokens, ids, topic) = (Tokens::default(), Ids::seeded(1), topic());
        let other = self::topic();
        let first = subscription(&ids);
        tokens
            .confirm(at(0), &ids, &other, &first)
            .expect("a token");
        for _ in 1..limits::PENDING_SUBSCRIPTIONS {
            let one = subscription(&ids);
            tokens.confirm(at(0), &ids, &topic, &one).expect("a token");
        }
        let over = || tokens.confirm(at(0), &ids, &topic, &subscription(&ids));
        assert_eq!(over(), Err(Error::SubscriptionLimitExceeded));
        // Pending subscriptions can be asked for again.
        assert!(tokens.confirm(at(0), &ids, &other, &first).is_ok());
        // A deleted topic makes room, as a confirmed subscription does.
        drop(other);
        assert!(over().is_ok());
        assert_eq!(over(), Err(Error::SubscriptionLimitExceeded));
    }

    #[test]
    fn a_token_that_restores_takes_the_place_of_the_one_that_confirmed() {
        let (tokens, ids, topic) = (Tokens::default(), Ids::seeded(1), topic());
        let one = subscription(&ids);
        let arn = &one.identity.arn;
        let confirms = tokens.confirm(at(0), &ids, &topic, &one).expect("a token");
        tokens.settle(arn);
        let restores = tokens.restore(at(0), &ids, &topic, &one);
        assert!(tokens.find(at(0), &confirms).is_none());
        assert_eq!(tokens.of_subscription(at(0), arn), Some(restores.clone()));
        let held = tokens.find(at(0), &restores).expect("a token");
        assert!(matches!(held.purpose, Purpose::Restore(_)));
        tokens.forget(arn);
        assert_eq!(tokens.of_subscription(at(0), arn), None);
    }
}
