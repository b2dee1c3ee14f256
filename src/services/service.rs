//! A service's interface to the rest of topiq.

use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use super::Settings;
use super::resource::Resource;
use crate::agenda::Agenda;
use crate::aws::{AccountId, Region};
use crate::budget::Budget;
use crate::delivery::Deliveries;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::routes::Route;
use crate::trace::Traces;
use crate::wire::error::unknown_operation;
use crate::wire::{Answer, Call, ErrorInfo, Speaks};

/// What a service is given when it is created.
#[derive(Debug)]
pub(crate) struct Environment {
    /// Its source of time, and the schedule of what falls due later.
    pub(crate) agenda: Arc<Agenda>,
    /// Its source of ids.
    pub(crate) ids: Arc<Ids>,
    /// The targets of deliveries: it registers its own resources, and finds those of other services, which may be
    /// created after it.
    pub(crate) deliveries: Arc<Deliveries>,
    /// What of the memory is left for messages that wait for endpoints.
    pub(crate) budget: Arc<Budget>,
    /// What goes wrong on purpose.
    pub(crate) faults: Arc<Faults>,
    /// What becomes of each message.
    pub(crate) traces: Arc<Traces>,
    /// How it differs from AWS's service.
    pub(crate) settings: Settings,
}

#[cfg(test)]
impl Environment {
    /// That of a service alone in a test: nothing of it is random.
    pub(crate) fn at(agenda: Arc<Agenda>) -> Self {
        Self {
            agenda,
            ids: Arc::new(Ids::seeded(1)),
            deliveries: Arc::default(),
            budget: Arc::default(),
            faults: Arc::default(),
            traces: Arc::default(),
            settings: Settings::default(),
        }
    }
}

/// A service's operations, made from its list of them by `operations!`.
pub(crate) trait Operations {
    /// Runs the operation that a call names; `None` when there is none of that name.
    fn dispatch(&self, call: &Call<'_>) -> impl Future<Output = Option<Answer>> + Send;
}

/// One service: a room under `services/`, and a line in their list.
pub(crate) trait Service:
    Speaks + Operations + fmt::Debug + Send + Sync + Sized + 'static
{
    /// The service without any state yet.
    fn new(environment: &Environment) -> Self;

    /// The service again, without its users' state: all that it keeps is what is the server's own, such as a key.
    fn emptied(&self, environment: &Environment) -> Self {
        Self::new(environment)
    }

    /// Makes the service, now that it is in its place, known to others: as one that has targets of deliveries, or that
    /// the agenda wakes.
    fn register(self: &Arc<Self>, _environment: &Environment) {}

    /// Whether its operations may be called in this way; if not, the answer is that to an unknown operation.
    fn serves(_call: &Call<'_>) -> bool {
        true
    }

    /// The answer to a call for an operation that it does not have.
    fn refuse_unknown(call: &Call<'_>) -> Answer {
        call.refuse(&unknown_operation(&call.operation))
    }

    /// The errors of its own table, as far as they need no values of a call: a fault can answer with them.
    fn known_errors() -> Vec<ErrorInfo> {
        Vec::new()
    }

    /// The accounts and regions in which it holds resources.
    fn namespaces(&self) -> Vec<(AccountId, Region)> {
        Vec::new()
    }

    /// The resources of an account in a region, for exports: each kind ordered by name.
    fn held(&self, _account: AccountId, _region: Region) -> Vec<Resource> {
        Vec::new()
    }

    /// Forgets all that an account holds, and what waits for it.
    fn forget(&self, _account: AccountId) {}

    /// Its routes in topiq's own API.
    fn routes() -> Vec<Route<Self>> {
        Vec::new()
    }

    /// Answers all waiting calls as empty, and lets none wait from now on: the server is about to stop.
    fn stop_waiting(&self) {}

    /// Ends what it runs in the background.
    fn stop(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// A service as its own parts know it: what happens later must not keep it alive.
pub(crate) struct Itself<S>(OnceLock<Weak<S>>);

impl<S> Itself<S> {
    /// Says once who it is: see [`Service::register`].
    pub(crate) fn set(&self, service: &Arc<S>) {
        self.0.get_or_init(|| Arc::downgrade(service));
    }

    /// The service, unless it has been replaced and is gone.
    pub(crate) fn get(&self) -> Option<Arc<S>> {
        self.0.get()?.upgrade()
    }

    /// The service, for those that use it later.
    pub(crate) fn weak(&self) -> Weak<S> {
        self.0.get().cloned().unwrap_or_default()
    }
}

impl<S> Default for Itself<S> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<S> fmt::Debug for Itself<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Itself").finish_non_exhaustive()
    }
}
