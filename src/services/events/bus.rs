//! One bus: its name, what its owner says of it, and its rules.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};

use super::archive::Archiving;
use super::buses::BusName;
use super::error::Error;
use super::limits;
use super::rule::Rule;
use crate::aws::tags::Tags;
use crate::clock::Timestamp;
use crate::pattern::Event;

/// A bus as the service holds it.
#[derive(Debug)]
pub(super) struct Bus {
    pub(super) name: BusName,
    pub(super) arn: Arc<str>,
    pub(super) archiving: Archiving,
    described: Mutex<Described>,
    rules: RwLock<Rules>,
}

/// The rules of a bus. A rule is a value: whoever changes one puts another in its place, and deliveries that are under way
/// go by the one that they found.
#[derive(Debug, Default)]
struct Rules {
    by_name: BTreeMap<Arc<str>, Arc<Rule>>,
    /// The bus is deleted: what would be added now would be lost.
    is_closed: bool,
}

/// What callers have set of a bus.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) settings: BusSettings,
    pub(super) policy: Option<String>,
    pub(super) tags: Tags,
    pub(super) created_at: Timestamp,
    pub(super) modified_at: Timestamp,
}

/// The settings of a bus. They are kept and shown; nothing here is encrypted or logged by bus.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BusSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kms_key_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log_config: Option<LogConfig>,
}

/// Where events go that cannot be delivered.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeadLetterConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arn: Option<String>,
}

/// What of a bus is logged.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LogConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) include_detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) level: Option<String>,
}

impl Described {
    pub(super) fn new(created_at: Timestamp) -> Self {
        Self {
            created_at,
            modified_at: created_at,
            ..Self::default()
        }
    }
}

impl Bus {
    pub(super) fn new(name: BusName, described: Described) -> Self {
        Self {
            arn: name.arn().into(),
            name,
            archiving: Archiving::default(),
            described: Mutex::new(described),
            rules: RwLock::default(),
        }
    }

    pub(super) fn described(&self) -> Described {
        self.described.lock().clone()
    }

    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Described) -> R) -> R {
        change(&mut self.described.lock())
    }

    /// The rule of this name.
    pub(super) fn rule(&self, name: &str) -> Result<Arc<Rule>, Error> {
        let found = self.rules.read().by_name.get(name).cloned();
        found.ok_or_else(|| self.no_rule(name))
    }

    /// The rules that let an event through.
    pub(super) fn matching(&self, event: &str) -> Vec<Arc<Rule>> {
        let rules = self.rules.read();
        if rules.by_name.is_empty() {
            return Vec::new();
        }
        let event = Event::from_json(event);
        let matching = rules.by_name.values().filter(|rule| rule.matches(&event));
        matching.cloned().collect()
    }

    /// The first rules after the one named `last` that `is_meant` says are meant, ordered by name.
    pub(super) fn rules_after(
        &self,
        last: Option<&str>,
        count: usize,
        is_meant: impl Fn(&Rule) -> bool,
    ) -> Vec<Arc<Rule>> {
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let rules = self.rules.read();
        let after = rules.by_name.range::<str, _>((start, Bound::Unbounded));
        let meant = after.map(|(_, rule)| rule).filter(|rule| is_meant(rule));
        meant.take(count).cloned().collect()
    }

    /// Puts what `make` returns in the place of the rule of this name, which there may be.
    pub(super) fn put_rule(
        &self,
        name: &str,
        make: impl FnOnce(Option<&Rule>) -> Rule,
    ) -> Result<Arc<Rule>, Error> {
        let mut rules = self.rules.write();
        if rules.is_closed {
            return Err(self.gone());
        }
        let present = rules.by_name.get(name);
        if present.is_none() && rules.by_name.len() >= limits::RULES {
            return Err(Error::LimitExceeded);
        }
        let rule = Arc::new(make(present.map(|rule| &**rule)));
        rules.by_name.insert(rule.name.clone(), rule.clone());
        Ok(rule)
    }

    /// Changes the rule of this name, or leaves it as it is.
    pub(super) fn change_rule(
        &self,
        name: &str,
        change: impl FnOnce(&mut Rule) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut rules = self.rules.write();
        let present = rules.by_name.get_mut(name);
        let present = present.ok_or_else(|| self.no_rule(name))?;
        let mut changed = Rule::clone(present);
        change(&mut changed)?;
        *present = Arc::new(changed);
        Ok(())
    }

    /// Deletes the rule of this name, if it is there.
    pub(super) fn delete_rule(&self, name: &str) -> Result<(), Error> {
        let mut rules = self.rules.write();
        let present = rules.by_name.get(name);
        if present.is_some_and(|rule| !rule.targets.is_empty()) {
            return Err(Error::invalid(
                "Rule can't be deleted since it has targets.",
            ));
        }
        rules.by_name.remove(name);
        Ok(())
    }

    /// Lets no further rule in, unless there is one.
    pub(super) fn close(&self) -> Result<(), Error> {
        let mut rules = self.rules.write();
        if !rules.by_name.is_empty() {
            return Err(Error::invalid(
                "EventBus can't be deleted since it has rules.",
            ));
        }
        rules.is_closed = true;
        Ok(())
    }

    fn no_rule(&self, name: &str) -> Error {
        Error::RuleDoesNotExist {
            rule: name.to_owned(),
            bus: self.name.name.to_string(),
        }
    }

    fn gone(&self) -> Error {
        Error::BusDoesNotExist(self.name.name.to_string())
    }
}
