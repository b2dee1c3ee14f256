//! How a request is served: its host and origin are checked, its body is read, the application answers, and every answer
//! gets its request id.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Response, Version};
use hyper::body::Incoming;
use parking_lot::Mutex;
use tracing::Instrument;

use super::body::{AnswerBody, BodyReader};
use super::hosts::{self, Hosts};
use super::origins::{self, Origins};
use super::progress::{Progress, Served};
use super::refusals::Refusal;
use super::reply::{Cut, Reply};
use super::tls;
use super::{Application, Request, forwarded, health};
use crate::head::Head;
use crate::ids::{Ids, RequestId};
use crate::wire::Body;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// What all connections share.
pub(super) struct Front<A> {
    pub(super) application: Arc<A>,
    pub(super) hosts: Arc<Hosts>,
    pub(super) origins: Origins,
    pub(super) public_url: Option<Arc<str>>,
    pub(super) trust: tls::Trust,
    pub(super) trusts_forwarded: bool,
    pub(super) bodies: BodyReader,
    pub(super) ids: Arc<Ids>,
}

impl<A> Front<A> {
    /// Answers what needs no body and no application.
    fn answer(&self, head: &Head<'_>) -> Option<Reply> {
        let (method, path) = (&head.method, head.uri.path());
        origins::preflight(head)
            .or_else(|| health::answer(method, path))
            .or_else(|| self.trust.answer(method, path))
    }
}

/// How a connection's requests arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
    /// Unencrypted on the port for HTTPS: they are refused.
    HttpForHttps,
}

impl Scheme {
    /// The start of URLs that lead here.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Http => "http://",
            Self::Https | Self::HttpForHttps => "https://",
        }
    }
}

/// One connection's requests.
pub(super) struct Session<A> {
    front: Arc<Front<A>>,
    pub(super) progress: Arc<Progress>,
    pub(super) scheme: Scheme,
    /// The endpoint of the last host that was accepted: most requests of a connection name the same host.
    endpoint: Mutex<Option<Arc<str>>>,
}

impl<A: Application> Session<A> {
    pub(super) fn new(front: Arc<Front<A>>, progress: Arc<Progress>, scheme: Scheme) -> Self {
        Self {
            front,
            progress,
            scheme,
            endpoint: Mutex::default(),
        }
    }

    /// Answers one request whose head is complete.
    pub(super) fn respond(
        self: &Arc<Self>,
        request: http::Request<Incoming>,
    ) -> impl Future<Output = Result<Response<AnswerBody>, Cut>> + Send + use<A> {
        let session = Arc::clone(self);
        let is_http2 = request.version() == Version::HTTP_2;
        let mut served = Served::begin(&self.progress, is_http2);
        // Not in the future, which would then have room for the whole and for the parts.
        let (mut parts, body) = request.into_parts();
        async move {
            let request_id = session.front.ids.request_id();
            let span = tracing::debug_span!(
                "request",
                id = %request_id,
                method = %parts.method,
                path = parts.uri.path(),
                service = tracing::field::Empty,
                operation = tracing::field::Empty,
                protocol = tracing::field::Empty,
                account = tracing::field::Empty,
                region = tracing::field::Empty,
            );
            let answer = session.answer(&mut parts, body, request_id, &mut served);
            let response = answer.instrument(span).await?;
            Ok(response.map(|body| AnswerBody::new(body, served)))
        }
    }

    async fn answer(
        &self,
        parts: &mut Parts,
        body: Incoming,
        request_id: RequestId,
        served: &mut Served,
    ) -> Result<Response<Body<Bytes>>, Cut> {
        let head = Head::of(parts);
        let (reply, origin) = match self.accept(&head) {
            Ok((endpoint, origin)) => {
                let reply = self.serve(&head, &endpoint, body, request_id, served).await;
                (reply, origin.cloned())
            }
            Err(refusal) => (self.refuse(&head, request_id, refusal), None),
        };
        if reply.is_cut {
            return Err(Cut);
        }
        let mut response = reply.into_response(std::mem::take(&mut parts.headers));
        if let Some(origin) = origin {
            origins::let_read(&mut response, origin);
        }
        if let Ok(value) = HeaderValue::from_bytes(&request_id.text()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        tracing::debug!(
            status = response.status().as_u16(),
            bytes = response.body().bytes().len(),
            "answered {} {} {:?}",
            parts.method,
            parts.uri,
            parts.version,
        );
        Ok(response)
    }

    /// The endpoint that the client called, and the origin of the page that it is, unless either is refused.
    fn accept<'h>(&self, head: &Head<'h>) -> Result<(Arc<str>, Option<&'h HeaderValue>), Refusal> {
        Ok((self.endpoint(head)?, self.front.origins.check(head)?))
    }

    async fn serve(
        &self,
        head: &Head<'_>,
        endpoint: &str,
        body: Incoming,
        request_id: RequestId,
        served: &mut Served,
    ) -> Reply {
        let front = &*self.front;
        if let Some(reply) = front.answer(head) {
            return reply;
        }
        if !served.holds_itself(&head.headers) {
            return self.refuse(head, request_id, Refusal::Overloaded);
        }
        let body = match front.bodies.read(body, served).await {
            Ok(body) => body,
            Err(refusal) => return self.refuse(head, request_id, refusal),
        };
        let request = Request {
            head,
            body,
            request_id,
            endpoint: front.public_url.as_deref().unwrap_or(endpoint),
        };
        let reply = self.apply(&request).await;
        if !served.holds_answer(reply.body.bytes().len()) {
            return self.refuse(head, request_id, Refusal::Overloaded);
        }
        reply
    }

    /// Calls the application; its panic costs this request and no other.
    async fn apply(&self, request: &Request<'_>) -> Reply {
        let (head, request_id) = (request.head, request.request_id);
        let mut answer = pin!(async move { self.front.application.answer(request).await });
        let caught =
            poll_fn(
                |cx| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
                    Ok(poll) => poll.map(Ok),
                    Err(panic) => std::task::Poll::Ready(Err(panic)),
                },
            )
            .await;
        caught.unwrap_or_else(|panic| {
            tracing::error!(id = %request_id, panic = message_of(&*panic), "a request panicked");
            self.refuse(head, request_id, Refusal::Panicked)
        })
    }

    /// The endpoint that the client called, if its host is accepted.
    fn endpoint(&self, head: &Head<'_>) -> Result<Arc<str>, Refusal> {
        if self.scheme == Scheme::HttpForHttps {
            return Err(Refusal::HttpForHttps);
        }
        let host = hosts::authority(head)?;
        let endpoint = self.endpoint_at(host)?;
        if self.front.trusts_forwarded {
            let forwarded = forwarded::endpoint(&head.headers, self.scheme.prefix(), host)?;
            return Ok(forwarded.map_or(endpoint, Arc::from));
        }
        Ok(endpoint)
    }

    fn endpoint_at(&self, host: &str) -> Result<Arc<str>, Refusal> {
        let scheme = self.scheme.prefix();
        let mut known = self.endpoint.lock();
        if let Some(endpoint) = known
            .as_ref()
            .filter(|known| &known[scheme.len()..] == host)
        {
            return Ok(Arc::clone(endpoint));
        }
        self.front.hosts.check(host)?;
        let endpoint = Arc::<str>::from(format!("{scheme}{host}"));
        *known = Some(Arc::clone(&endpoint));
        Ok(endpoint)
    }

    fn refuse(&self, head: &Head<'_>, request_id: RequestId, refusal: Refusal) -> Reply {
        let closes = refusal.ends_connection() && head.version != Version::HTTP_2;
        let application = &self.front.application;
        let mut reply = application.refuse(head, request_id, refusal.info());
        if closes {
            let close = HeaderValue::from_static("close");
            reply.headers.push((CONNECTION, close));
        }
        reply
    }
}

fn message_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
