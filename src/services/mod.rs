//! The services that topiq has, and the way of a call to its service.

mod operations;
pub mod sns;
pub mod sqs;
pub mod sts;

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{ALLOW, CONTENT_TYPE, HeaderName};
use http::request::Parts;
use serde_json::Value;

use crate::admin;
use crate::aws::{AccountId, Caller, Home, Region};
use crate::clock::Clock;
use crate::delivery::Deliveries;
use crate::export::{Held, Inventory};
use crate::http::{Application, Request};
use crate::ids::{Ids, RequestId};
use crate::wire::{Answer, Call, ErrorInfo, ServiceModel, Unread};
use sns::Sns;
use sqs::Sqs;
use sts::Sts;

pub(crate) use operations::operations;

const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// Every service, by which a request is told apart. To add one: its model here, and its arm in [`Services::call`].
static MODELS: [&ServiceModel; 3] = [&sqs::MODEL, &sns::MODEL, &sts::MODEL];

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
        let deliveries = Arc::new(Deliveries::default());
        deliveries.targets.register("sqs", sqs.targets());
        Self {
            sns: Sns::new(clock, ids.clone(), deliveries, sns),
            sqs,
            sts: Sts,
            home,
            ids,
        }
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
    fn administer(&self, head: &Parts) -> Option<http::Response<Bytes>> {
        let question = admin::Question {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            home: self.home,
        };
        admin::is_path(question.path)
            .then(|| plain_response(admin::answer(&question, &self.sns, self)))
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
    fn held(&self, account: AccountId, region: Region) -> Held {
        Held {
            account,
            region,
            queues: self.sqs.described(account, region),
            topics: self.sns.described(account, region),
        }
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
        if let Some(response) = self.administer(request.head) {
            return response;
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

fn plain_response(answer: admin::Answer) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::from(answer.body));
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).expect("the admin API answers HTTP statuses");
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, answer.content_type), (ALLOW, answer.allow)] {
        if let Some(value) = value {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
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
