//! Global endpoints: two buses of the same name in two regions, and a health check that says which of them gets the events.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard, RwLock};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::buses::BusName;
use super::error::Error;
use super::limits;
use crate::aws::{AccountId, Caller, Named, NotAdded, Region};
use crate::clock::Timestamp;

/// The states of an endpoint that is just made, that has been, and that is just changed.
pub(super) const CREATING: &str = "CREATING";
pub(super) const ACTIVE: &str = "ACTIVE";
pub(super) const UPDATING: &str = "UPDATING";

/// What a health check's ARN has before its id.
const HEALTH_CHECK: &str = ":healthcheck/";

/// The characters of an endpoint's id.
const ID_CHARACTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Which bus gets events when.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoutingConfig {
    pub(super) failover_config: Option<FailoverConfig>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FailoverConfig {
    pub(super) primary: Option<Primary>,
    pub(super) secondary: Option<Secondary>,
}

/// When the bus in the endpoint's own region gets them.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Primary {
    pub(super) health_check: Option<String>,
}

/// In which region the other bus is.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Secondary {
    pub(super) route: Option<String>,
}

/// Whether each event goes to the other bus, too.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReplicationConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
}

/// One of the two buses.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EndpointEventBus {
    pub(super) event_bus_arn: Option<String>,
}

/// What callers set of an endpoint.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EndpointSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) routing_config: Option<RoutingConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replication_config: Option<ReplicationConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event_buses: Option<Vec<EndpointEventBus>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role_arn: Option<String>,
}

/// Where an endpoint's events go.
#[derive(Clone, Debug)]
struct Routing {
    health_check: String,
    primary: BusName,
    secondary: BusName,
    is_replicated: bool,
}

/// Where one event goes.
#[derive(Debug)]
pub(super) struct Route {
    /// The bus that gets it.
    pub(super) active: BusName,
    /// The bus that gets a copy.
    pub(super) replica: Option<BusName>,
}

/// An endpoint as the service holds it.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) name: Box<str>,
    pub(super) arn: Arc<str>,
    pub(super) id: String,
    pub(super) created_at: Timestamp,
    account: AccountId,
    region: Region,
    state: Mutex<State>,
}

#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) description: Option<String>,
    pub(super) settings: EndpointSettings,
    pub(super) modified_at: Timestamp,
    routing: Routing,
}

/// The endpoints of all accounts and regions, and the health of what they depend on.
#[derive(Debug, Default)]
pub(super) struct Endpoints {
    by_name: Named<Endpoint>,
    /// The ids of health checks that fail. All others succeed.
    failing: RwLock<BTreeSet<String>>,
    changing: Mutex<()>,
}

/// A health check that endpoints depend on.
#[derive(Debug)]
pub(super) struct HealthCheck {
    pub(super) id: String,
    pub(super) is_healthy: bool,
    /// The ARNs of the endpoints.
    pub(super) endpoints: Vec<Arc<str>>,
}

impl EndpointSettings {
    /// Of endpoints that do not say whether they replicate.
    pub(super) fn replicated() -> Self {
        Self {
            replication_config: Some(ReplicationConfig {
                state: Some("ENABLED".to_owned()),
            }),
            ..Self::default()
        }
    }

    /// These, and those of `present` that are not among them.
    pub(super) fn or(self, present: Self) -> Self {
        Self {
            routing_config: self.routing_config.or(present.routing_config),
            replication_config: self.replication_config.or(present.replication_config),
            event_buses: self.event_buses.or(present.event_buses),
            role_arn: self.role_arn.or(present.role_arn),
        }
    }

    /// Where they lead from this account and region, if they go together. AWS's sentences are not known.
    fn routing(&self, account: AccountId, region: Region) -> Result<Routing, Error> {
        let routing = self.routing_config.as_ref();
        let failover = routing.and_then(|routing| routing.failover_config.as_ref());
        let primary = failover.and_then(|failover| failover.primary.as_ref());
        let secondary = failover.and_then(|failover| failover.secondary.as_ref());
        let route = secondary.and_then(|secondary| secondary.route.as_deref());
        let check = primary.and_then(|primary| primary.health_check.as_deref());
        let buses = self.event_buses.iter().flatten();
        let buses = buses.filter_map(|bus| BusName::parse(bus.event_bus_arn.as_deref()?));
        let buses: Vec<_> = buses.collect();
        let [one, other] = &buses[..] else {
            return Err(Error::invalid("An endpoint has two event buses."));
        };
        if one.name != other.name || [one.account, other.account] != [account; 2] {
            return Err(Error::invalid(
                "The event buses of an endpoint must have the same name, and be in the account of the endpoint.",
            ));
        }
        let of = |region: Option<Region>| buses.iter().find(|bus| Some(bus.region) == region);
        let buses = of(Some(region)).zip(of(route.and_then(Region::parse)));
        let Some((primary, secondary)) = buses.filter(|(one, other)| one != other) else {
            return Err(Error::invalid(
                "One event bus must be in the region of the endpoint, the other in the region of the secondary route.",
            ));
        };
        let replication = self.replication_config.as_ref();
        let replication = replication.and_then(|config| config.state.as_deref());
        let is_replicated = replication != Some("DISABLED");
        if is_replicated && self.role_arn.is_none() {
            return Err(Error::invalid(
                "RoleArn is required while event replication is enabled.",
            ));
        }
        Ok(Routing {
            health_check: check_id(check.unwrap_or_default()).to_owned(),
            primary: primary.clone(),
            secondary: secondary.clone(),
            is_replicated,
        })
    }
}

/// The id in a health check's ARN.
fn check_id(arn: &str) -> &str {
    arn.split_once(HEALTH_CHECK).map_or("", |(_, id)| id)
}

impl Endpoints {
    /// All of them.
    pub(super) const fn named(&self) -> &Named<Endpoint> {
        &self.by_name
    }

    /// Held while an endpoint or one of its buses comes, changes or goes, and its rules with it.
    pub(super) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock()
    }

    /// The endpoint of this name, in the region that a request names, or its own.
    pub(super) fn get(
        &self,
        caller: &Caller<'_>,
        home_region: Option<&str>,
        name: &str,
    ) -> Result<Arc<Endpoint>, Error> {
        let region = home_region.map_or(Some(caller.region), Region::parse);
        let found = region.and_then(|region| self.by_name.get(caller.account, region, name));
        found.ok_or_else(|| Error::EndpointDoesNotExist(name.to_owned()))
    }

    /// The endpoints in the region that a request names, or in its own; ordered by name, after the one named `last`.
    pub(super) fn after<'e>(
        &'e self,
        caller: &Caller<'_>,
        home_region: Option<&str>,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Endpoint>> + use<'e> {
        let region = home_region.map_or(Some(caller.region), Region::parse);
        let endpoints = region.map(|region| self.by_name.after(caller.account, region, last));
        endpoints.into_iter().flatten()
    }

    /// Adds an endpoint of the caller's.
    pub(super) fn add(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        name: &str,
        description: Option<String>,
        settings: EndpointSettings,
    ) -> Result<Arc<Endpoint>, Error> {
        let Caller {
            account, region, ..
        } = *caller;
        let routing = settings.routing(account, region)?;
        let partition = region.partition();
        let arn = format!("arn:{partition}:events:{region}:{account}:endpoint/{name}");
        let make = || Endpoint {
            name: name.into(),
            id: id_of(&arn),
            arn: arn.into(),
            created_at: now,
            account,
            region,
            state: Mutex::new(State {
                description,
                settings,
                modified_at: now,
                routing,
            }),
        };
        let most = limits::ENDPOINTS;
        let added = self.by_name.add(account, region, name, most, make);
        added.map_err(|refused| match refused {
            NotAdded::Taken => Error::EndpointExists(name.to_owned()),
            NotAdded::Full => Error::LimitExceeded,
        })
    }

    pub(super) fn remove(&self, endpoint: &Arc<Endpoint>) {
        let Endpoint {
            account,
            region,
            name,
            ..
        } = &**endpoint;
        self.by_name.remove(*account, *region, name, endpoint);
    }

    /// The caller's endpoint with this id, in whatever region: a request to an endpoint is signed for all of them.
    pub(super) fn by_id(&self, caller: &Caller<'_>, id: &str) -> Result<Arc<Endpoint>, Error> {
        let all = self.by_name.all();
        let found = all
            .into_iter()
            .find(|one| one.account == caller.account && one.id == id);
        found.ok_or_else(|| Error::EndpointDoesNotExist(id.to_owned()))
    }

    /// The endpoints, in whatever region, that have this bus.
    pub(super) fn of_bus(&self, bus: &BusName) -> impl Iterator<Item = Arc<Endpoint>> {
        let all = self.by_name.all().into_iter();
        all.filter(|endpoint| endpoint.buses().contains(bus))
    }

    /// Where an endpoint's event goes whose entry names this bus.
    pub(super) fn route(&self, endpoint: &Endpoint, bus: &BusName) -> Route {
        let routing = endpoint.state.lock().routing.clone();
        let fails = self.failing.read().contains(&routing.health_check);
        let Routing {
            primary, secondary, ..
        } = routing;
        let (active, other) = if fails {
            (secondary, primary)
        } else {
            (primary, secondary)
        };
        let is_its_bus = bus.name == active.name && bus.account == active.account;
        Route {
            active: BusName {
                region: active.region,
                ..bus.clone()
            },
            replica: (routing.is_replicated && is_its_bus).then_some(other),
        }
    }

    /// Removes all endpoints of an account.
    pub(super) fn forget(&self, account: AccountId) {
        self.by_name.take(account);
    }

    /// Says how a health check is.
    pub(super) fn set_health(&self, id: &str, is_healthy: bool) {
        let mut failing = self.failing.write();
        if is_healthy {
            failing.remove(id);
        } else {
            failing.insert(id.to_owned());
        }
    }

    /// The health checks that endpoints depend on, and those that fail; by id.
    pub(super) fn health_checks(&self) -> Vec<HealthCheck> {
        let failing = self.failing.read().clone();
        let endpoints = self.by_name.all();
        let checks = endpoints
            .iter()
            .map(|endpoint| endpoint.state.lock().routing.health_check.clone());
        let checks: Vec<_> = checks.collect();
        let ids: BTreeSet<_> = failing.iter().chain(&checks).collect();
        let of = |id: &String| {
            let theirs = endpoints
                .iter()
                .zip(&checks)
                .filter(|(_, check)| *check == id);
            theirs.map(|(endpoint, _)| endpoint.arn.clone()).collect()
        };
        let check = |id: &String| HealthCheck {
            id: id.clone(),
            is_healthy: !failing.contains(id),
            endpoints: of(id),
        };
        ids.into_iter().map(check).collect()
    }
}

impl Endpoint {
    pub(super) fn state(&self) -> State {
        self.state.lock().clone()
    }

    pub(super) fn buses(&self) -> [BusName; 2] {
        let routing = &self.state.lock().routing;
        [routing.primary.clone(), routing.secondary.clone()]
    }

    /// Those of them that have a rule for the other one, if they are there: both or none.
    pub(super) fn buses_with_rules(&self) -> Vec<BusName> {
        let is_replicated = self.state.lock().routing.is_replicated;
        if is_replicated {
            self.buses().into()
        } else {
            Vec::new()
        }
    }

    pub(super) fn url(&self) -> String {
        format!("https://{}.endpoint.events.amazonaws.com", self.id)
    }

    /// Changes what is named.
    pub(super) fn change(
        &self,
        now: Timestamp,
        description: Option<String>,
        settings: EndpointSettings,
    ) -> Result<(), Error> {
        let mut state = self.state.lock();
        let settings = settings.or(state.settings.clone());
        state.routing = settings.routing(self.account, self.region)?;
        state.settings = settings;
        state.modified_at = now;
        if description.is_some() {
            state.description = description;
        }
        Ok(())
    }
}

/// An id such as `abcdefghij.klm`. It follows from the ARN, so that an endpoint that is made again has it again.
fn id_of(arn: &str) -> String {
    let digest = Sha256::digest(arn);
    let characters = digest.iter().map(|byte| {
        let place = usize::from(*byte) % ID_CHARACTERS.len();
        char::from(ID_CHARACTERS[place])
    });
    let mut id: String = characters.take(13).collect();
    id.insert(10, '.');
    id
}
