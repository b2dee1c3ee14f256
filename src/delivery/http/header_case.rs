//! The letter case of header names: `x-amz-sns-message-type`, but `Content-Type`.
//!
//! No HTTP program should care, but a script that reads lines does. hyper writes all names in one case, except for
//! requests that it has received and passes on: those carry the case of their names in an extension. So one request
//! with the names in SNS's case is read once, in memory, and its extension is put on every request.

use http::{Extensions, Request};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::io::AsyncWriteExt;

/// The names whose case is not that of `Title-Case`.
const EXAMPLE: &[u8] = b"POST / HTTP/1.1\r\n\
    x-amz-sns-message-type: -\r\n\
    x-amz-sns-message-id: -\r\n\
    x-amz-sns-topic-arn: -\r\n\
    x-amz-sns-subscription-arn: -\r\n\
    x-amz-sns-rawdelivery: -\r\n\
    \r\n";

/// The extension that makes hyper write header names as SNS does.
pub(super) async fn sns_header_case() -> Extensions {
    let (mut client, server) = tokio::io::duplex(EXAMPLE.len());
    let read = Mutex::new(Extensions::new());
    let service = service_fn(|request: Request<Incoming>| {
        *read.lock() = request.extensions().clone();
        async { Ok::<_, std::convert::Infallible>(http::Response::new(String::new())) }
    });
    let _ = client.write_all(EXAMPLE).await;
    let _ = client.shutdown().await;
    // Whether the response can be written does not matter.
    let _ = hyper::server::conn::http1::Builder::new()
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(server), service)
        .await;
    read.into_inner()
}
