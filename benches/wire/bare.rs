//! The server that topiq is compared with: hyper, which reads the body of every request and answers the same 250 bytes
//! of JSON.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// Serves until the process is ended. Prints its URL on standard output, as topiq does.
pub(crate) fn serve() -> io::Result<()> {
    runtime()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("Listening on http://{}. Ready.", listener.local_addr()?);
        let answer = answer();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let answer = answer.clone();
            let service = service_fn(move |request| respond(request, answer.clone()));
            tokio::spawn(
                http1::Builder::new()
                    .timer(TokioTimer::new())
                    .serve_connection(TokioIo::new(stream), service),
            );
        }
    })
}

/// One thread on one core, a thread for each core otherwise.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism()?.get();
    let mut builder = match cores {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    builder.enable_all().build()
}

async fn respond(
    request: Request<Incoming>,
    answer: Bytes,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // A body that is cut short belongs to a client that has gone: nobody reads the answer.
    let _ = request.into_body().collect().await;
    let response = Response::builder()
        .header("Content-Type", "application/x-amz-json-1.0")
        .header("x-amzn-RequestId", "3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d")
        .body(Full::new(answer))
        .expect("its parts are valid");
    Ok(response)
}

/// About as long as the answer to a `SendMessage` with all its members.
fn answer() -> Bytes {
    let mut answer =
        String::from(r#"{"MessageId":"3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d","MD5OfMessageBody":""#);
    while answer.len() < 248 {
        answer.push('0');
    }
    answer.push_str("\"}");
    Bytes::from(answer)
}
