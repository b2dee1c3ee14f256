//! Connections: how API destinations authorise with the endpoints that they call.
//!
//! In reading order: `parameters` is how one authorises, `connection` one connection with its state, `token` how it gets
//! an access token. [`Connections`] finds them.

pub(super) mod connection;
pub(super) mod parameters;
pub(super) mod token;

use std::sync::Arc;

use self::connection::Connection;
use super::error::Error;
use super::identity::{Identity, Kind};
use super::limits;
use crate::aws::{AccountId, Caller, Named, NotAdded, Region};
use crate::clock::Timestamp;

/// The connections of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Connections(Named<Connection>);

impl Connections {
    /// Removes all connections of an account.
    pub(super) fn forget(&self, account: AccountId) {
        self.0.take(account);
    }

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
        // Those whose deletion is over take neither names nor room.
        if self.0.count(*account, *region) >= limits::CONNECTIONS {
            for connection in self.0.of(*account, *region) {
                self.unless_gone(connection, now);
            }
        } else if let Some(present) = self.0.get(*account, *region, name) {
            self.unless_gone(present, now);
        }
        let most = limits::CONNECTIONS;
        let added = self.0.add(*account, *region, name, most, make);
        added.map_err(|refused| match refused {
            NotAdded::Taken => Error::ConnectionExists(name.to_string()),
            NotAdded::Full => Error::LimitExceeded,
        })
    }

    /// The caller's connections, ordered by name, after the one named `last`.
    pub(super) fn after<'c>(
        &'c self,
        caller: &Caller<'_>,
        last: Option<&str>,
        now: Timestamp,
    ) -> impl Iterator<Item = Arc<Connection>> + use<'c> {
        let all = self.0.after(caller.account, caller.region, last);
        all.filter_map(move |connection| self.unless_gone(connection, now))
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

#[cfg(test)]
mod tests {
    use super::connection::Described;
    use super::parameters::{Authorization, AuthorizationType, Basic, Credentials};
    use super::*;
    use crate::aws::{AccountId, Region};
    use crate::ids::Ids;

    fn described(now: Timestamp) -> Described {
        let authorization = Authorization {
            credentials: Credentials::Basic(Basic::default()),
            invocation: None,
        };
        Described::new(AuthorizationType::Basic, authorization, String::new(), now)
    }

    #[test]
    fn connections_whose_deletion_is_over_take_no_room() {
        let caller = Caller::within(
            AccountId::DEFAULT,
            Region::default(),
            "CreateConnection",
            "",
        );
        let (connections, ids) = (Connections::default(), Ids::seeded(1));
        let add = |name: &str, now| {
            let identity = Identity::owned(Kind::Connection, &caller, name, ids.message_id());
            let make = || Connection::new(identity.clone(), described(now));
            connections.add(&identity, now, make)
        };
        let [then, now] = [1, 2].map(Timestamp::from_secs);
        for number in 0..limits::CONNECTIONS {
            let added = add(&number.to_string(), then);
            added.expect("there is room").delete(then, now);
        }
        assert_eq!(add("further", then).err(), Some(Error::LimitExceeded));
        assert!(add("further", now).is_ok());
        assert!(add("0", now).is_ok());
        let taken = Error::ConnectionExists("further".to_owned());
        assert_eq!(add("further", now).err(), Some(taken));
    }
}
