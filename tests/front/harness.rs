//! A front with a small application behind it, and clients that send arbitrary bytes.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio_rustls::client::TlsStream;
use topiq::budget::Budget;
use topiq::clock::{ManualClock, Timestamp};
use topiq::head::Head;
use topiq::http::tls::{Certificate, Credentials};
use topiq::http::{Application, Listeners, Reply, Request, Serving, Settings, serve};
use topiq::ids::{Ids, RequestId};
use topiq::services::Services;
use topiq::wire::{Body, ErrorInfo, Source};

use crate::tls;

/// Bytes of the answer to `/large`.
pub(crate) const LARGE: usize = 300 << 10;

/// Bytes of the answer to `/big`: more than any socket buffers.
pub(crate) const BIG: usize = 64 << 20;

/// Bytes of each part of the answer to `/flood`.
pub(crate) const PART: usize = 64 << 10;

/// Answers by path; by default with the request's own body.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    stopped: watch::Sender<bool>,
    pub(crate) answered: AtomicUsize,
    /// What feeds the answer to `/stream`.
    feed: Mutex<Option<UnboundedSender<Bytes>>>,
    /// How many parts of answers to `/flood` have been asked for.
    pub(crate) flooded: Arc<AtomicUsize>,
}

/// The answer to `/stream`.
#[derive(Debug)]
struct Fed(UnboundedReceiver<Bytes>);

impl Source for Fed {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll_recv(cx)
    }
}

/// The answer to `/flood`, which has no end.
#[derive(Debug)]
struct Flood(Arc<AtomicUsize>);

impl Source for Flood {
    fn poll_next(&mut self, _: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Bytes::from(vec![b'x'; PART])))
    }
}

impl Echo {
    /// How many calls are waiting.
    pub(crate) fn waiting(&self) -> usize {
        self.stopped.receiver_count()
    }

    /// Gives the answer to `/stream` a part.
    pub(crate) async fn feed(&self, part: &'static str) {
        let sent = self
            .feed
            .lock()
            .unwrap()
            .as_ref()
            .unwrap()
            .send(part.into());
        sent.expect("somebody reads the answer");
        settle().await;
    }

    /// Ends the answer to `/stream`.
    pub(crate) async fn end(&self) {
        *self.feed.lock().unwrap() = None;
        settle().await;
    }

    /// Whether the answer to `/stream` is given up.
    pub(crate) fn is_given_up(&self) -> bool {
        self.feed.lock().unwrap().as_ref().unwrap().is_closed()
    }

    fn stream(&self, path: &str) -> Option<Box<dyn Source>> {
        match path {
            "/stream" => {
                let (feed, parts) = mpsc::unbounded_channel();
                *self.feed.lock().unwrap() = Some(feed);
                Some(Box::new(Fed(parts)))
            }
            "/flood" => Some(Box::new(Flood(self.flooded.clone()))),
            _ => None,
        }
    }
}

impl Application for Echo {
    async fn answer(&self, request: &Request<'_>) -> Reply {
        self.answered.fetch_add(1, Ordering::Relaxed);
        if let Some(source) = self.stream(request.head.uri.path()) {
            return reply(StatusCode::OK, Body::Stream(source));
        }
        let body = match request.head.uri.path() {
            "/big" => Bytes::from(vec![b'x'; BIG]),
            "/large" => Bytes::from(vec![b'x'; LARGE]),
            "/endpoint" => Bytes::copy_from_slice(request.endpoint.as_bytes()),
            "/hang" => std::future::pending().await,
            "/panic" => panic!("asked for"),
            "/cut" => return Reply::cut(),
            "/wait" => {
                let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
                Bytes::from_static(b"nothing came")
            }
            _ => request.body.clone(),
        };
        reply(StatusCode::OK, body.into())
    }

    fn refuse(&self, _: &Head<'_>, request_id: RequestId, error: ErrorInfo) -> Reply {
        let text = format!("{} {} {request_id}", error.query_code, error.message);
        reply(
            StatusCode::from_u16(error.status).unwrap(),
            Bytes::from(text).into(),
        )
    }

    fn is_at_aws(name: &str) -> bool {
        Services::is_at_aws(name)
    }

    fn stop(&self) {
        self.stopped.send_replace(true);
        *self.feed.lock().unwrap() = None;
    }
}

fn reply(status: StatusCode, body: Body<Bytes>) -> Reply {
    Reply {
        status,
        content_type: None,
        headers: Vec::new(),
        body,
        is_cut: false,
    }
}

pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    /// The address for HTTPS.
    pub(crate) tls_address: SocketAddr,
    pub(crate) clock: ManualClock,
    pub(crate) application: Arc<Echo>,
    pub(crate) budget: Arc<Budget>,
    pub(crate) serving: Serving,
}

impl Front {
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tls_listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tls_address = tls_listener.local_addr().unwrap();
        let credentials = Credentials::load(&Certificate::Made).unwrap();
        let listeners = Listeners {
            http: listener,
            https: Some((tls_listener, credentials)),
        };
        let clock = ManualClock::new(Timestamp::from_secs(1_000_000));
        let application = Arc::new(Echo::default());
        let budget = Arc::clone(&settings.budget);
        let serving = serve(
            listeners,
            Arc::clone(&application),
            settings,
            Arc::new(clock.clone()),
            Arc::new(Ids::seeded(1)),
        );
        Self {
            address,
            tls_address,
            clock,
            application,
            budget,
            serving,
        }
    }

    pub(crate) async fn connect(&self) -> Client {
        let client = Client(TcpStream::connect(self.address).await.unwrap());
        settle().await;
        client
    }

    /// A client whose `bytes` have been sent and have arrived.
    pub(crate) async fn client(&self, bytes: &str) -> Client {
        let mut client = self.connect().await;
        client.send(bytes).await;
        client
    }

    /// A connection to the port for HTTPS that has sent nothing yet.
    pub(crate) async fn connect_tls(&self) -> Client {
        let client = Client(TcpStream::connect(self.tls_address).await.unwrap());
        settle().await;
        client
    }

    /// A client that trusts the front's authority, after its handshake.
    pub(crate) async fn secure_client(&self) -> Client<TlsStream<TcpStream>> {
        self.secure_client_for("localhost", &[]).await
    }

    /// The same for a name and a choice of protocols.
    pub(crate) async fn secure_client_for(
        &self,
        name: &'static str,
        protocols: &[&str],
    ) -> Client<TlsStream<TcpStream>> {
        let request = "GET /_topiq/ca.pem HTTP/1.1\r\nhost: localhost\r\n\r\n";
        let authority = self.connect().await.ask(request).await.body;
        let stream = TcpStream::connect(self.tls_address).await.unwrap();
        let connected = tls::connect(stream, name, &authority, protocols).await;
        Client(connected.expect("a handshake"))
    }

    /// Moves the clock on, and lets all that falls due happen.
    pub(crate) async fn advance(&self, secs: u64) {
        settle().await;
        self.clock.advance(Duration::from_secs(secs)).await;
        settle().await;
    }
}

/// Lets the front's tasks do all that they can do now. They share this thread, and a connection to this machine
/// delivers within the call that sends, so this many turns are plenty.
pub(crate) async fn settle() {
    for round in 0..400 {
        // On a busy machine the kernel delivers what was sent in a thread of its own, which needs a turn.
        if round % 50 == 0 {
            std::thread::yield_now();
        }
        tokio::task::yield_now().await;
    }
}

pub(crate) struct Client<S = TcpStream>(pub(crate) S);

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
        self.0.flush().await.unwrap();
        settle().await;
    }

    /// What has arrived, and whether the front has closed the connection.
    pub(crate) async fn arrived(&mut self) -> (Vec<u8>, bool) {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            settle().await;
            let mut has_moved = false;
            loop {
                let mut filled = ReadBuf::new(&mut buffer);
                let read =
                    poll_fn(|cx| Poll::Ready(Pin::new(&mut self.0).poll_read(cx, &mut filled)));
                match read.await {
                    Poll::Ready(Ok(())) if !filled.filled().is_empty() => {
                        bytes.extend_from_slice(filled.filled());
                    }
                    Poll::Ready(_) => return (bytes, true),
                    Poll::Pending => break,
                }
                has_moved = true;
            }
            if !has_moved {
                return (bytes, false);
            }
        }
    }

    /// Nothing has arrived, and the connection is open.
    pub(crate) async fn is_left_alone(&mut self) {
        assert_arrived(self.arrived().await, "", false);
    }

    /// Nothing has arrived, and the connection is closed.
    pub(crate) async fn is_closed(&mut self) {
        assert_arrived(self.arrived().await, "", true);
    }

    /// An answer that starts like this has arrived, and the connection is closed.
    pub(crate) async fn is_answered_and_closed(&mut self, start: &str) {
        assert_arrived(self.arrived().await, start, true);
    }

    /// Waits for one whole answer.
    pub(crate) async fn answer(&mut self) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.expect("a whole head"));
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let mut answer = Answer {
            head,
            body: String::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        answer.body = String::from_utf8(body).unwrap();
        answer
    }

    pub(crate) async fn ask(&mut self, bytes: &str) -> Answer {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
        self.answer().await
    }
}

#[track_caller]
fn assert_arrived(
    (bytes, is_closed): (Vec<u8>, bool),
    expected_start: &str,
    expected_closed: bool,
) {
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        text.starts_with(expected_start) && (!expected_start.is_empty() || text.is_empty()),
        "expected {expected_start:?}, got {text:?}"
    );
    assert_eq!(is_closed, expected_closed, "closed, after {text:?}");
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// A whole request with this body.
pub(crate) fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n{body}")
}
