//! The services that topiq has, and the way of a call to its service.
//!
//! In reading order: `service` is what a service is to the rest of topiq, [`resource`] what it holds, [`settings`] what
//! the user may change of it; `dispatch` makes the code of lists: the one of services below, and each service's of
//! operations. Then a room for each service.

#[macro_use]
mod dispatch;
pub mod resource;
mod service;
pub mod settings;

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::agenda::Agenda;
use crate::aws::{AccountId, Caller, Region};
use crate::delivery::{Destinations, QueueDestination};
use crate::ids::Ids;
use crate::routes::Route;
use crate::wire::{Answer, Call, ServiceModel, Speaks, Unread};

use resource::{Inventory, Resource};
pub(crate) use service::{Environment, Operations, Service};
pub use settings::Settings;

services! {
    sqs: Sqs,
    sns: Sns,
    sts: Sts,
}

/// All services, with their state.
#[derive(Debug)]
pub struct Services {
    rooms: Rooms,
    ids: Arc<Ids>,
}

impl Services {
    /// Services without any state yet. What falls due in them goes by `agenda`, whose owner runs it.
    pub(crate) fn new(agenda: Arc<Agenda>, ids: Arc<Ids>, settings: Settings) -> Self {
        let reach = Arc::new(Reach::default());
        let environment = Environment {
            agenda,
            ids: ids.clone(),
            destinations: reach.clone(),
            settings,
        };
        let rooms = Rooms::new(&environment);
        reach.queues.get_or_init(|| rooms.sqs.destinations());
        Self { rooms, ids }
    }

    /// SNS, for what is no operation of its API.
    pub(crate) const fn sns(&self) -> &sns::Sns {
        &self.rooms.sns
    }

    /// The services' routes of topiq's own API.
    pub(crate) fn routes() -> Vec<Route<Self>> {
        let routes = Rooms::routes().into_iter();
        let within = |route: Route<Rooms>| route.within(|services: &Self| &services.rooms);
        routes.map(within).collect()
    }

    /// Answers all calls that wait, empty, and lets none wait from now on.
    pub fn stop_waiting(&self) {
        self.rooms.stop_waiting();
    }

    /// Ends what runs in the background.
    pub async fn stop(&self) {
        self.rooms.stop().await;
    }

    /// Answers a request.
    pub async fn answer(&self, unread: &Unread<'_>) -> Answer {
        match Call::read(unread, MODELS) {
            Ok(call) => {
                describe(&call);
                self.rooms.answer(&call).await
            }
            Err(answer) => answer,
        }
    }

    /// Runs an operation for topiq itself, as if it had been called: the checks and errors are the service's. Input and
    /// output are JSON; an error is AWS's sentence.
    pub(crate) async fn invoke(
        &self,
        service: &'static ServiceModel,
        operation: &str,
        caller: Caller<'_>,
        input: &Value,
    ) -> Result<Value, String> {
        let input = input.to_string();
        let request_id = self.ids.request_id();
        let call = Call::within(service, operation, caller, request_id, input.as_bytes());
        let answer = self.rooms.answer(&call).await;
        let output: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status == 200 {
            return Ok(output);
        }
        let sentence = output["message"].as_str();
        Err(sentence.unwrap_or_default().to_owned())
    }
}

impl Inventory for Services {
    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        self.rooms.held(account, region)
    }
}

/// What services may deliver to: known when all are made.
#[derive(Debug, Default)]
struct Reach {
    queues: OnceLock<sqs::destination::QueueDestinations>,
}

impl Destinations for Reach {
    fn queue(&self, arn: &str) -> Option<Arc<dyn QueueDestination>> {
        self.queues.get()?.by_arn(arn)
    }
}

async fn answer<S: Service>(service: &S, call: &Call<'_>) -> Answer {
    if S::serves(call)
        && let Some(answer) = service.dispatch(call).await
    {
        return answer;
    }
    S::refuse_unknown(call)
}

/// Says in the request's span, which the front logs, what the request turned out to be.
fn describe(call: &Call<'_>) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        let span = tracing::Span::current();
        span.record("service", call.service.name);
        span.record("operation", &*call.operation);
        span.record("protocol", call.protocol());
        span.record("account", tracing::field::display(call.caller().account));
        span.record("region", tracing::field::display(call.caller().region));
    }
}
