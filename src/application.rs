//! What the front serves: topiq's own API, and the services.

use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Response, StatusCode};

use crate::admin;
use crate::aws::Home;
use crate::http::{Application, Request};
use crate::ids::RequestId;
use crate::routes::{Question, Table};
use crate::services::{self, Services};
use crate::wire::{Answer, ErrorInfo, Unread};

/// All that a server answers.
#[derive(Debug)]
pub(crate) struct Topiq {
    services: Arc<Services>,
    admin: Table<Services>,
    home: Home,
}

impl Topiq {
    pub(crate) fn new(services: Arc<Services>, home: Home) -> Self {
        Self {
            services,
            admin: admin::table(Services::routes()),
            home,
        }
    }

    /// The answer to a request that is for topiq itself and no AWS request.
    async fn administer(&self, head: &Parts) -> Response<Bytes> {
        let question = Question {
            method: &head.method,
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            home: self.home,
        };
        self.admin.answer(&self.services, &question).await.into()
    }
}

impl Application for Topiq {
    async fn answer(&self, request: Request<'_>) -> Response<Bytes> {
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

fn response(answer: Answer) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).expect("error tables hold HTTP statuses");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, answer.content_type);
    headers.extend(answer.headers);
    response
}
