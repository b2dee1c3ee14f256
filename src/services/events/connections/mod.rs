//! Connections: how API destinations authorise with the endpoints that they call.
//!
//! In reading order: `parameters` is how one authorises, `connection` one connection with its state, `token` how it gets
//! an access token. [`Connections`] finds them.

pub(super) mod connection;
pub(super) mod parameters;
pub(super) mod token;

use std::ops::Bound;
use std::sync::Arc;

use self::connection::Connection;
use super::error::Error;
use super::identity::{Identity, Kind};
use super::limits;
use crate::aws::{AccountId, Caller, Named, Region};
use crate::clock::Timestamp;

/// The connections of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Connections(Named<Connection>);

impl Connections {
    /// The caller's connection of this name.
    pub(super) fn get(
        &self,
        caller: &Caller<'_>,
        name: &str,
        now: Timestamp,
    ) -> Option<Arc<Connection>> {
        let found = self.0.get(caller.account, caller.region, name)?;
        self.unless_gone(found, now)
    }

    /// The connection with this ARN.
    pub(super) fn by_arn(&self, arn: &str, now: Timestamp) -> Option<Arc<Connection>> {
        let identity = Identity::parse(Kind::Connection, arn)?;
        let Identity {
            account,
            region,
            name,
            ..
        } = &identity;
        let found = self.0.get(*account, *region, name)?;
        self.unless_gone(found, now)
            .filter(|found| found.identity == identity)
    }

    /// Adds the connection that `make` returns. `make` must not use these connections.
    pub(super) fn add(
        &self,
        identity: &Identity,
        now: Timestamp,
        make: impl FnOnce() -> Connection,
    ) -> Result<Arc<Connection>, Error> {
        let Identity {
            account,
            region,
            name,
            ..
        } = identity;
        let taken = || Error::ConnectionExists(name.to_string());
        let present = self.0.get(*account, *region, name);
        if present.is_some_and(|present| self.unless_gone(present, now).is_some()) {
            return Err(taken());
        }
        if self.0.of(*account, *region).len() >= limits::CONNECTIONS {
            return Err(Error::LimitExceeded);
        }
        let (connection, is_new) = self.0.get_or_insert(*account, *region, name, make);
        if is_new { Ok(connection) } else { Err(taken()) }
    }

    /// The caller's connections, ordered by name, after the one named `last`.
    pub(super) fn after<'c>(
        &'c self,
        caller: &Caller<'_>,
        last: Option<&str>,
        now: Timestamp,
    ) -> impl Iterator<Item = Arc<Connection>> + use<'c> {
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        let all = self.0.from(caller.account, caller.region, start);
        all.filter_map(move |(_, connection)| self.unless_gone(connection, now))
    }

    /// The connections of an account in a region, ordered by name.
    pub(super) fn of(
        &self,
        account: AccountId,
        region: Region,
        now: Timestamp,
    ) -> impl Iterator<Item = Arc<Connection>> {
        let all = self.0.of(account, region).into_iter();
        all.filter_map(move |connection| self.unless_gone(connection, now))
    }

    /// The accounts and regions that have connections.
    pub(super) fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.0.namespaces()
    }

    /// Removes a connection whose deletion is over.
    fn unless_gone(&self, connection: Arc<Connection>, now: Timestamp) -> Option<Arc<Connection>> {
        if !connection.is_gone(now) {
            return Some(connection);
        }
        let Identity {
            account,
            region,
            name,
            ..
        } = &connection.identity;
        self.0.remove(*account, *region, name, &connection);
        None
    }
}
