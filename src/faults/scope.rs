//! What a fault matches.

use super::draw::Draw;
use crate::aws::{AccountId, Caller, matches_pattern};

/// Which calls, entries, messages or requests a fault strikes. What is absent says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// The service's name.
    pub service: Option<String>,
    /// The action; like the texts below, it may have `*`.
    pub action: Option<String>,
    /// The queue's name.
    pub queue: Option<String>,
    /// The topic's name.
    pub topic: Option<String>,
    /// The event bus's name.
    pub bus: Option<String>,
    /// The URL of an endpoint.
    pub url: Option<String>,
    /// The account of the caller; of the queue, where a message is delivered to it.
    pub account: Option<AccountId>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The only one that is struck of what matches, counted from one.
    pub nth: Option<u64>,
    /// Of what matches, every so many-th is struck.
    pub every: Option<u64>,
    /// How probable it is that what matches is struck.
    pub probability: Option<f64>,
    /// What the chances come from.
    pub seed: u64,
}

/// What is known of a call, an entry, a message or a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// The service; none of a request to an endpoint.
    pub service: Option<&'a str>,
    /// The URL of a request to an endpoint.
    pub url: Option<&'a str>,
    /// The action; none of a delivery.
    pub action: Option<&'a str>,
    /// The account.
    pub account: Option<AccountId>,
    /// The client's `User-Agent`; none of a delivery.
    pub user_agent: Option<&'a str>,
    /// What it is about.
    pub resources: &'a [Resource<'a>],
}

/// What a call is about, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource<'a> {
    /// A queue.
    Queue(&'a str),
    /// A topic.
    Topic(&'a str),
    /// An event bus.
    Bus(&'a str),
}

impl<'a> Facts<'a> {
    /// Those of something that a caller does.
    pub fn of_call(
        service: &'a str,
        caller: &'a Caller<'_>,
        resources: &'a [Resource<'a>],
    ) -> Self {
        Self {
            service: Some(service),
            action: Some(caller.action),
            account: Some(caller.account),
            user_agent: caller.user_agent,
            resources,
            ..Self::default()
        }
    }

    /// Those of a request to an endpoint.
    pub fn of_url(url: &'a str) -> Self {
        Self {
            url: Some(url),
            ..Self::default()
        }
    }
}

impl Scope {
    /// Whether all that it asks for is so.
    pub(super) fn matches(&self, facts: &Facts<'_>) -> bool {
        let is_there = |wanted: &Option<String>, found: Option<&str>| match wanted {
            None => true,
            Some(pattern) => found.is_some_and(|found| matches_pattern(pattern, found)),
        };
        is_there(&self.service, facts.service)
            && is_there(&self.url, facts.url)
            && is_there(&self.action, facts.action)
            && is_there(&self.user_agent, facts.user_agent)
            && (self.account.is_none() || self.account == facts.account)
            && self.is_about(facts.resources)
    }

    /// Whether it matches calls of this action.
    pub fn has_action(&self, action: &str) -> bool {
        let wanted = self.action.as_deref();
        wanted.is_none_or(|pattern| matches_pattern(pattern, action))
    }

    fn is_about(&self, resources: &[Resource<'_>]) -> bool {
        let is_one = |wanted: &Option<String>, name: fn(Resource<'_>) -> Option<&str>| {
            wanted.as_ref().is_none_or(|pattern| {
                let mut names = resources.iter().filter_map(|resource| name(*resource));
                names.any(|found| matches_pattern(pattern, found))
            })
        };
        is_one(&self.queue, |resource| match resource {
            Resource::Queue(name) => Some(name),
            _ => None,
        }) && is_one(&self.topic, |resource| match resource {
            Resource::Topic(name) => Some(name),
            _ => None,
        }) && is_one(&self.bus, |resource| match resource {
            Resource::Bus(name) => Some(name),
            _ => None,
        })
    }

    /// Whether the `number`-th of what matches is struck.
    pub(super) fn selects(&self, number: u64, draw: Draw) -> bool {
        self.nth.is_none_or(|nth| nth == number)
            && self.every.is_none_or(|every| number.is_multiple_of(every))
            && self
                .probability
                .is_none_or(|probability| draw.happens(probability))
    }

    /// Whether it strikes all that it matches.
    pub const fn is_of_all(&self) -> bool {
        self.nth.is_none() && self.every.is_none() && self.probability.is_none()
    }
}
