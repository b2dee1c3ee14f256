//! One connection: tells HTTP/1.1 from HTTP/2, serves it, and ends it when its watch says so.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::Application;
use super::front::Session;
use super::handshake;
use super::limits::{Deadlines, Limits};
use super::progress::{Order, Phase};
use super::quiet::TaskWaker;
use super::registry::Place;
use super::socket::Socket;
use super::stream::Stream;
use super::timer::ClockTimer;
use super::tls::Tls;
use super::watch::{Ended, Watch};

/// The answer to a client whose head is not complete in time.
const HEAD_TIMEOUT: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// The answer to a client for whose connection or head there is no room.
pub(super) const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How connections are served: made once.
pub(super) struct Protocols {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    /// What a head without its end can hold over HTTP/2, which has one at a time.
    http2_head: usize,
}

impl Protocols {
    pub(super) fn new(limits: &Limits, deadlines: &Deadlines, timer: ClockTimer) -> Self {
        let mut http1 = http1::Builder::new();
        // The watch has the deadline for heads: hyper's would cut idle connections too.
        http1.header_read_timeout(None).max_header_size(limits.head);
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(timer)
            .keep_alive_interval(deadlines.ping)
            .keep_alive_timeout(deadlines.pong)
            .max_concurrent_streams(limits.streams)
            .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX));
        Self {
            http1,
            http2,
            http2_head: limits.head,
        }
    }
}

/// Serves one connection, which has this place, to its end; under TLS where it is to be.
///
/// Long polls over HTTP/1.1 wait in thousands, each in a future of this one's size, so here and in [`serve_http1`] what is
/// moved on has no room of its own: an `async fn` would hold each parameter twice.
pub(super) fn serve<A: Application>(
    stream: TcpStream,
    tls: Option<Arc<Tls>>,
    mut session: Session<A>,
    protocols: Arc<Protocols>,
    mut watch: Watch,
    place: Place,
) -> impl Future<Output = ()> + Send {
    // Answers are written whole: there is nothing more to wait for.
    let _ = stream.set_nodelay(true);
    async move {
        let _place = place;
        let stream = match tls {
            None => Stream::Plain(stream),
            // In a box, as is HTTP/2.
            Some(tls) => {
                let handshake = handshake::begin(stream, &tls, &mut session, &mut watch);
                match Box::pin(handshake).await {
                    Some(stream) => stream,
                    None => return,
                }
            }
        };
        let socket = Socket::new(stream, Arc::clone(&session.progress));
        let session = Arc::new(session);
        let Some((socket, is_http2)) = tell_protocol(socket, &session, &mut watch).await else {
            return;
        };
        if !is_http2 {
            serve_http1(socket, &session, &protocols.http1, &mut watch).await;
        } else if session.progress.holds_http2(protocols.http2_head) {
            let serving = serve_http2(socket, &session, &protocols.http2, &mut watch);
            Box::pin(serving).await;
        } else {
            tracing::warn!("turned an HTTP/2 connection away: the memory budget is used up");
        }
    }
}

/// The socket, and whether the client speaks HTTP/2; nothing if the connection ended first.
async fn tell_protocol<A>(
    mut socket: Socket,
    session: &Session<A>,
    watch: &mut Watch,
) -> Option<(Socket, bool)> {
    let told = poll_fn(|cx| {
        session.progress.set_waker(cx.waker());
        if let Poll::Ready(is_http2) = socket.poll_is_http2(cx) {
            // A broken socket breaks HTTP/1 at once.
            return Poll::Ready(Ok(is_http2.unwrap_or(false)));
        }
        let phase = if socket.has_pending() {
            Phase::Head(0)
        } else {
            Phase::FirstByte
        };
        watch.poll(cx, phase).map(Err)
    })
    .await;
    match told {
        Ok(is_http2) => Some((socket, is_http2)),
        Err(ended) => {
            end(&mut socket, ended);
            None
        }
    }
}

fn serve_http1<A: Application>(
    mut socket: Socket,
    session: &Arc<Session<A>>,
    builder: &http1::Builder,
    watch: &mut Watch,
) -> impl Future<Output = ()> + Send {
    socket.set_http1();
    let service = service_fn(|request| session.respond(request));
    let mut connection = builder.serve_connection(TokioIo::new(socket), service);
    async move {
        let progress = &session.progress;
        let mut is_leaving = false;
        let mut waker = TaskWaker::default();
        let ended = poll_fn(|cx| {
            if !is_leaving && progress.order() != Order::Stay {
                is_leaving = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            let mut quiet = Context::from_waker(waker.of(cx));
            match Pin::new(&mut connection).poll(&mut quiet) {
                Poll::Ready(result) => Poll::Ready(finished(result)),
                Poll::Pending => watch.poll(cx, progress.phase_of_http1()).map(Some),
            }
        })
        .await;
        if let Some(ended) = ended {
            end(connection.into_parts().io.inner_mut(), ended);
        }
    }
}

async fn serve_http2<A: Application>(
    socket: Socket,
    session: &Arc<Session<A>>,
    builder: &http2::Builder<TokioExecutor>,
    watch: &mut Watch,
) {
    let respond = Arc::clone(session);
    let service = service_fn(move |request| respond.respond(request));
    let mut connection = pin!(builder.serve_connection(TokioIo::new(socket), service));
    let progress = &session.progress;
    let mut is_leaving = false;
    let ended = poll_fn(|cx| {
        if !is_leaving && progress.order() != Order::Stay {
            is_leaving = true;
            connection.as_mut().graceful_shutdown();
        }
        loop {
            if let Poll::Ready(result) = connection.as_mut().poll(cx) {
                return Poll::Ready(finished(result));
            }
            let Poll::Ready(ended) = watch.poll(cx, progress.phase_of_http2()) else {
                return Poll::Pending;
            };
            if ended == Ended::Ordered || is_leaving {
                return Poll::Ready(Some(ended));
            }
            // Announces the end, so that the client knows which of its requests were not served.
            is_leaving = true;
            connection.as_mut().graceful_shutdown();
            progress.note_closing();
        }
    })
    .await;
    if let Some(ended) = ended {
        log_end(ended);
    }
}

fn finished(result: hyper::Result<()>) -> Option<Ended> {
    if let Err(error) = result {
        tracing::trace!(%error, "a connection broke");
    }
    None
}

/// Ends a connection over HTTP/1.1, or one that has not said what it speaks.
fn end(socket: &mut Socket, ended: Ended) {
    log_end(ended);
    if matches!(ended, Ended::Expired(Phase::Head(_))) {
        socket.write_now(HEAD_TIMEOUT);
    }
}

fn log_end(ended: Ended) {
    tracing::trace!(?ended, "closed a connection");
}

/// The error that a client past the cap sees, if it looks.
pub(super) fn turn_away(stream: &TcpStream) -> io::Result<()> {
    stream.try_write(FULL).map(drop)
}
