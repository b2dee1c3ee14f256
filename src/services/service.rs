//! What a service is, to the rest of topiq.

use std::fmt;
use std::sync::Arc;

use super::Settings;
use super::resource::Resource;
use crate::agenda::Agenda;
use crate::aws::{AccountId, Region};
use crate::delivery::Deliveries;
use crate::ids::Ids;
use crate::routes::Route;
use crate::wire::error::unknown_operation;
use crate::wire::{Answer, Call, Speaks};

/// What a service is given when it is made.
#[derive(Debug)]
pub(crate) struct Environment {
    /// Where its time comes from, and what it puts off until a moment.
    pub(crate) agenda: Arc<Agenda>,
    /// Where its ids come from.
    pub(crate) ids: Arc<Ids>,
    /// What it delivers to, where it registers its own resources: other services' too, which may be made after it.
    pub(crate) deliveries: Arc<Deliveries>,
    /// How it differs from AWS's.
    pub(crate) settings: Settings,
}

/// A service's operations, made from its list of them by [`operations!`](super::operations).
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

    /// Whether its operations may be called so; else the answer is that of an unknown operation.
    fn serves(_call: &Call<'_>) -> bool {
        true
    }

    /// The answer to a call for an operation that it does not have.
    fn refuse_unknown(call: &Call<'_>) -> Answer {
        call.refuse(&unknown_operation(&call.operation))
    }

    /// What an account holds in a region, for exports: of each kind in the order of names.
    fn held(&self, _account: AccountId, _region: Region) -> Vec<Resource> {
        Vec::new()
    }

    /// Its routes of topiq's own API.
    fn routes() -> Vec<Route<Self>> {
        Vec::new()
    }

    /// Answers all calls that wait, empty, and lets none wait from now on: the server is about to stop.
    fn stop_waiting(&self) {}

    /// Ends what it runs in the background.
    fn stop(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}
