//! How a connection to the port for HTTPS begins: under the same deadlines as a head, and with an answer for clients that
//! speak plain HTTP there.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::task::Poll;

use tokio::net::TcpStream;

use super::front::{Scheme, Session};
use super::progress::{Phase, Progress};
use super::stream::Stream;
use super::tls::Tls;
use super::watch::{Ended, Watch};

/// The first byte of every TLS connection: the record type of a handshake (RFC 8446, 5.1). No method begins with it.
const HANDSHAKE: u8 = 0x16;

/// Does the TLS handshake. A client that speaks plain HTTP is answered in plain HTTP, to be told of its mistake.
pub(super) async fn begin<A>(
    stream: TcpStream,
    tls: &Tls,
    session: &mut Session<A>,
    watch: &mut Watch,
) -> Option<Stream> {
    match shake(stream, tls, session, watch).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
        Err(ended) => {
            tracing::trace!(?ended, "closed a connection");
            None
        }
    }
}

async fn shake<A>(
    stream: TcpStream,
    tls: &Tls,
    session: &mut Session<A>,
    watch: &mut Watch,
) -> Result<io::Result<Stream>, Ended> {
    let mut first = [0];
    let progress = &*session.progress;
    let peeked = watched(stream.peek(&mut first), Phase::FirstByte, progress, watch).await?;
    match peeked {
        Ok(1..) if first[0] == HANDSHAKE => {}
        Ok(1..) => {
            session.scheme = Scheme::HttpForHttps;
            return Ok(Ok(Stream::Plain(stream)));
        }
        Ok(0) => return Ok(Err(io::ErrorKind::UnexpectedEof.into())),
        Err(error) => return Ok(Err(error)),
    }
    let accepted = watched(tls.accept(stream), Phase::Handshake, progress, watch).await?;
    Ok(accepted.map(|stream| Stream::Tls(Box::new(stream))))
}

/// Waits for `future`, but not past the deadline of `phase`.
async fn watched<T>(
    future: impl Future<Output = T>,
    phase: Phase,
    progress: &Progress,
    watch: &mut Watch,
) -> Result<T, Ended> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        progress.set_waker(cx.waker());
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => watch.poll(cx, phase).map(Err),
        }
    })
    .await
}
