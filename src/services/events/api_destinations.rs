//! API destinations: HTTP endpoints that rules deliver to, each with its connection.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::Events;
use super::connections::connection::Connection;
use super::connections::parameters::{Authorization, Credentials};
use super::connections::token::TokenSource;
use super::error::Error;
use super::identity::{Identity, Kind};
use super::invocation::token_request;
use super::limits;
use crate::aws::validation::{Pattern, Rule};
use crate::aws::{AccountId, Arn, Caller, Named, NotAdded};
use crate::clock::Timestamp;
use crate::delivery::http::{Endpoint, Lane};

static CONNECTION_ARN: Pattern = Pattern::new(
    r"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:connection\/[\.\-_A-Za-z0-9]+\/[\-A-Za-z0-9]+$",
);

/// ARNs of connections.
pub(super) static CONNECTION_ARNS: [Rule; 3] = [
    Rule::Matches(&CONNECTION_ARN),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(1600),
];

/// Methods of calls, in the order in which AWS lists them (recorded).
pub(super) static METHODS: [Rule; 1] = [Rule::OneOf(&[
    "HEAD", "POST", "PATCH", "DELETE", "PUT", "GET", "OPTIONS",
])];

/// An API destination as the service holds it.
#[derive(Debug)]
pub(super) struct ApiDestination {
    pub(super) identity: Identity,
    pub(super) created_at: Timestamp,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    settings: Settings,
    modified_at: Timestamp,
    /// The way to its endpoint, which keeps to its rate.
    lane: Lane,
}

/// What its owner says of it.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) connection_arn: String,
    pub(super) endpoint: String,
    pub(super) method: String,
    /// Calls in a second.
    pub(super) rate: u32,
    pub(super) description: Option<String>,
}

impl ApiDestination {
    pub(super) fn new(
        identity: Identity,
        settings: Settings,
        lane: Lane,
        created_at: Timestamp,
    ) -> Self {
        lane.set_max_receives_per_second(NonZeroU32::new(settings.rate));
        let held = Held {
            settings,
            modified_at: created_at,
            lane,
        };
        Self {
            identity,
            created_at,
            held: Mutex::new(held),
        }
    }

    /// Its settings, and when they were changed.
    pub(super) fn settings(&self) -> (Settings, Timestamp) {
        let held = self.held.lock();
        (held.settings.clone(), held.modified_at)
    }

    /// Its settings, and the way to its endpoint.
    pub(super) fn way(&self) -> (Settings, Lane) {
        let held = self.held.lock();
        (held.settings.clone(), held.lane.clone())
    }

    /// Changes its settings. `lane` leads to the endpoint, if that is another than before: what waits in the present one
    /// still goes there.
    pub(super) fn change(&self, settings: Settings, lane: Lane, now: Timestamp) {
        let mut held = self.held.lock();
        if settings.endpoint != held.settings.endpoint {
            held.lane = lane;
        }
        held.lane
            .set_max_receives_per_second(NonZeroU32::new(settings.rate));
        held.settings = settings;
        held.modified_at = now;
    }
}

/// Whether an ARN is one of an API destination.
pub(super) fn is_api_destination(arn: &str) -> bool {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "events");
    arn.is_some_and(|arn| arn.resource.starts_with("api-destination/"))
}

/// The API destinations of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct ApiDestinations(Named<ApiDestination>);

impl ApiDestinations {
    /// Removes all API destinations of an account, with the requests that wait for them.
    pub(super) fn forget(&self, account: AccountId) {
        for destination in self.0.take(account) {
            let (_, lane) = destination.way();
            lane.clear();
        }
    }

    /// The API destination with this ARN.
    pub(super) fn by_arn(&self, arn: &str) -> Option<Arc<ApiDestination>> {
        let identity = Identity::parse(Kind::ApiDestination, arn)?;
        let found = self
            .0
            .get(identity.account, identity.region, &identity.name);
        found.filter(|found| found.identity == identity)
    }

    /// Adds the API destination that `make` returns. `make` must not use these API destinations.
    pub(super) fn add(
        &self,
        identity: &Identity,
        make: impl FnOnce() -> ApiDestination,
    ) -> Result<Arc<ApiDestination>, Error> {
        let Identity {
            account,
            region,
            name,
            ..
        } = identity;
        let most = limits::API_DESTINATIONS;
        let added = self.0.add(*account, *region, name, most, make);
        added.map_err(|refused| match refused {
            NotAdded::Taken => Error::ApiDestinationExists(name.to_string()),
            NotAdded::Full => Error::LimitExceeded,
        })
    }

    /// Removes an API destination, unless another has its name by now.
    pub(super) fn remove(&self, destination: &Arc<ApiDestination>) {
        let Identity {
            account,
            region,
            name,
            ..
        } = &destination.identity;
        self.0.remove(*account, *region, name, destination);
    }

    /// All of them.
    pub(super) const fn named(&self) -> &Named<ApiDestination> {
        &self.0
    }

    /// The caller's API destinations, ordered by name, after the one named `last`.
    pub(super) fn after<'d>(
        &'d self,
        caller: &Caller<'_>,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<ApiDestination>> + use<'d> {
        self.0.after(caller.account, caller.region, last)
    }
}

impl Events {
    /// The caller's API destination of this name.
    pub(super) fn api_destination(
        &self,
        caller: &Caller<'_>,
        name: &str,
    ) -> Result<Arc<ApiDestination>, Error> {
        let found = self
            .api_destinations
            .0
            .get(caller.account, caller.region, name);
        found.ok_or_else(|| Error::ApiDestinationDoesNotExist(name.to_owned()))
    }

    /// The caller's connection of this name.
    pub(super) fn connection(
        &self,
        caller: &Caller<'_>,
        name: &str,
    ) -> Result<Arc<Connection>, Error> {
        let found = self.connections.get(caller, name, self.now());
        found.ok_or_else(|| Error::ConnectionDoesNotExist(name.to_owned()))
    }

    /// The name of the state of an API destination with these settings.
    pub(super) fn state_of(&self, settings: &Settings) -> &'static str {
        let connection = self
            .connections
            .by_arn(&settings.connection_arn, self.now());
        match connection {
            Some(connection) if connection.described().is_authorized() => "ACTIVE",
            _ => "INACTIVE",
        }
    }

    /// A way to the endpoint of an API destination, whose connection must exist.
    pub(super) fn lane_to(&self, settings: &Settings) -> Result<Lane, Error> {
        let Settings {
            connection_arn,
            endpoint,
            ..
        } = settings;
        if self
            .connections
            .by_arn(connection_arn, self.now())
            .is_none()
        {
            let name = connection_arn.rsplit('/').nth(1).unwrap_or_default();
            return Err(Error::NoConnection(name.to_owned()));
        }
        let parsed = Endpoint::parse(endpoint).ok_or_else(|| not_an_endpoint(endpoint))?;
        Ok(self.http.lane(parsed))
    }

    /// Where the tokens of a connection with these parameters come from, if it needs any.
    pub(super) fn token_source(
        &self,
        authorization: &Authorization,
    ) -> Result<Option<TokenSource>, Error> {
        let Credentials::OAuth(oauth) = &authorization.credentials else {
            return Ok(None);
        };
        let request = token_request(oauth).map_err(|_| {
            not_an_endpoint(oauth.authorization_endpoint.as_deref().unwrap_or_default())
        })?;
        let (budget, clock) = (self.budget.clone(), self.clock.clone());
        Ok(Some(TokenSource::new(&self.http, request, budget, clock)))
    }

    /// How long a connection is being deleted or deauthorised.
    pub(super) fn transition(&self) -> Duration {
        if self.settings.strict_timing {
            limits::TRANSITION
        } else {
            Duration::ZERO
        }
    }
}

/// AWS's sentence is not recorded.
fn not_an_endpoint(endpoint: &str) -> Error {
    Error::invalid(format!("{endpoint} is not the URL of an HTTP endpoint."))
}
