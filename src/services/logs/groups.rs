//! All log groups, by account, region and name, and how a request names one.

use std::ops::Bound;
use std::sync::Arc;

use super::error::Error;
use super::group::Group;
use super::limits;
use crate::aws::{AccountId, Arn, Caller, Named, NotAdded, Region};

/// A log group's name, account and region, which make its ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupName {
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) name: Box<str>,
}

impl GroupName {
    /// A group of the caller's.
    pub(super) fn owned(caller: &Caller<'_>, name: &str) -> Self {
        Self {
            account: caller.account,
            region: caller.region,
            name: name.into(),
        }
    }

    /// The group with this ARN, whether or not it ends in `:*`.
    pub(super) fn parse(arn: &str) -> Option<Self> {
        let arn = Arn::parse(arn).filter(|arn| arn.service == "logs")?;
        let name = arn.resource.strip_prefix("log-group:")?;
        Some(Self {
            account: AccountId::parse(arn.account)?,
            region: Region::parse(arn.region)?,
            name: name.strip_suffix(":*").unwrap_or(name).into(),
        })
    }

    /// The group that a request names by its name or its ARN.
    pub(super) fn identified(caller: &Caller<'_>, identifier: &str) -> Self {
        Self::parse(identifier).unwrap_or_else(|| Self::owned(caller, identifier))
    }

    /// The ARN, without the `:*` that stands for the group's streams.
    pub(super) fn arn(&self) -> String {
        let Self {
            account,
            region,
            name,
        } = self;
        let partition = region.partition();
        format!("arn:{partition}:logs:{region}:{account}:log-group:{name}")
    }
}

/// The log groups of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Groups(Named<Group>);

impl Groups {
    pub(super) fn get(&self, name: &GroupName) -> Option<Arc<Group>> {
        self.0.get(name.account, name.region, &name.name)
    }

    /// Adds a group.
    pub(super) fn add(&self, group: Group) -> Result<(), Error> {
        let GroupName {
            account,
            region,
            name,
        } = group.name.clone();
        let most = limits::GROUPS;
        let added = self.0.add(account, region, &name, most, || group);
        added.map(drop).map_err(|refused| match refused {
            NotAdded::Taken => Error::GroupExists,
            NotAdded::Full => Error::LimitExceeded,
        })
    }

    /// Removes this group, unless another has its name by now.
    pub(super) fn remove(&self, group: &Arc<Group>) {
        let GroupName {
            account,
            region,
            name,
        } = &group.name;
        self.0.remove(*account, *region, name, group);
    }

    /// Removes all groups of an account.
    pub(super) fn take(&self, account: AccountId) -> Vec<Arc<Group>> {
        self.0.take(account)
    }

    /// The groups of an account in a region whose names begin like this, ordered by name, after the one named `last`.
    pub(super) fn after<'g>(
        &'g self,
        (account, region): (AccountId, Region),
        prefix: &str,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Group>> + use<'g> {
        let start = match last {
            Some(last) if last >= prefix => Bound::Excluded(last),
            _ => Bound::Included(prefix),
        };
        let prefix = prefix.to_owned();
        let groups = self.0.from(account, region, start);
        groups
            .take_while(move |(name, _)| name.starts_with(&prefix))
            .map(|(_, group)| group)
    }

    pub(super) fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.0.namespaces()
    }
}
