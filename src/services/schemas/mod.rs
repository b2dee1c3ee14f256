//! The schema registry of Amazon EventBridge.
//!
//! In reading order: `operations` holds one file per AWS action and their list, `routes` their methods and paths; `registry`
//! is a registry, `schema` a schema with its versions, `discoverers` what watches buses. `discovery` makes schemas of
//! events, `bindings` code of schemas: both are pure. [`inspect`] is for exports. [`limits`] has every number, [`error`] every error, `constraints` the
//! constraints of the model.

mod bindings;
mod constraints;
mod discoverers;
mod discovery;
pub mod error;
pub mod inspect;
pub mod limits;
mod operations;
mod registry;
mod routes;
mod schema;

use std::sync::Arc;

use discoverers::Discoverers;
pub use error::Error;
use registry::Registries;

use crate::aws::{AccountId, Region};
use crate::clock::{Clock, Timestamp};
use crate::ids::Ids;
use crate::services::resource::Resource;
use crate::services::{Environment, Service};
use crate::wire::rest_json::ErrorNames;
use crate::wire::{Hosts, Protocols, RestJson, ServiceModel, Speaks};

/// The service: all registries and discoverers.
#[derive(Debug)]
pub struct Schemas {
    registries: Arc<Registries>,
    discoverers: Arc<Discoverers>,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
}

impl Speaks for Schemas {
    const MODEL: &'static ServiceModel = &ServiceModel {
        name: "schemas",
        signing_name: "schemas",
        hosts: Hosts {
            prefix: "schemas",
            legacy_suffix: None,
        },
        owns_path: ServiceModel::owns_no_path,
        links: &[],
        protocols: Protocols {
            json: None,
            query: None,
            cbor: false,
            rest_json: Some(RestJson {
                routes: routes::ROUTES,
                errors: ErrorNames {
                    code: Some("Code"),
                    message: "Message",
                },
            }),
        },
        operations: Self::OPERATIONS,
    };
}

impl Service for Schemas {
    fn new(environment: &Environment) -> Self {
        let clock = environment.agenda.clock();
        let registries = Arc::<Registries>::default();
        let deliveries = environment.deliveries.clone();
        Self {
            discoverers: Arc::new(Discoverers::new(
                registries.clone(),
                clock.clone(),
                deliveries,
            )),
            registries,
            clock: clock.clone(),
            ids: environment.ids.clone(),
        }
    }

    fn namespaces(&self) -> Vec<(AccountId, Region)> {
        inspect::namespaces(self)
    }

    fn forget(&self, account: AccountId) {
        for discoverer in self.discoverers.named().take(account) {
            self.discoverers.remove(&discoverer);
        }
        self.registries.named().take(account);
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        inspect::held(self, account, region)
    }
}

impl Schemas {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
