//! The services that topiq has, and the way of a call to its service.

mod operations;
pub mod resource;
pub mod sns;
pub mod sqs;
pub mod sts;

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_TYPE, HeaderName};
use http::request::Parts;
use serde_json::Value;

use crate::admin;
use crate::aws::{AccountId, Caller, Home, Region};
use crate::clock::Clock;
use crate::delivery::{Destinations, QueueDestination};
use crate::http::{Application, Request};
use crate::ids::{Ids, RequestId};
use crate::routes::{Question, Route, Table};
use crate::wire::{Answer, Call, ErrorInfo, ServiceModel, Unread};
use resource::{Inventory, Resource};
use sns::Sns;
use sqs::Sqs;
use sqs::destination::QueueDestinations;
use sts::Sts;

pub(crate) use operations::operations;

const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// Every service, by which a request is told apart. To add one: its model here, and its arm in [`Services::call`].
pub(crate) static MODELS: [&ServiceModel; 3] = [&sqs::MODEL, &sns::MODEL, &sts::MODEL];

/// The names of all services.
static NAMES: [&str; 3] = [sqs::MODEL.name, sns::MODEL.name, sts::MODEL.name];

/// All services, with their state.
#[derive(Debug)]
pub struct Services {
    sns: Sns,
    sqs: Sqs,
    sts: Sts,
    home: Home,
    ids: Arc<Ids>,
    admin: Table<Self>,
}

impl Services {
    /// Services without any state yet.
    pub fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<Ids>,
        home: Home,
        sqs: sqs::Options,
        sns: sns::Options,
    ) -> Self {
        let sqs = Sqs::new(clock.clone(), ids.clone(), sqs);
        let reach = Reach {
            queues: sqs.destinations(),
        };
        Self {
            sns: Sns::new(clock, ids.clone(), Arc::new(reach), sns),
            sqs,
            sts: Sts,
            home,
            ids,
            admin: admin::table(Self::routes()),
        }
    }

    /// The services' routes of the admin API.
    fn routes() -> Vec<Route<Self>> {
        let sns = sns::inspect::routes::<Sns>().into_iter();
        sns.map(|route| route.within(Self::sns)).collect()
    }

    /// SNS, for what is no operation of its API.
    pub(crate) const fn sns(&self) -> &Sns {
        &self.sns
    }

    /// Ends what runs in the background.
    pub async fn stop(&self) {
        self.sns.stop().await;
    }

    /// Does what falls due without a call, for ever: whoever owns the services runs this beside them.
    pub async fn run(&self) {
        self.sqs.run().await;
    }

    /// The answer to a request that is for topiq itself and no AWS request.
    async fn administer(&self, head: &Parts) -> http::Response<Bytes> {
        let question = Question {
            method: &head.method,
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            home: self.home,
        };
        self.admin.answer(self, &question).await.into()
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
        let answer = self.call(&call).await;
        let output: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status == 200 {
            return Ok(output);
        }
        let sentence = output["message"].as_str();
        Err(sentence.unwrap_or_default().to_owned())
    }

    async fn call(&self, call: &Call<'_>) -> Answer {
        describe(call);
        match call.service.name {
            "sns" => self.sns.answer(call).await,
            "sts" => self.sts.answer(call).await,
            _ => self.sqs.answer(call).await,
        }
    }
}

impl Inventory for Services {
    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        let mut held = self.sqs.held(account, region);
        held.extend(self.sns.held(account, region));
        held
    }
}

/// What services may deliver to.
#[derive(Debug)]
struct Reach {
    queues: QueueDestinations,
}

impl Destinations for Reach {
    fn queue(&self, arn: &str) -> Option<Arc<dyn QueueDestination>> {
        self.queues.by_arn(arn)
    }
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

impl Application for Services {
    async fn answer(&self, request: Request<'_>) -> http::Response<Bytes> {
        if self.admin.has(request.head.uri.path()) {
            return self.administer(request.head).await;
        }
        let unread = Unread {
            head: request.head,
            body: &request.body,
            request_id: request.request_id,
            endpoint: request.endpoint,
            home: self.home,
        };
        let answer = match Call::read(&unread, &MODELS) {
            Ok(call) => self.call(&call).await,
            Err(answer) => answer,
        };
        response(answer)
    }

    fn refuse(
        &self,
        head: &Parts,
        request_id: RequestId,
        error: ErrorInfo,
    ) -> http::Response<Bytes> {
        response(Answer::unread(head, request_id, &error))
    }

    fn services(&self) -> &[&'static str] {
        &NAMES
    }

    fn stop(&self) {
        self.sqs.stop_waiting();
    }
}

fn response(answer: Answer) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::from(answer.body));
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).expect("error tables hold HTTP statuses");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, answer.content_type);
    if let Some(query_error) = answer.query_error {
        let value = HeaderValue::try_from(query_error).expect("error codes are plain ASCII");
        headers.insert(QUERY_ERROR, value);
    }
    response
}
