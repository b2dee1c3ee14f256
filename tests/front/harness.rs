//! A front with a small application behind it, and clients that send bytes as they like.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use topiq::clock::{ManualClock, Timestamp};
use topiq::http::{Application, Request, Serving, Settings, serve};
use topiq::ids::{Ids, RequestId};
use topiq::wire::ErrorInfo;

/// Bytes of the answer to `/big`: more than any socket buffers.
pub(crate) const BIG: usize = 64 << 20;

/// Answers by path; else with the request's own body.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    stopped: watch::Sender<bool>,
    pub(crate) answered: AtomicUsize,
}

impl Echo {
    /// How many calls wait.
    pub(crate) fn waiting(&self) -> usize {
        self.stopped.receiver_count()
    }
}

impl Application for Echo {
    async fn answer(&self, request: Request<'_>) -> Response<Bytes> {
        self.answered.fetch_add(1, Ordering::Relaxed);
        Response::new(match request.head.uri.path() {
            "/big" => Bytes::from(vec![b'x'; BIG]),
            "/endpoint" => Bytes::copy_from_slice(request.endpoint.as_bytes()),
            "/hang" => std::future::pending().await,
            "/panic" => panic!("asked for"),
            "/wait" => {
                let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
                Bytes::from_static(b"nothing came")
            }
            _ => request.body,
        })
    }

    fn refuse(&self, _: &Parts, request_id: RequestId, error: ErrorInfo) -> Response<Bytes> {
        let text = format!("{} {} {request_id}", error.query_code, error.message);
        let mut response = Response::new(Bytes::from(text));
        *response.status_mut() = StatusCode::from_u16(error.status).unwrap();
        response
    }

    fn services(&self) -> &[&'static str] {
        &["sqs"]
    }

    fn stop(&self) {
        self.stopped.send_replace(true);
    }
}

pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    pub(crate) clock: ManualClock,
    pub(crate) application: Arc<Echo>,
    pub(crate) serving: Serving,
}

impl Front {
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock = ManualClock::new(Timestamp::from_secs(1_000_000));
        let application = Arc::new(Echo::default());
        let serving = serve(
            listener,
            Arc::clone(&application),
            settings,
            Arc::new(clock.clone()),
            Arc::new(Ids::seeded(1)),
        );
        Self {
            address,
            clock,
            application,
            serving,
        }
    }

    pub(crate) async fn connect(&self) -> Client {
        let client = Client(TcpStream::connect(self.address).await.unwrap());
        settle().await;
        client
    }

    /// A client that has sent `bytes`, and these have arrived.
    pub(crate) async fn client(&self, bytes: &str) -> Client {
        let mut client = self.connect().await;
        client.send(bytes).await;
        client
    }

    /// Moves the clock on, and lets everything happen that this makes due.
    pub(crate) async fn advance(&self, secs: u64) {
        settle().await;
        self.clock.advance(Duration::from_secs(secs)).await;
        settle().await;
    }
}

/// Lets the front's tasks do all they can do now. They share this thread, and a connection to this machine delivers
/// within the call that sends, so that this many turns are plenty.
pub(crate) async fn settle() {
    for _ in 0..400 {
        tokio::task::yield_now().await;
    }
}

pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
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
                match self.0.try_read(&mut buffer) {
                    Ok(0) => return (bytes, true),
                    Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(_) => return (bytes, true),
                }
                has_moved = true;
            }
            if !has_moved {
                return (bytes, false);
            }
        }
    }

    #[track_caller]
    pub(crate) fn assert(
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

    /// Nothing has come, and the connection is open.
    pub(crate) async fn is_left_alone(&mut self) {
        Self::assert(self.arrived().await, "", false);
    }

    /// Nothing has come but the end.
    pub(crate) async fn is_closed(&mut self) {
        Self::assert(self.arrived().await, "", true);
    }

    /// An answer that starts like this has come, and then the end.
    pub(crate) async fn is_told_and_closed(&mut self, start: &str) {
        Self::assert(self.arrived().await, start, true);
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
        self.answer().await
    }
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
