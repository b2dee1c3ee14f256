//! What the front serves: topiq's own pages, and the services.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};

use crate::admin;
use crate::aws::{AccountId, Home, Region};
use crate::export::{Held, Inventory};
use crate::http::{Application, Request};
use crate::ids::RequestId;
use crate::services::{self, Services};
use crate::wire::{Answer, ErrorInfo, Unread};

/// All that a server answers.
#[derive(Debug)]
pub(crate) struct Topiq {
    pub(crate) services: Arc<Services>,
    pub(crate) home: Home,
}

impl Topiq {
    /// The answer to a request that is for topiq itself and no AWS request.
    fn administer(&self, head: &Parts) -> Option<Response<Bytes>> {
        let question = admin::Question {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            home: self.home,
        };
        admin::is_path(question.path)
            .then(|| page(admin::answer(&question, self.services.sns(), self)))
    }
}

impl Inventory for Topiq {
    fn held(&self, account: AccountId, region: Region) -> Held {
        Held {
            account,
            region,
            queues: self.services.sqs().described(account, region),
            topics: self.services.sns().described(account, region),
        }
    }
}

impl Application for Topiq {
    async fn answer(&self, request: Request<'_>) -> Response<Bytes> {
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
        response(self.services.answer(&unread).await)
    }

    fn refuse(&self, head: &Parts, request_id: RequestId, error: ErrorInfo) -> Response<Bytes> {
        response(Answer::unread(head, request_id, &error))
    }

    fn services(&self) -> &[&'static str] {
        services::NAMES
    }

    fn stop(&self) {
        self.services.stop_waiting();
    }
}

fn page(answer: admin::Answer) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).expect("the admin API answers HTTP statuses");
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, answer.content_type), (ALLOW, answer.allow)] {
        if let Some(value) = value {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

fn response(answer: Answer) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).expect("error tables hold HTTP statuses");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, answer.content_type);
    headers.extend(answer.headers);
    response
}
