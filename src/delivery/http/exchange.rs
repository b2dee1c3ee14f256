//! One connection to an endpoint, and the exchange of a request for an answer over it.

use std::future::pending;
use std::pin::Pin;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use http::{Extensions, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::sync::OwnedSemaphorePermit;

use super::Engine;
use super::connect::{Socket, connect};
use super::endpoint::Endpoint;
use super::limits;
use super::post::{Failure, Post};

type Driver = http1::Connection<TokioIo<Box<dyn Socket>>, Full<Bytes>>;

/// An open connection. Nothing runs for it but while a request is exchanged.
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    /// Moves the bytes when polled; absent when the connection has ended.
    driver: Option<Pin<Box<Driver>>>,
    /// Its share of the server's connections.
    permit: Option<OwnedSemaphorePermit>,
}

impl Connection {
    pub(super) async fn open(
        engine: &Engine,
        endpoint: &Endpoint,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Result<Self, Failure> {
        let socket = connect(engine, endpoint).await?;
        let (sender, driver) = http1::Builder::new()
            .title_case_headers(true)
            .max_buf_size(limits::HEAD_BYTES)
            .handshake(TokioIo::new(socket))
            .await?;
        Ok(Self {
            sender,
            driver: Some(Box::pin(driver)),
            permit,
        })
    }

    /// Whether another request can be sent over it, as far as is known.
    pub(super) fn is_open(&self) -> bool {
        self.driver.is_some() && !self.sender.is_closed()
    }

    /// Ends the connection, and gives its share to another.
    pub(super) fn into_permit(self) -> Option<OwnedSemaphorePermit> {
        self.permit
    }

    /// Sends `request` and gives the answer's status. The answer's body is read up to a bound and dropped; behind a
    /// longer one the connection is closed.
    pub(super) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<StatusCode, hyper::Error> {
        let Self { sender, driver, .. } = self;
        let answer = async {
            sender.ready().await?;
            let answer = sender.send_request(request).await?;
            let status = answer.status();
            Ok::<_, hyper::Error>((status, drain(answer.into_body()).await))
        };
        let (status, is_drained) = tokio::select! {
            answer = answer => answer?,
            never = drive(driver) => match never {},
        };
        if !is_drained {
            self.driver = None;
        }
        Ok(status)
    }
}

/// Moves the connection's bytes. It never ends: the connection's end reaches whoever waits for an answer.
async fn drive(driver: &mut Option<Pin<Box<Driver>>>) -> std::convert::Infallible {
    if let Some(running) = driver {
        let _ = running.await;
        *driver = None;
    }
    pending().await
}

/// Reads `body` to its end or to the bound; whether it was the end.
async fn drain(mut body: Incoming) -> bool {
    let mut room = limits::ANSWER_BYTES;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return false;
        };
        let length = frame.data_ref().map_or(0, Bytes::len);
        match room.checked_sub(length) {
            Some(left) => room = left,
            None => return false,
        }
    }
    true
}

/// The request as SNS makes it: these headers and no others.
pub(super) fn request(
    endpoint: &Endpoint,
    post: &Post,
    header_case: &Extensions,
) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new((post.body)()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = endpoint.path_and_query.clone();
    *request.extensions_mut() = header_case.clone();
    let headers = request.headers_mut();
    *headers = post.headers.clone();
    headers.insert(CONTENT_TYPE, post.content_type.clone());
    headers.insert(HOST, endpoint.host_header.clone());
    headers.insert(CONNECTION, HeaderValue::from_static("Keep-Alive"));
    headers.insert(
        USER_AGENT,
        HeaderValue::from_static("Amazon Simple Notification Service Agent"),
    );
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip,deflate"));
    if let Some(authorization) = &endpoint.authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    request
}
