//! One connection to an endpoint, and the exchange of a request for an answer over it.

use std::future::pending;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONNECTION, HOST};
use http::{Extensions, HeaderValue, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::sync::OwnedSemaphorePermit;

use super::Engine;
use super::connect::{Socket, connect};
use super::endpoint::Endpoint;
use super::limits;
use super::request::{Answer, Request};
use crate::delivery::Undelivered;

type Driver = http1::Connection<TokioIo<Box<dyn Socket>>, Full<Bytes>>;

/// An open connection. No task runs for it except while a request is exchanged.
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    /// Moves the bytes when polled; absent when the connection has ended.
    driver: Option<Pin<Box<Driver>>>,
    /// Its permit, of the server's total.
    permit: Option<OwnedSemaphorePermit>,
}

impl Connection {
    pub(super) async fn open(
        engine: &Engine,
        endpoint: &Endpoint,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Result<Self, Undelivered> {
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

    /// Ends the connection, and frees its permit for another.
    pub(super) fn into_permit(self) -> Option<OwnedSemaphorePermit> {
        self.permit
    }

    /// Sends `request` and returns the answer, with at most `wanted` bytes of its body. The rest is read up to a bound
    /// and dropped, so that the connection can be reused; after a longer body it is closed.
    pub(super) async fn exchange(
        &mut self,
        request: http::Request<Full<Bytes>>,
        wanted: usize,
    ) -> Result<Answer, hyper::Error> {
        let Self { sender, driver, .. } = self;
        let may_stay = request
            .headers()
            .get(CONNECTION)
            .is_none_or(|value| value != "close");
        let answer = async {
            sender.ready().await?;
            let (head, body) = sender.send_request(request).await?.into_parts();
            let (body, is_whole) = read(body, wanted).await;
            let answer = Answer {
                status: head.status,
                headers: head.headers,
                body,
            };
            Ok::<_, hyper::Error>((answer, is_whole))
        };
        let (answer, is_whole) = tokio::select! {
            answer = answer => answer?,
            never = drive(driver) => match never {},
        };
        if !is_whole || !may_stay {
            self.driver = None;
        }
        Ok(answer)
    }
}

/// Moves the connection's bytes. It never ends: the exchange that waits for an answer learns of the connection's end.
async fn drive(driver: &mut Option<Pin<Box<Driver>>>) -> std::convert::Infallible {
    if let Some(running) = driver {
        let _ = running.await;
        *driver = None;
    }
    pending().await
}

/// Reads `body` to its end or to the bound, and keeps at most `wanted` bytes. Returns whether it reached the end.
async fn read(mut body: Incoming, wanted: usize) -> (Bytes, bool) {
    let mut kept = BytesMut::new();
    let mut room = limits::ANSWER_BYTES.max(wanted);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return (kept.freeze(), false);
        };
        let data = frame.data_ref().map_or(&[][..], |data| &data[..]);
        kept.extend_from_slice(&data[..data.len().min(wanted - kept.len())]);
        match room.checked_sub(data.len()) {
            Some(left) => room = left,
            None => return (kept.freeze(), false),
        }
    }
    (kept.freeze(), true)
}

/// The request as hyper sends it, in the letter case of `header_case`.
pub(super) fn hyper_request(
    endpoint: &Endpoint,
    request: &Request,
    header_case: &Extensions,
) -> http::Request<Full<Bytes>> {
    let mut to_send = http::Request::new(Full::new((request.body)()));
    *to_send.method_mut() = request.method.clone();
    *to_send.uri_mut() = match &request.path_and_query {
        Some(path_and_query) => Uri::from(path_and_query.clone()),
        None => endpoint.path_and_query.clone(),
    };
    *to_send.extensions_mut() = header_case.clone();
    let headers = to_send.headers_mut();
    *headers = request.headers.clone();
    headers.insert(HOST, endpoint.host_header.clone());
    headers
        .entry(CONNECTION)
        .or_insert(HeaderValue::from_static("Keep-Alive"));
    if let Some(authorization) = &endpoint.authorization {
        headers
            .entry(AUTHORIZATION)
            .or_insert_with(|| authorization.clone());
    }
    to_send
}
