//! Partner event sources: a partner offers one to an account, which gets its events on a bus of the same name.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::buses::BusName;
use super::error::Error;
use crate::aws::{AccountId, Caller, Named, Region};
use crate::clock::Timestamp;

/// How long a source waits for its bus.
const WAITS: Duration = Duration::from_hours(14 * 24);

/// Whether a source's events arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There is no bus, or its owner does not want them now.
    Pending,
    Active,
    /// The partner has deleted it.
    Deleted,
}

/// A source as the account has it that it was offered to.
#[derive(Debug)]
pub(super) struct EventSource {
    pub(super) name: Box<str>,
    pub(super) region: Region,
    pub(super) account: AccountId,
    pub(super) created_at: Timestamp,
    status: Mutex<Status>,
}

/// How a source is at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Status {
    pub(super) state: State,
    /// When it ends, if it waits for its bus.
    pub(super) expires_at: Option<Timestamp>,
}

/// A source as its partner has it.
#[derive(Debug)]
pub(super) struct PartnerSource {
    pub(super) name: Box<str>,
    region: Region,
    offered: Mutex<BTreeMap<AccountId, Arc<EventSource>>>,
}

/// The sources of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct EventSources {
    /// By the account that a source is offered to.
    offered: Named<EventSource>,
    /// By the partner's account.
    partners: Named<PartnerSource>,
    /// Held while a partner offers a source or withdraws it, since one that nobody is offered is forgotten, and while the bus of
    /// a source comes or goes.
    offering: Mutex<()>,
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::Deleted => "DELETED",
        }
    }
}

impl EventSource {
    /// How it is; none if it has ended.
    pub(super) fn status(&self, now: Timestamp) -> Option<Status> {
        let status = *self.status.lock();
        let is_over = status
            .expires_at
            .is_some_and(|expires_at| expires_at <= now);
        (!is_over).then_some(status)
    }

    pub(super) fn arn(&self) -> String {
        arn(self.region, &self.name)
    }

    /// The bus that gets its events.
    pub(super) fn bus(&self) -> BusName {
        BusName {
            account: self.account,
            region: self.region,
            name: self.name.clone(),
        }
    }

    /// What made it: `aws.partner/{partner}`.
    pub(super) fn created_by(&self) -> &str {
        let mut slashes = self.name.match_indices('/');
        let end = slashes.nth(1).map_or(self.name.len(), |(end, _)| end);
        &self.name[..end]
    }

    /// Changes its state, if it is in the one that it should be in.
    pub(super) fn change(&self, now: Timestamp, from: State, to: State) -> Result<(), Error> {
        let mut status = self.status.lock();
        if status.state != from {
            return Err(Error::IllegalSourceState(self.name.to_string()));
        }
        *status = Status::of(to, now);
        Ok(())
    }
}

impl Status {
    fn of(state: State, now: Timestamp) -> Self {
        Self {
            state,
            expires_at: (state == State::Pending).then(|| now + WAITS),
        }
    }
}

impl PartnerSource {
    /// The accounts that it is offered to, in order.
    pub(super) fn offered(&self, now: Timestamp) -> Vec<Arc<EventSource>> {
        let mut offered = self.offered.lock();
        offered.retain(|_, source| source.status(now).is_some());
        offered.values().cloned().collect()
    }
}

/// The ARN of a source: it names no account.
pub(super) fn arn(region: Region, name: &str) -> String {
    let partition = region.partition();
    format!("arn:{partition}:events:{region}::event-source/{name}")
}

impl EventSources {
    /// The source of this name that the caller is offered.
    pub(super) fn get(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        name: &str,
    ) -> Result<Arc<EventSource>, Error> {
        let found = self.offered.get(caller.account, caller.region, name);
        let found = found.filter(|source| source.status(now).is_some());
        found.ok_or_else(|| Error::EventSourceDoesNotExist(name.to_owned()))
    }

    /// The sources that the caller is offered, ordered by name, after the one named `last`.
    pub(super) fn after<'s>(
        &'s self,
        caller: &Caller<'_>,
        now: Timestamp,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<EventSource>> + use<'s> {
        let sources = self.offered.after(caller.account, caller.region, last);
        sources.filter(move |source| source.status(now).is_some())
    }

    /// The source of this name that the caller offers.
    pub(super) fn partner(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        name: &str,
    ) -> Result<Arc<PartnerSource>, Error> {
        let found = self.partners.get(caller.account, caller.region, name);
        let found = found.and_then(|source| self.if_offered(caller.account, now, source));
        found.ok_or_else(|| Error::EventSourceDoesNotExist(name.to_owned()))
    }

    /// The sources that the caller offers, ordered by name, after the one named `last`.
    pub(super) fn partners_after<'s>(
        &'s self,
        caller: &Caller<'_>,
        now: Timestamp,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<PartnerSource>> + use<'s> {
        let account = caller.account;
        let sources = self.partners.after(account, caller.region, last);
        sources.filter_map(move |source| self.if_offered(account, now, source))
    }

    /// Offers a source of the caller's to an account.
    pub(super) fn offer(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        name: &str,
        account: AccountId,
    ) -> Result<Arc<EventSource>, Error> {
        let region = caller.region;
        let _offering = self.offering.lock();
        if let Some(present) = self.offered.get(account, region, name) {
            // One that has ended makes way for another, but its bus, if there is one, stays with that.
            let status = present.status(now);
            if status.is_some_and(|status| status.state != State::Deleted) {
                return Err(Error::EventSourceExists(name.to_owned()));
            }
            self.offered.remove(account, region, name, &present);
        }
        let make = || EventSource {
            name: name.into(),
            region,
            account,
            created_at: now,
            status: Mutex::new(Status::of(State::Pending, now)),
        };
        let (source, is_new) = self.offered.get_or_insert(account, region, name, make);
        if !is_new {
            return Err(Error::EventSourceExists(name.to_owned()));
        }
        let make = || PartnerSource {
            name: name.into(),
            region,
            offered: Mutex::default(),
        };
        let (partner, _) = self
            .partners
            .get_or_insert(caller.account, region, name, make);
        partner.offered.lock().insert(account, source.clone());
        Ok(source)
    }

    /// Makes the bus of a source that the caller is offered. Its partner cannot withdraw it meanwhile.
    pub(super) fn with_bus<B>(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        name: &str,
        make: impl FnOnce(&EventSource) -> Result<B, Error>,
    ) -> Result<B, Error> {
        let _offering = self.offering.lock();
        make(&*self.get(caller, now, name)?)
    }

    /// Withdraws a source of the caller's from an account: if that has a bus for it, it sees that the source is deleted.
    pub(super) fn withdraw(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        name: &str,
        account: AccountId,
        has_bus: impl FnOnce(&BusName) -> bool,
    ) {
        let _offering = self.offering.lock();
        let Some(partner) = self.partners.get(caller.account, caller.region, name) else {
            return;
        };
        let source = partner.offered.lock().remove(&account);
        if let Some(source) = source {
            if source.status(now).is_some() && has_bus(&source.bus()) {
                *source.status.lock() = Status::of(State::Deleted, now);
            } else {
                self.forget(&source);
            }
        }
        self.forget_unoffered(caller.account, now, &partner);
    }

    /// Forgets a partner's source if no account is offered it any more. `offering` is held.
    fn forget_unoffered(&self, account: AccountId, now: Timestamp, source: &Arc<PartnerSource>) {
        if source.offered(now).is_empty() {
            let (region, name) = (source.region, &source.name);
            self.partners.remove(account, region, name, source);
        }
    }

    /// A partner's source, unless no account is offered it any more.
    fn if_offered(
        &self,
        account: AccountId,
        now: Timestamp,
        source: Arc<PartnerSource>,
    ) -> Option<Arc<PartnerSource>> {
        if !source.offered(now).is_empty() {
            return Some(source);
        }
        let _offering = self.offering.lock();
        self.forget_unoffered(account, now, &source);
        None
    }

    /// The bus of a source is gone: it waits for another one, unless its partner has deleted it.
    pub(super) fn bus_is_gone(&self, now: Timestamp, bus: &BusName) {
        let _offering = self.offering.lock();
        let Some(source) = self.offered.get(bus.account, bus.region, &bus.name) else {
            return;
        };
        match source.status(now).map(|status| status.state) {
            None | Some(State::Deleted) => self.forget(&source),
            Some(State::Pending) => {}
            Some(State::Active) => *source.status.lock() = Status::of(State::Pending, now),
        }
    }

    /// Forgets an account, as one that is offered sources and as a partner.
    pub(super) fn forget_account(&self, now: Timestamp, account: AccountId) {
        let _offering = self.offering.lock();
        self.offered.take(account);
        for partner in self.partners.all() {
            partner.offered.lock().remove(&account);
        }
        for partner in self.partners.take(account) {
            for source in std::mem::take(&mut *partner.offered.lock()).values() {
                *source.status.lock() = Status::of(State::Deleted, now);
            }
        }
    }

    fn forget(&self, source: &Arc<EventSource>) {
        self.offered
            .remove(source.account, source.region, &source.name, source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "aws.partner/shop.example/orders";

    fn caller() -> Caller<'static> {
        Caller::within(
            AccountId::DEFAULT,
            Region::default(),
            "DeletePartnerEventSource",
            "",
        )
    }

    fn offered(sources: &EventSources) -> (Timestamp, AccountId) {
        let (now, account) = (Timestamp::from_secs(1), AccountId::DEFAULT);
        let offered = sources.offer(&caller(), now, NAME, account);
        offered.expect("it is not offered yet");
        (now, account)
    }

    #[test]
    fn a_source_that_nobody_is_offered_is_forgotten() {
        let sources = EventSources::default();
        let (now, account) = offered(&sources);
        sources.withdraw(&caller(), now, NAME, account, |_| false);
        assert!(sources.partners.namespaces().is_empty());
        assert!(sources.offered.namespaces().is_empty());
        // One whose only offer has ended, when somebody looks.
        let (now, _) = offered(&sources);
        assert_eq!(
            sources.partners_after(&caller(), now + WAITS, None).count(),
            0
        );
        assert!(sources.partners.namespaces().is_empty());
    }
}
