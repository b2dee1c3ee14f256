//! All topics, by account, region and name.

use std::sync::Arc;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use foldhash::fast::RandomState;

use super::hosted_topic::Topic;
use crate::aws::{AccountId, Region};

/// A topic's name, account and region, which make its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TopicName {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: Box<str>,
}

impl TopicName {
    pub(crate) fn arn(&self) -> String {
        let Self {
            account,
            region,
            name,
        } = self;
        format!("arn:{}:sns:{region}:{account}:{name}", region.partition())
    }
}

/// The topics of one account in one region.
type Namespace = DashMap<Box<str>, Arc<Topic>, RandomState>;

/// The topics of all accounts and regions. Two of them never see each other's.
#[derive(Debug, Default)]
pub(crate) struct Topics {
    namespaces: DashMap<(AccountId, Region), Arc<Namespace>, RandomState>,
}

impl Topics {
    fn namespace(&self, account: AccountId, region: Region) -> Option<Arc<Namespace>> {
        self.namespaces
            .get(&(account, region))
            .map(|namespace| namespace.clone())
    }

    pub(crate) fn by_arn(&self, name: &TopicName) -> Option<Arc<Topic>> {
        // Asking for an unknown topic leaves no namespace behind.
        let namespace = self.namespace(name.account, name.region)?;
        namespace.get(&name.name).map(|topic| topic.clone())
    }

    /// The topic of this name: the present one, or else the one that `make` makes. Also whether it is new.
    pub(crate) fn get_or_insert(
        &self,
        name: &TopicName,
        make: impl FnOnce() -> Topic,
    ) -> (Arc<Topic>, bool) {
        let namespace = self
            .namespaces
            .entry((name.account, name.region))
            .or_default()
            .clone();
        match namespace.entry(name.name.clone()) {
            Entry::Occupied(entry) => (entry.get().clone(), false),
            Entry::Vacant(entry) => (entry.insert(Arc::new(make())).clone(), true),
        }
    }

    /// Removes this topic, unless another has its name by now.
    pub(crate) fn remove(&self, topic: &Arc<Topic>) -> bool {
        let namespace = self.namespace(topic.name.account, topic.name.region);
        namespace.is_some_and(|namespace| {
            namespace
                .remove_if(&topic.name.name, |_, held| Arc::ptr_eq(held, topic))
                .is_some()
        })
    }

    /// The topics of one account in one region, ordered by name.
    pub(crate) fn of(&self, account: AccountId, region: Region) -> Vec<Arc<Topic>> {
        let Some(namespace) = self.namespace(account, region) else {
            return Vec::new();
        };
        let mut topics: Vec<_> = namespace
            .iter()
            .map(|entry| entry.value().clone())
            .collect();
        topics.sort_unstable_by(|a, b| a.name.name.cmp(&b.name.name));
        topics
    }

    /// The topics of every account in one region, ordered by ARN.
    pub(crate) fn in_region(&self, region: Region) -> Vec<Arc<Topic>> {
        let mut accounts: Vec<_> = self
            .namespaces
            .iter()
            .map(|entry| *entry.key())
            .filter(|(_, of)| *of == region)
            .collect();
        accounts.sort_unstable();
        accounts
            .into_iter()
            .flat_map(|(account, region)| self.of(account, region))
            .collect()
    }
}
