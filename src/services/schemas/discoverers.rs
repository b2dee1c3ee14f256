//! Discoverers: each watches a bus, and writes what its events look like into the registry `discovered-schemas`.

use std::sync::Arc;
use std::sync::Once;

use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;
use serde_json::Value;

use super::discovery::Discovered;
use super::error::Error;
use super::limits::{CONTENT, DISCOVERED_SCHEMAS, DISCOVERED_VERSIONS};
use super::registry::Registries;
use super::schema::{Kind, Schema};
use crate::aws::tags::Tags;
use crate::aws::{AccountId, Arn, Caller, Named, Region};
use crate::clock::Clock;
use crate::delivery::{Deliveries, Heard, Listener, ManagedRule};

/// The principal of the rules that discoverers have on their buses.
const PRINCIPAL: &str = "schemas.amazonaws.com";

/// The most characters of a rule's name.
const RULE_NAME: usize = 64;

/// A discoverer.
#[derive(Debug)]
pub(super) struct Discoverer {
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) source_arn: String,
    described: Mutex<Described>,
}

/// What a discoverer's owner says of it.
#[derive(Clone, Debug)]
pub(super) struct Described {
    pub(super) description: Option<String>,
    pub(super) tags: Tags,
    pub(super) state: State,
    /// Whether events from other accounts are looked at, too.
    pub(super) cross_account: bool,
}

/// Whether a discoverer watches its bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Started,
    Stopped,
}

impl Discoverer {
    /// The name of its rule, cut to the length that names of rules have: a bus has one discoverer.
    fn rule_name(&self) -> String {
        let name = format!("Schemas-{}", self.id);
        name.chars().take(RULE_NAME).collect()
    }

    pub(super) fn described(&self) -> MutexGuard<'_, Described> {
        self.described.lock()
    }
}

/// The discoverers of all accounts and regions, and where they write to.
#[derive(Debug)]
pub(super) struct Discoverers {
    by_id: Named<Discoverer>,
    /// Held while a discoverer comes or goes, and its rule with it.
    changing: Mutex<()>,
    registries: Arc<Registries>,
    clock: Arc<dyn Clock>,
    deliveries: Arc<Deliveries>,
    /// Buses tell nobody before there is a discoverer.
    listens: Once,
}

impl Discoverers {
    pub(super) fn new(
        registries: Arc<Registries>,
        clock: Arc<dyn Clock>,
        deliveries: Arc<Deliveries>,
    ) -> Self {
        Self {
            by_id: Named::default(),
            changing: Mutex::default(),
            registries,
            clock,
            deliveries,
            listens: Once::new(),
        }
    }

    /// All of them.
    pub(super) const fn named(&self) -> &Named<Discoverer> {
        &self.by_id
    }

    /// The caller's discoverer of this id.
    pub(super) fn get(&self, caller: &Caller<'_>, id: &str) -> Result<Arc<Discoverer>, Error> {
        let found = self.in_namespace(caller.account, caller.region, id);
        found.ok_or_else(|| Error::NoDiscoverer(id.to_owned()))
    }

    pub(super) fn in_namespace(
        &self,
        account: AccountId,
        region: Region,
        id: &str,
    ) -> Option<Arc<Discoverer>> {
        self.by_id.get(account, region, id)
    }

    /// Adds a discoverer for a bus of the caller's.
    pub(super) fn add(
        self: &Arc<Self>,
        caller: &Caller<'_>,
        source_arn: &str,
        described: Described,
    ) -> Result<Arc<Discoverer>, Error> {
        let (account, region) = (caller.account, caller.region);
        let bus = bus_of(caller, source_arn)?;
        let id = id_of(bus);
        let partition = region.partition();
        let make = || Discoverer {
            account,
            region,
            arn: format!("arn:{partition}:schemas:{region}:{account}:discoverer/{id}"),
            id: id.clone(),
            source_arn: source_arn.to_owned(),
            described: Mutex::new(described),
        };
        let _changing = self.changing.lock();
        let (discoverer, is_new) = self.by_id.get_or_insert(account, region, &id, make);
        if !is_new {
            return Err(Error::DiscovererExists(source_arn.to_owned()));
        }
        if !self.keep_rule(&discoverer) {
            self.by_id.remove(account, region, &id, &discoverer);
            return Err(Error::bad(format!(
                "The event bus {source_arn} does not exist."
            )));
        }
        self.listens.call_once(|| {
            let listener = Arc::downgrade(self);
            self.deliveries.listeners.add(listener);
        });
        Ok(discoverer)
    }

    /// Keeps a discoverer's rule on its bus. Returns whether there is that bus.
    fn keep_rule(&self, discoverer: &Discoverer) -> bool {
        let rule = ManagedRule {
            name: &discoverer.rule_name(),
            description: "This rule is used to route Events to Schema Discoverer",
            pattern: r#"{"source":[{"prefix":"aws.partner/"},{"anything-but":{"prefix":"aws."}}]}"#,
            target: &discoverer.arn,
            managed_by: PRINCIPAL,
        };
        let buses = self.deliveries.buses.get();
        buses.is_some_and(|buses| buses.keep_rule(&discoverer.source_arn, &rule))
    }

    /// Removes this discoverer, unless another has its id by now.
    pub(super) fn remove(&self, discoverer: &Arc<Discoverer>) {
        let Discoverer {
            account,
            region,
            id,
            ..
        } = &**discoverer;
        let _changing = self.changing.lock();
        self.by_id.remove(*account, *region, id, discoverer);
        if let Some(buses) = self.deliveries.buses.get() {
            let (bus, name) = (&discoverer.source_arn, discoverer.rule_name());
            buses.drop_rule(bus, &name, PRINCIPAL);
        }
    }

    /// The caller's discoverers after the one with the id `last`, by id.
    pub(super) fn after<'d>(
        &'d self,
        caller: &Caller<'_>,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Discoverer>> + use<'d> {
        self.by_id.after(caller.account, caller.region, last)
    }

    /// Puts what an event shows into the registry: a schema, a further version of one, or nothing new.
    fn learn(&self, account: AccountId, region: Region, seen: Discovered) {
        let Some(name) = seen.schema_name() else {
            return;
        };
        let registry = self.registries.discovered(account, region);
        let mut held = registry.held();
        let is_full = held.schemas.len() >= DISCOVERED_SCHEMAS;
        let present = held.schemas.get_mut(&name);
        if present.is_none() && is_full {
            tracing::warn!(
                schema = name,
                "an event's schema is not kept: there are {DISCOVERED_SCHEMAS}"
            );
            return;
        }
        let known = present.as_ref().map(|schema| schema.discovered.as_ref());
        let known = known.flatten();
        if known.is_some_and(|known| known.covers(&seen)) {
            return;
        }
        let merged = match known {
            Some(known) => known.clone().merge(&seen),
            None => seen,
        };
        let content = merged.open_api().to_string();
        if content.chars().count() > CONTENT {
            tracing::warn!(
                schema = name,
                "an event's schema is not kept: it has more than {CONTENT} characters"
            );
            return;
        }
        let (now, content) = (self.clock.now(), content.into());
        match present {
            None => {
                let arn = registry.schema_arn(&name);
                let mut schema = Schema::new(&name, arn, now, Kind::OpenApi3, content);
                schema.discovered = Some(merged);
                held.schemas.insert(name, schema);
            }
            Some(schema) if schema.versions().len() >= DISCOVERED_VERSIONS => {
                tracing::warn!(
                    schema = name,
                    "an event's schema is not kept: it has {DISCOVERED_VERSIONS} versions"
                );
            }
            Some(schema) => {
                if schema.newest().content != content {
                    schema.add(now, Kind::OpenApi3, content);
                }
                schema.discovered = Some(merged);
            }
        }
    }
}

impl Listener for Discoverers {
    fn hear(&self, heard: Heard<'_>) {
        let (account, region) = (heard.account, heard.region);
        let Some(discoverer) = self.in_namespace(account, region, &id_of(heard.bus)) else {
            return;
        };
        let Described {
            state,
            cross_account,
            ..
        } = *discoverer.described();
        if state == State::Stopped {
            return;
        }
        // What lies deeper than serde_json reads is not described.
        let Ok(Value::Object(event)) = serde_json::from_str(heard.event) else {
            return;
        };
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
        let is_own = AccountId::parse(text("account")) == Some(account);
        // Schemas of AWS's own events are in `aws.events`.
        if (is_own || cross_account) && !text("source").starts_with("aws.") {
            self.learn(account, region, Discovered::of(&event));
        }
    }
}

/// The id of the discoverer that watches a bus: there is one at most.
fn id_of(bus: &str) -> String {
    // A partner's bus has slashes in its name.
    format!("events-event-bus-{}", bus.replace('/', "-"))
}

/// The name of the bus that this is the ARN of.
fn bus_of<'a>(caller: &Caller<'_>, arn: &'a str) -> Result<&'a str, Error> {
    let bus = Arn::parse(arn).and_then(|parts| {
        let is_callers = parts.service == "events"
            && AccountId::parse(parts.account) == Some(caller.account)
            && Region::parse(parts.region) == Some(caller.region);
        let name = parts.resource.strip_prefix("event-bus/");
        name.filter(|name| is_callers && !name.is_empty())
    });
    bus.ok_or_else(|| {
        Error::bad(format!(
            "The source {arn} is not an event bus of this account and region."
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::thread;

    use super::*;
    use crate::clock::{ManualClock, Timestamp};
    use crate::delivery::EventBuses;

    const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/default";

    /// Buses that hold whatever rules they get.
    #[derive(Debug, Default)]
    struct Holding(Mutex<BTreeSet<String>>);

    impl EventBuses for Holding {
        fn keep_rule(&self, _: &str, rule: &ManagedRule<'_>) -> bool {
            // Long enough for others to come in between.
            (0..20).for_each(|_| thread::yield_now());
            self.0.lock().insert(rule.name.to_owned())
        }

        fn drop_rule(&self, _: &str, name: &str, _: &str) {
            self.0.lock().remove(name);
        }
    }

    #[test]
    fn one_that_is_deleted_while_it_is_made_leaves_no_rule() {
        let caller = Caller::within(AccountId::DEFAULT, Region::default(), "", "");
        let buses = Arc::new(Holding::default());
        let deliveries = Arc::<Deliveries>::default();
        let registered: std::sync::Weak<dyn EventBuses> = Arc::<Holding>::downgrade(&buses);
        deliveries.buses.register(registered);
        let clock = ManualClock::new(Timestamp::from_secs(1));
        let discoverers = Discoverers::new(Arc::default(), Arc::new(clock), deliveries);
        let discoverers = Arc::new(discoverers);
        for _ in 0..200 {
            let described = Described {
                description: None,
                tags: Tags::new(),
                state: State::Started,
                cross_account: true,
            };
            thread::scope(|scope| {
                scope.spawn(|| discoverers.add(&caller, BUS, described));
                let made = loop {
                    if let Ok(made) = discoverers.get(&caller, &id_of("default")) {
                        break made;
                    }
                };
                discoverers.remove(&made);
            });
            assert_eq!(*buses.0.lock(), BTreeSet::new());
        }
    }
}
