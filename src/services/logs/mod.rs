//! Amazon CloudWatch Logs: log groups, their streams and events, and searches for these.
//!
//! In reading order: `operations` holds one file per AWS action and their list; `groups` finds a log group, `group` is one;
//! `store` is the core: its streams and their events; [`pattern`] decides which events a search means. `destination` lets
//! other services deliver to a group. [`limits`] has every number, [`error`] every error, `constraints` the constraints of
//! the model, [`inspect`] the view of exports.

mod constraints;
mod destination;
pub mod error;
mod group;
mod groups;
pub mod inspect;
pub mod limits;
mod operations;
pub mod pattern;
mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use destination::GroupTargets;
pub use error::Error;
use group::Group;
use groups::{GroupName, Groups};

use crate::aws::{AccountId, Caller, Region};
use crate::clock::{Clock, Timestamp};
use crate::services::resource::Resource;
use crate::services::{Environment, Service};
use crate::wire::{AwsJson, Hosts, JsonVersion, Protocols, ServiceModel, Speaks};

/// The service: all log groups, and their shared parts.
#[derive(Debug)]
pub struct Logs {
    groups: Arc<Groups>,
    serials: Arc<Serials>,
    /// The groups as other services deliver to them: held here for the service's lifetime.
    _targets: Arc<GroupTargets>,
    clock: Arc<dyn Clock>,
}

/// Numbers the events of all groups in the order of their arrival.
#[derive(Debug, Default)]
struct Serials(AtomicU64);

impl Serials {
    /// The first of so many numbers that are given once.
    fn take(&self, count: usize) -> u64 {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.0.fetch_add(count, Ordering::Relaxed)
    }
}

impl Speaks for Logs {
    const MODEL: &'static ServiceModel = &ServiceModel {
        name: "logs",
        signing_name: "logs",
        hosts: Hosts {
            prefix: "logs",
            legacy_suffix: None,
        },
        owns_path: ServiceModel::owns_no_path,
        links: &[],
        protocols: Protocols {
            json: Some(AwsJson {
                version: JsonVersion::V1_1,
                target_prefix: "Logs_20140328",
                is_query_compatible: false,
            }),
            query: None,
            cbor: false,
            rest_json: None,
        },
        operations: Self::OPERATIONS,
    };
}

impl Service for Logs {
    fn new(environment: &Environment) -> Self {
        let groups = Arc::<Groups>::default();
        let serials = Arc::<Serials>::default();
        let ids = environment.ids.clone();
        let targets = Arc::new(GroupTargets::new(groups.clone(), serials.clone(), ids));
        let registered = Arc::<GroupTargets>::downgrade(&targets);
        environment.deliveries.targets.register("logs", registered);
        Self {
            groups,
            serials,
            _targets: targets,
            clock: environment.agenda.clock().clone(),
        }
    }

    fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.groups.namespaces()
    }

    fn forget(&self, account: AccountId) {
        for group in self.groups.take(account) {
            group.contents.write().close();
        }
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        inspect::held(self, account, region)
    }
}

impl Logs {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The caller's group of this name.
    fn group(&self, caller: &Caller<'_>, name: &str) -> Result<Arc<Group>, Error> {
        self.named(&GroupName::owned(caller, name))
    }

    fn named(&self, name: &GroupName) -> Result<Arc<Group>, Error> {
        self.groups.get(name).ok_or(Error::GroupDoesNotExist)
    }
}
