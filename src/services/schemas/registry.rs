//! One registry with its schemas, and all registries.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

use super::error::Error;
use super::schema::Schema;
use crate::aws::tags::Tags;
use crate::aws::{AccountId, Caller, Named, Region};

/// The registry with the schemas of events of AWS services. topiq has none.
pub(super) const OF_AWS: &str = "aws.events";

/// The registry that discoverers fill.
pub(super) const DISCOVERED: &str = "discovered-schemas";

/// The registries that every account has.
const BUILT_IN: [&str; 2] = [OF_AWS, DISCOVERED];

fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name)
}

/// A registry.
#[derive(Debug)]
pub(super) struct Registry {
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) name: Box<str>,
    pub(super) arn: String,
    held: Mutex<Held>,
}

/// What a registry holds, and what its owner says of it.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) description: Option<String>,
    pub(super) tags: Tags,
    pub(super) policy: Option<Policy>,
    pub(super) schemas: BTreeMap<String, Schema>,
    /// The registry is deleted: what would be added now would be lost.
    pub(super) is_closed: bool,
}

/// A registry's policy, which is kept and shown.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) text: String,
    pub(super) revision_id: String,
}

impl Registry {
    pub(super) fn new(account: AccountId, region: Region, name: &str, held: Held) -> Self {
        let partition = region.partition();
        let arn = if name == OF_AWS {
            format!("arn:{partition}:schemas:{region}::registry/{name}")
        } else {
            format!("arn:{partition}:schemas:{region}:{account}:registry/{name}")
        };
        Self {
            account,
            region,
            name: name.into(),
            arn,
            held: Mutex::new(held),
        }
    }

    /// What it holds; nothing else can happen to it until this is dropped.
    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock()
    }

    /// The same, to be changed by a caller.
    pub(super) fn writable(&self) -> Result<MutexGuard<'_, Held>, Error> {
        if self.is_of_aws() {
            return Err(Error::ReadOnly(self.name.to_string()));
        }
        let held = self.held.lock();
        if held.is_closed {
            return Err(Error::NoRegistry(self.name.to_string()));
        }
        Ok(held)
    }

    pub(super) fn is_of_aws(&self) -> bool {
        &*self.name == OF_AWS
    }

    /// Whether every account has it.
    pub(super) fn is_built_in(&self) -> bool {
        is_built_in(&self.name)
    }

    /// The ARN of a schema in it.
    pub(super) fn schema_arn(&self, schema: &str) -> String {
        let Self {
            account,
            region,
            name,
            ..
        } = self;
        let partition = region.partition();
        format!("arn:{partition}:schemas:{region}:{account}:schema/{name}/{schema}")
    }
}

impl Held {
    /// The schema of this name.
    pub(super) fn schema(&self, name: &str) -> Result<&Schema, Error> {
        let found = self.schemas.get(name);
        found.ok_or_else(|| Error::NoSchema(name.to_owned()))
    }

    /// The same, to be changed.
    pub(super) fn schema_mut(&mut self, name: &str) -> Result<&mut Schema, Error> {
        let found = self.schemas.get_mut(name);
        found.ok_or_else(|| Error::NoSchema(name.to_owned()))
    }

    /// The schemas after the one named `last`, by name.
    pub(super) fn schemas_after<'h>(
        &'h self,
        last: Option<&str>,
    ) -> impl Iterator<Item = &'h Schema> + use<'h> {
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let schemas = self.schemas.range::<str, _>((start, Bound::Unbounded));
        schemas.map(|(_, schema)| schema)
    }
}

/// The registries of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Registries(Named<Registry>);

impl Registries {
    /// The caller's registry of this name.
    pub(super) fn get(&self, caller: &Caller<'_>, name: &str) -> Result<Arc<Registry>, Error> {
        let found = self.in_namespace(caller.account, caller.region, name);
        found.ok_or_else(|| Error::NoRegistry(name.to_owned()))
    }

    /// The registry of this name. Those that every account has come into being when they are first asked for.
    pub(super) fn in_namespace(
        &self,
        account: AccountId,
        region: Region,
        name: &str,
    ) -> Option<Arc<Registry>> {
        if is_built_in(name) {
            return Some(self.built_in(account, region, name));
        }
        self.0.get(account, region, name)
    }

    /// The registry that discoverers fill.
    pub(super) fn discovered(&self, account: AccountId, region: Region) -> Arc<Registry> {
        self.built_in(account, region, DISCOVERED)
    }

    fn built_in(&self, account: AccountId, region: Region, name: &str) -> Arc<Registry> {
        let make = || Registry::new(account, region, name, Held::default());
        let (registry, _) = self.0.get_or_insert(account, region, name, make);
        registry
    }

    /// Adds a registry of the caller's.
    pub(super) fn add(
        &self,
        caller: &Caller<'_>,
        name: &str,
        held: Held,
    ) -> Result<Arc<Registry>, Error> {
        let taken = || Error::RegistryExists(name.to_owned());
        if is_built_in(name) {
            return Err(taken());
        }
        let (account, region) = (caller.account, caller.region);
        let make = || Registry::new(account, region, name, held);
        let (registry, is_new) = self.0.get_or_insert(account, region, name, make);
        if is_new { Ok(registry) } else { Err(taken()) }
    }

    /// Removes this registry, unless another has its name by now.
    pub(super) fn remove(&self, registry: &Arc<Registry>) {
        let Registry {
            account,
            region,
            name,
            ..
        } = &**registry;
        self.0.remove(*account, *region, name, registry);
    }

    /// All of them, built-in ones that were asked for included.
    pub(super) const fn named(&self) -> &Named<Registry> {
        &self.0
    }

    /// The caller's registries after the one named `last`, by name.
    pub(super) fn after<'r>(
        &'r self,
        caller: &Caller<'_>,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Registry>> + use<'r> {
        let (account, region) = (caller.account, caller.region);
        for name in BUILT_IN {
            self.built_in(account, region, name);
        }
        self.0.after(account, region, last)
    }
}
