//! The services of topiq, and how a call reaches its service.
//!
//! In reading order: `service` is a service's interface to the rest of topiq, [`resource`] what it holds, [`settings`]
//! what the user may change about it; here, `services!` and `operations!` turn the list of services and each
//! service's list of operations into code, and [`Services`] is all of them with their state; `refusals` logs what they
//! refuse, and `struck` is what becomes of a call while faults are set. Then a room for each service.

pub(crate) mod captures;
mod expiries;
pub(crate) mod refusals;
pub mod resource;
mod service;
pub mod settings;
mod struck;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use crate::agenda::Agenda;
use crate::aws::{AccountId, Caller, Home, Region};
use crate::budget::Budget;
use crate::clock::Timestamp;
use crate::faults::Faults;
use crate::head::Head;
use crate::http::{Reply, Request};
use crate::ids::{Ids, RequestId};
use crate::routes::Route;
use crate::trace::Traces;
use crate::wire::{Answer, Call, ErrorInfo, ServiceModel, Speaks, Unread};

use expiries::Expiries;
use resource::{Inventory, Resource};
pub(crate) use service::{Environment, Itself, Operations, Service};
pub use settings::Settings;

/// Declares each service's room, and makes `Rooms` of them: a line is `room: Type`.
///
/// A macro, so that a service is named once, and a call reaches its service without an allocation or an indirect call.
macro_rules! services {
    ($($room:ident: $service:ident),+ $(,)?) => {
        $(pub mod $room;)+

        /// The models of all services, which tell requests apart.
        pub static MODELS: &[&ServiceModel] = &[$(<$room::$service as Speaks>::MODEL),+];

        /// The services themselves.
        #[derive(Debug)]
        struct Rooms {
            used: Arc<Used>,
            $($room: Arc<$room::$service>,)+
        }

        /// Which services have been called since the server started.
        #[derive(Debug, Default)]
        struct Used {
            $($room: AtomicBool,)+
        }

        impl Rooms {
            fn new(environment: &Environment) -> Self {
                Self {
                    used: Arc::default(),
                    $($room: registered(Service::new(environment), environment),)+
                }
            }

            /// The same services without their users' state.
            fn emptied(&self, environment: &Environment) -> Self {
                Self {
                    used: self.used.clone(),
                    $($room: registered(self.$room.emptied(environment), environment),)+
                }
            }

            fn usage(&self) -> Vec<(&'static str, bool)> {
                vec![$((
                    <$room::$service as Speaks>::MODEL.name,
                    self.used.$room.load(Ordering::Relaxed),
                )),+]
            }

            /// What a call names, for faults.
            fn named(call: &Call<'_>) -> struck::Named {
                $(if call.service.name == <$room::$service as Speaks>::MODEL.name {
                    return struck::Named::of::<$room::$service>(call);
                })+
                struck::Named::default()
            }

            /// Each service's name, with the errors of its own table.
            fn known_errors() -> Vec<(&'static str, Vec<ErrorInfo>)> {
                vec![$((
                    <$room::$service as Speaks>::MODEL.name,
                    <$room::$service as Service>::known_errors(),
                )),+]
            }

            async fn answer(&self, call: &Call<'_>) -> Answer {
                $(if call.service.name == <$room::$service as Speaks>::MODEL.name {
                    // Written once: a store for each call would pass the line from core to core.
                    if !self.used.$room.load(Ordering::Relaxed) {
                        self.used.$room.store(true, Ordering::Relaxed);
                    }
                    return answer(&*self.$room, call).await;
                })+
                unreachable!("a call is read for one of the services in the list")
            }

            fn namespaces(&self) -> BTreeSet<(AccountId, Region)> {
                let mut namespaces = BTreeSet::new();
                $(namespaces.extend(self.$room.namespaces());)+
                namespaces
            }

            fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
                let mut held = Vec::new();
                $(held.extend(self.$room.held(account, region));)+
                held
            }

            fn forget(&self, account: AccountId) {
                $(self.$room.forget(account);)+
            }

            fn routes() -> Vec<Route<Self>> {
                let mut routes = Vec::new();
                $(for route in $room::$service::routes() {
                    routes.push(route.within(|rooms: &Self| &*rooms.$room));
                })+
                routes
            }

            fn stop_waiting(&self) {
                $(self.$room.stop_waiting();)+
            }

            async fn stop(&self) {
                tokio::join!($(self.$room.stop()),+);
            }
        }
    };
}

/// Makes, for a service's type, the constant `OPERATIONS` and its [`Operations`]: the match from an
/// operation's name to its module's `call`, generic over the codec, for the protocols that the service speaks. The input's
/// type is that of `call`'s parameter.
///
/// `Name => module` is an operation that returns at once, `Name => module.await` one that may wait, and is passed its input
/// by reference: the future of a call would hold what is moved into it twice. `Name => module [method]` is one whose output
/// has a method that tells what of it was refused, for the log. `Name => module as stream` is one whose output is a stream of
/// [`Events`](crate::wire::Events). The operation's error type must be the `Error` in scope, which converts from a
/// `DecodeError` and has an `info`.
macro_rules! operations {
    ($service:ident: $($name:ident => $module:ident $(.$wait:ident)? $([$refusal:ident])? $(as $stream:ident)?),+ $(,)?) => {
        impl $service {
            /// Every operation, in alphabetical order.
            pub const OPERATIONS: &'static [&'static str] = &[$(stringify!($name)),+];
        }

        impl $crate::services::Operations for $service {
            async fn dispatch(
                &self,
                call: &$crate::wire::Call<'_>,
            ) -> Option<$crate::wire::Answer> {
                let refuse = |error: Error| call.refuse(&error.info());
                let answer = match &*call.operation {
                    $(stringify!($name) => {
                        // Not in a match's arm, where the call's future would hold the input twice.
                        let input = match call.input::<$service, _>() {
                            Ok(input) => input,
                            Err(error) => return Some(refuse(error.into())),
                        };
                        let input = operations!(@passed input $($wait)?);
                        let output = $module::call(self, &call.caller(), input)$(.$wait)?;
                        output.map(|output| {
                            let answer = operations!(@answered $service, call, output $(, $stream)?);
                            $(let answer = answer.with_refusal(output.$refusal());)?
                            answer
                        })
                    },)+
                    _ => return None,
                };
                Some(answer.unwrap_or_else(refuse))
            }
        }
    };
    (@passed $input:ident) => { $input };
    (@passed $input:ident await) => { &$input };
    (@answered $service:ident, $call:ident, $output:ident) => {
        $call.answer::<$service, _>(&$output)
    };
    (@answered $service:ident, $call:ident, $output:ident, stream) => { $call.stream($output) };
}

services! {
    sqs: Sqs,
    sns: Sns,
    sts: Sts,
    events: Events,
    kinesis: Kinesis,
    schemas: Schemas,
    logs: Logs,
}

/// All services, with their state.
#[derive(Debug)]
pub struct Services {
    rooms: Rooms,
    home: Home,
    environment: Environment,
    expiries: Expiries,
}

impl Services {
    /// Services without any state yet. What falls due in them is on `agenda`, whose owner runs it; requests that name no
    /// account or region are for those of `home`; what waits for endpoints counts against `budget`.
    pub(crate) fn new(
        agenda: Arc<Agenda>,
        ids: Arc<Ids>,
        home: Home,
        budget: Arc<Budget>,
        settings: Settings,
    ) -> Self {
        let environment = Environment {
            agenda,
            ids,
            deliveries: Arc::default(),
            budget,
            faults: Arc::new(Faults::new(settings.chaos)),
            traces: Arc::new(Traces::new(settings.traces)),
            settings,
        };
        Self {
            rooms: Rooms::new(&environment),
            home,
            environment,
            expiries: Expiries::default(),
        }
    }

    /// The same services without their users' state.
    pub(crate) fn emptied(&self) -> Self {
        let Environment {
            agenda,
            ids,
            deliveries: _,
            budget,
            faults,
            traces,
            settings,
        } = &self.environment;
        let environment = Environment {
            agenda: agenda.clone(),
            ids: ids.clone(),
            deliveries: Arc::default(),
            budget: budget.clone(),
            faults: faults.clone(),
            traces: Arc::new(traces.emptied()),
            settings: settings.clone(),
        };
        Self {
            rooms: self.rooms.emptied(&environment),
            home: self.home,
            environment,
            expiries: Expiries::default(),
        }
    }

    /// The names of all services, each with whether it has been called since the server started.
    pub(crate) fn usage(&self) -> Vec<(&'static str, bool)> {
        self.rooms.usage()
    }

    /// The account and region of requests that name none.
    pub(crate) const fn home(&self) -> Home {
        self.home
    }

    /// Their time, and what falls due by it.
    pub(crate) fn agenda(&self) -> &Agenda {
        &self.environment.agenda
    }

    /// What goes wrong on purpose.
    pub(crate) fn faults(&self) -> &Faults {
        &self.environment.faults
    }

    /// Each service's name, with the errors of its own table.
    pub(crate) fn known_errors() -> Vec<(&'static str, Vec<ErrorInfo>)> {
        Rooms::known_errors()
    }

    /// What became of their messages.
    pub(crate) fn traces(&self) -> &Traces {
        &self.environment.traces
    }

    /// SNS, for what is not an operation of its API.
    pub(crate) fn sns(&self) -> &sns::Sns {
        &self.rooms.sns
    }

    /// Kinesis, for the same.
    pub(crate) fn kinesis(&self) -> &kinesis::Kinesis {
        &self.rooms.kinesis
    }

    /// The services' routes of topiq's own API.
    pub(crate) fn routes() -> Vec<Route<Self>> {
        let routes = Rooms::routes().into_iter();
        let within = |route: Route<Rooms>| route.within(|services: &Self| &services.rooms);
        routes.map(within).collect()
    }

    /// Forgets all that an account holds, in every region. Its waiting calls end as if their resources had been deleted.
    pub(crate) fn forget(&self, account: AccountId) {
        self.expiries.cancel(self.agenda(), account);
        self.rooms.forget(account);
        let captured = &self.environment.deliveries.captured;
        captured.forget(|captured| captured.delivery.account == account);
    }

    /// Forgets all that an account holds at this moment, whatever was said of it before.
    pub(crate) fn forget_at(self: &Arc<Self>, account: AccountId, at: Timestamp) {
        self.expiries.set(self, account, at);
    }

    /// Answers all waiting calls as empty, and lets none wait from now on.
    pub(crate) fn stop_waiting(&self) {
        self.rooms.stop_waiting();
    }

    /// Ends what runs in the background.
    pub(crate) async fn stop(&self) {
        self.rooms.stop().await;
    }

    /// Runs an operation for topiq itself, as if it had been called: the checks and errors are the service's. Input and
    /// output are JSON.
    pub(crate) async fn invoke(
        &self,
        service: &'static ServiceModel,
        operation: &str,
        caller: Caller<'_>,
        input: &Value,
    ) -> Result<Value, Refused> {
        let input = input.to_string();
        let request_id = self.environment.ids.request_id();
        let call = Call::within(service, operation, caller, request_id, input.as_bytes());
        let answer = self.rooms.answer(&call).await;
        let output: Value = serde_json::from_slice(answer.body.bytes()).unwrap_or_default();
        if answer.status == 200 {
            return Ok(output);
        }
        let text = |member: &str| output[member].as_str().unwrap_or_default().to_owned();
        Err(Refused {
            code: text("__type"),
            sentence: text("message"),
        })
    }
}

/// Why an operation that topiq runs itself is refused, as AWS says it.
#[derive(Clone, Debug)]
pub struct Refused {
    pub(crate) code: String,
    pub(crate) sentence: String,
}

impl Refused {
    /// Whether what the call names is not there.
    pub(crate) fn is_not_there(&self) -> bool {
        ["NotFoundException", "ResourceNotFoundException"].contains(&self.code.as_str())
    }
}

/// What the front serves of them.
impl Services {
    /// Answers one AWS request, whose body is whole.
    pub(crate) async fn answer(&self, request: &Request<'_>) -> Reply {
        let head = request.head;
        let call = match self.read(request) {
            Ok(call) => call,
            Err(answer) => {
                refusals::log(None, head, &answer);
                return reply(answer);
            }
        };
        describe(&call);
        if self.faults().are_set() {
            // In a box, so that calls have no room for it where no fault is set.
            return Box::pin(self.answer_among_faults(&call, head)).await;
        }
        let answer = self.rooms.answer(&call).await;
        refusals::log(Some(&call), head, &answer);
        reply(answer)
    }

    fn read<'a>(&self, request: &'a Request<'_>) -> Result<Call<'a>, Answer> {
        let unread = Unread {
            head: request.head,
            body: &request.body,
            request_id: request.request_id,
            endpoint: request.endpoint,
            home: self.home,
        };
        Call::read(&unread, MODELS)
    }

    /// Whether AWS itself has one of the services at a host of this name.
    pub fn is_at_aws(name: &str) -> bool {
        MODELS.iter().any(|service| service.hosts.is_at_aws(name))
    }
}

/// One of the front's own errors, in the protocol that `head` asks for.
pub(crate) fn refuse(head: &Head<'_>, request_id: RequestId, error: &ErrorInfo) -> Reply {
    let answer = Answer::unread(head, request_id, error);
    refusals::log(None, head, &answer);
    reply(answer)
}

fn reply(answer: Answer) -> Reply {
    Reply {
        status: StatusCode::from_u16(answer.status).expect("error tables hold HTTP statuses"),
        // No body, no media type: `204 No Content` has neither.
        content_type: (answer.status != 204).then_some(answer.content_type),
        headers: answer.headers,
        body: answer.body.map(Bytes::from),
        is_cut: false,
    }
}

impl Inventory for Services {
    fn namespaces(&self) -> BTreeSet<(AccountId, Region)> {
        self.rooms.namespaces()
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        self.rooms.held(account, region)
    }
}

/// A service in its place, known to those that deliver to it.
fn registered<S: Service>(service: S, environment: &Environment) -> Arc<S> {
    let service = Arc::new(service);
    service.register(environment);
    service
}

async fn answer<S: Service>(service: &S, call: &Call<'_>) -> Answer {
    if S::serves(call)
        && let Some(answer) = service.dispatch(call).await
    {
        return answer;
    }
    S::refuse_unknown(call)
}

/// Records in the request's span, which the front logs, what the request turned out to be.
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
