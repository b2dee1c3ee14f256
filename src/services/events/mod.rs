//! Amazon EventBridge: event buses, their rules, and the targets of these.
//!
//! In reading order: `operations` holds one file per AWS action and their list; `buses` finds a bus, `bus` is a bus with
//! its rules, `rule` one of these, `schedules` when these fall due, `target` where a rule delivers to (`parameters` are the
//! settings of each kind). `entry` checks what a publisher sends, `event` is its envelope, `delivery` brings it to the targets
//! of the rules that match, and on to other buses; [`archive`] keeps it for a `replay`. `endpoint` chooses between the buses of two
//! regions, `managed` has the rules of archives and endpoints, `partner` the sources of other companies' events. `connections` and `api_destinations` are the HTTP endpoints that it calls
//! (`identity` names them both), `invocation` is what is sent there. [`input`] is what a target gets of it. `policy` edits the
//! policy of a bus, `permission` obeys it. [`inspect`] is for topiq's own API. [`limits`] has every number, [`error`] every
//! error, `constraints` the constraints of the model.

mod api_destinations;
pub mod archive;
mod bus;
mod buses;
mod connections;
mod constraints;
mod delivery;
mod endpoint;
mod entry;
pub mod error;
mod event;
mod identity;
pub mod input;
pub mod inspect;
mod invocation;
pub mod limits;
mod managed;
mod operations;
mod parameters;
mod partner;
mod permission;
mod policy;
mod replay;
mod rule;
mod schedules;
mod struck;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use api_destinations::ApiDestinations;
use archive::{Archive, ArchiveName, Archives};
use bus::Bus;
use buses::{BusName, Buses};
use connections::Connections;
use delivery::Waiting;
use endpoint::Endpoints;
pub use error::Error;
use partner::EventSources;
use replay::Replays;
use schedules::Schedules;

use crate::agenda::Agenda;
use crate::aws::{AccountId, Caller, Region};
use crate::budget::Budget;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::delivery::Deliveries;
use crate::delivery::http::HttpDeliveries;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::routes::Route;
use crate::services::resource::Resource;
use crate::services::{Environment, Itself, Service, Settings};
use crate::trace::Traces;
use crate::trace::whereabouts::Witness;
use crate::wire::{AwsJson, ErrorInfo, Hosts, JsonVersion, Protocols, ServiceModel, Speaks};

/// The service: all buses, and their shared parts.
#[derive(Debug)]
pub struct Events {
    itself: Arc<Itself<Self>>,
    buses: Buses,
    archives: Archives,
    endpoints: Endpoints,
    sources: EventSources,
    replays: Replays,
    waiting: Arc<Waiting>,
    agenda: Arc<Agenda>,
    connections: Connections,
    api_destinations: ApiDestinations,
    http: HttpDeliveries,
    budget: Arc<Budget>,
    deliveries: Arc<Deliveries>,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    faults: Arc<Faults>,
    traces: Arc<Traces>,
    settings: Settings,
}

impl Speaks for Events {
    const MODEL: &'static ServiceModel = &ServiceModel {
        name: "events",
        signing_name: "events",
        hosts: Hosts {
            prefix: "events",
            legacy_suffix: None,
        },
        owns_path: ServiceModel::owns_no_path,
        links: &[],
        protocols: Protocols {
            json: Some(AwsJson {
                version: JsonVersion::V1_1,
                target_prefix: "AWSEvents",
                is_query_compatible: false,
            }),
            query: None,
            cbor: false,
            rest_json: None,
        },
        operations: Self::OPERATIONS,
    };
}

impl Service for Events {
    fn new(environment: &Environment) -> Self {
        let clock = environment.agenda.clock().clone();
        let itself = Arc::<Itself<Self>>::default();
        let waiting = Waiting::new(
            itself.clone(),
            environment.agenda.clone(),
            environment.budget.clone(),
        );
        let schedules = Schedules::new(environment.agenda.clone(), itself.clone());
        Self {
            itself,
            archives: Archives::default(),
            endpoints: Endpoints::default(),
            sources: EventSources::default(),
            replays: Replays::default(),
            buses: Buses::new(clock.now(), schedules, environment.traces.clone()),
            waiting: Arc::new(waiting),
            agenda: environment.agenda.clone(),
            connections: Connections::default(),
            api_destinations: ApiDestinations::default(),
            http: HttpDeliveries::new(
                environment.agenda.clone(),
                Arc::new(SystemClock::new()),
                environment.budget.clone(),
                environment.faults.clone(),
                environment.settings.deliveries.clone(),
            ),
            budget: environment.budget.clone(),
            deliveries: environment.deliveries.clone(),
            clock,
            ids: environment.ids.clone(),
            faults: environment.faults.clone(),
            traces: environment.traces.clone(),
            settings: environment.settings.clone(),
        }
    }

    fn known_errors() -> Vec<ErrorInfo> {
        Error::known()
    }

    fn register(self: &Arc<Self>, environment: &Environment) {
        self.itself.set(self);
        let myself = Arc::<Self>::downgrade(self);
        environment.deliveries.buses.register(myself);
        let witness: Arc<dyn Witness> = self.clone();
        environment.traces.register(Arc::downgrade(&witness));
    }

    async fn stop(&self) {
        self.waiting.stop();
        self.http.stop().await;
    }

    fn namespaces(&self) -> Vec<(AccountId, Region)> {
        inspect::namespaces(self)
    }

    fn forget(&self, account: AccountId) {
        for bus in self.buses.named().take(account) {
            bus.end();
        }
        for archive in self.archives.named().take(account) {
            archive.delete();
        }
        self.api_destinations.forget(account);
        self.connections.forget(account);
        self.endpoints.forget(account);
        self.replays.forget(account);
        self.sources.forget_account(self.now(), account);
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        inspect::held(self, account, region)
    }

    fn routes() -> Vec<Route<Self>> {
        inspect::routes()
    }
}

impl Events {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The bus that a request names, by its name or its ARN; `default` if it names none.
    fn bus(&self, caller: &Caller<'_>, name: Option<&str>) -> Result<Arc<Bus>, Error> {
        let name = BusName::of(caller, name);
        if self.settings.enforce_policies {
            permission::check(self, caller, &name)?;
        }
        let bus = self.buses.get(&name);
        bus.ok_or_else(|| Error::BusDoesNotExist(name.name.into()))
    }

    /// The caller's bus with this ARN.
    fn own_bus(&self, caller: &Caller<'_>, arn: &str) -> Result<Arc<Bus>, Error> {
        let name = BusName::parse(arn);
        let own = name.filter(|name| *name == BusName::owned(caller, &name.name));
        let bus = own.and_then(|name| self.buses.get(&name));
        bus.ok_or_else(|| {
            let name = arn.rsplit('/').next().unwrap_or_default();
            Error::BusDoesNotExist(name.to_owned())
        })
    }

    /// The caller's archive of this name.
    fn archive(&self, caller: &Caller<'_>, name: &str) -> Result<Arc<Archive>, Error> {
        let archive = self.archives.get(&ArchiveName::owned(caller, name));
        archive.ok_or_else(|| Error::ArchiveDoesNotExist(name.to_owned()))
    }
}
