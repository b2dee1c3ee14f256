//! All topics, by account, region and name.

use std::sync::Arc;

use super::hosted_topic::Topic;
use crate::aws::{AccountId, Arn, Named, Region};

/// A topic's name, account and region, which make its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TopicName {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: Box<str>,
}

impl TopicName {
    /// The topic with this ARN.
    pub(crate) fn parse(arn: &str) -> Option<Self> {
        let arn = Arn::parse(arn)?;
        Some(Self {
            account: AccountId::parse(arn.account)?,
            region: Region::parse(arn.region)?,
            name: arn.resource.into(),
        })
    }

    pub(crate) fn arn(&self) -> String {
        let Self {
            account,
            region,
            name,
        } = self;
        format!("arn:{}:sns:{region}:{account}:{name}", region.partition())
    }
}

/// The topics of all accounts and regions.
#[derive(Debug, Default)]
pub(crate) struct Topics(Named<Topic>);

impl Topics {
    pub(crate) fn by_arn(&self, name: &TopicName) -> Option<Arc<Topic>> {
        self.0.get(name.account, name.region, &name.name)
    }

    /// Whether this topic is still there. Whoever adds to its table asks under the table's lock: the end of a topic takes
    /// what the table has then.
    pub(crate) fn has(&self, topic: &Topic) -> bool {
        let present = self.by_arn(&topic.name);
        present.is_some_and(|present| std::ptr::eq(Arc::as_ptr(&present), topic))
    }

    /// The topic of this name: the present one, or the one that `make` returns. Says whether it is new.
    pub(crate) fn get_or_insert(
        &self,
        name: &TopicName,
        make: impl FnOnce() -> Topic,
    ) -> (Arc<Topic>, bool) {
        self.0
            .get_or_insert(name.account, name.region, &name.name, make)
    }

    /// Removes this topic, unless another has its name by now. Says whether it was removed.
    pub(crate) fn remove(&self, topic: &Arc<Topic>) -> bool {
        let TopicName {
            account,
            region,
            name,
        } = &topic.name;
        self.0.remove(*account, *region, name, topic)
    }

    /// Removes all topics of an account.
    pub(crate) fn take(&self, account: AccountId) -> Vec<Arc<Topic>> {
        self.0.take(account)
    }

    /// The topics of one account in one region, ordered by name.
    pub(crate) fn of(&self, account: AccountId, region: Region) -> Vec<Arc<Topic>> {
        self.0.of(account, region)
    }

    /// The same from the topic after the one named `last`.
    pub(crate) fn after<'t>(
        &'t self,
        account: AccountId,
        region: Region,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Topic>> + use<'t> {
        self.0.after(account, region, last)
    }

    /// The accounts and regions that have topics.
    pub(crate) fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.0.namespaces()
    }

    /// The topics of every account in one region, ordered by ARN, from the one of an account and name on.
    pub(crate) fn in_region<'t>(
        &'t self,
        region: Region,
        start: Option<(AccountId, &str)>,
    ) -> impl Iterator<Item = Arc<Topic>> + use<'t> {
        self.0.in_region(region, start)
    }
}
