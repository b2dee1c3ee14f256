//! All buses, by account, region and name, and how a request names one.

use std::sync::Arc;

use super::bus::{Bus, Described};
use super::error::Error;
use super::limits;
use super::schedules::Schedules;
use crate::aws::{AccountId, Arn, Caller, Named, NotAdded, Region};
use crate::clock::Timestamp;
use crate::trace::Traces;

/// The bus that every account has in every region.
pub(super) const DEFAULT: &str = "default";

/// A bus's name, account and region, which make its ARN.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct BusName {
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) name: Box<str>,
}

impl BusName {
    /// A bus of the caller's.
    pub(super) fn owned(caller: &Caller<'_>, name: &str) -> Self {
        Self {
            account: caller.account,
            region: caller.region,
            name: name.into(),
        }
    }

    /// The bus that a request names, by its name or its ARN; `default` if it names none.
    pub(super) fn of(caller: &Caller<'_>, name: Option<&str>) -> Self {
        let name = name.unwrap_or(DEFAULT);
        Self::parse(name).unwrap_or_else(|| Self::owned(caller, name))
    }

    /// The bus with this ARN.
    pub(super) fn parse(arn: &str) -> Option<Self> {
        let arn = Arn::parse(arn).filter(|arn| arn.service == "events")?;
        Some(Self {
            account: AccountId::parse(arn.account)?,
            region: Region::parse(arn.region)?,
            name: arn.resource.strip_prefix("event-bus/")?.into(),
        })
    }

    pub(super) fn arn(&self) -> String {
        self.resource_arn("event-bus", &self.name)
    }

    /// The ARN of a rule on this bus: it does not name the default bus.
    pub(super) fn rule_arn(&self, rule: &str) -> String {
        if self.is_default() {
            return self.resource_arn("rule", rule);
        }
        self.resource_arn("rule", &format!("{}/{rule}", self.name))
    }

    pub(super) fn is_default(&self) -> bool {
        &*self.name == DEFAULT
    }

    fn resource_arn(&self, kind: &str, resource: &str) -> String {
        let Self {
            account, region, ..
        } = self;
        let partition = region.partition();
        format!("arn:{partition}:events:{region}:{account}:{kind}/{resource}")
    }
}

/// The buses of all accounts and regions.
#[derive(Debug)]
pub(super) struct Buses {
    named: Named<Bus>,
    /// When the default buses were created.
    since: Timestamp,
    schedules: Arc<Schedules>,
    traces: Arc<Traces>,
}

impl Buses {
    pub(super) fn new(since: Timestamp, schedules: Schedules, traces: Arc<Traces>) -> Self {
        Self {
            named: Named::default(),
            since,
            schedules: Arc::new(schedules),
            traces,
        }
    }

    /// The bus of this name. A default bus comes into being when it is first asked for.
    pub(super) fn get(&self, name: &BusName) -> Option<Arc<Bus>> {
        let found = self.present(name);
        if found.is_some() || !name.is_default() {
            return found;
        }
        let make = || self.bus(name, Described::new(self.since));
        let (bus, _) = self
            .named
            .get_or_insert(name.account, name.region, &name.name, make);
        Some(bus)
    }

    fn bus(&self, name: &BusName, described: Described) -> Bus {
        let (schedules, traces) = (self.schedules.clone(), self.traces.clone());
        Bus::new(name.clone(), described, schedules, traces)
    }

    /// The bus of this name, unless it is a default bus that has never been asked for: it has no rules.
    pub(super) fn present(&self, name: &BusName) -> Option<Arc<Bus>> {
        self.named.get(name.account, name.region, &name.name)
    }

    /// Adds a bus.
    pub(super) fn add(&self, name: &BusName, described: Described) -> Result<Arc<Bus>, Error> {
        let BusName {
            account,
            region,
            name: text,
        } = name;
        // The default one counts.
        self.get(&BusName {
            name: DEFAULT.into(),
            ..name.clone()
        });
        let make = || self.bus(name, described);
        let added = self.named.add(*account, *region, text, limits::BUSES, make);
        added.map_err(|refused| match refused {
            NotAdded::Taken => Error::BusExists(text.to_string()),
            NotAdded::Full => Error::LimitExceeded,
        })
    }

    /// Removes this bus, unless another has its name by now.
    pub(super) fn remove(&self, bus: &Arc<Bus>) {
        let BusName {
            account,
            region,
            name,
        } = &bus.name;
        self.named.remove(*account, *region, name, bus);
    }

    /// The buses that there are, default ones that were asked for included.
    pub(super) const fn named(&self) -> &Named<Bus> {
        &self.named
    }

    /// The caller's buses, ordered by name, after the one named `last`.
    pub(super) fn after<'b>(
        &'b self,
        caller: &Caller<'_>,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Bus>> + use<'b> {
        self.get(&BusName::owned(caller, DEFAULT));
        self.named.after(caller.account, caller.region, last)
    }
}
