//! The shared parts of the tests through a socket: a server whose services' clock stands still, and a client that shows
//! bytes.
#![allow(dead_code, reason = "each test binary uses only some of these")]

pub(crate) mod cases;
pub(crate) mod events;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use topiq::clock::{ManualClock, Timestamp};
use topiq::{Config, Server};

/// The initial time of every server's clock: 2026-01-02 03:04:05.678 UTC.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_767_323_045_678);

/// The caller of requests that name none: no account of their own, so the default one, in `us-east-1`.
pub(crate) const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=test/20260102/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";

/// A server and its clock.
pub(crate) struct Host {
    pub(crate) server: Server,
    pub(crate) clock: ManualClock,
}

impl Host {
    /// A fresh server with the default configuration.
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    /// A fresh server; port and clock are set here.
    pub(crate) async fn with(config: Config) -> Self {
        let clock = ManualClock::new(START);
        let config = Config {
            port: 0,
            clock: Arc::new(clock.clone()),
            ..config
        };
        let server = Server::start(config).await.expect("a free port");
        Self { server, clock }
    }

    /// Moves only the clock on, whatever is still under way, and gives other tasks a few turns. Short times pass second
    /// by second. [`Server::advance`] waits until all that falls due is done.
    pub(crate) async fn advance(&self, duration: Duration) {
        let mut left = duration;
        while left > Duration::from_secs(1) && duration <= Duration::from_mins(2) {
            self.clock.advance(Duration::from_secs(1)).await;
            settle().await;
            left -= Duration::from_secs(1);
        }
        self.clock.advance(left).await;
        settle().await;
    }

    /// Sends one request on a connection of its own and reads the answer.
    pub(crate) async fn ask(&self, request: &Request) -> Answer {
        self.begin(request).await.answer().await
    }

    /// Sends one request on a connection of its own; its answer may take long.
    pub(crate) async fn begin(&self, request: &Request) -> Asked {
        let mut stream = TcpStream::connect(self.server.address())
            .await
            .expect("the server listens");
        let bytes = request.bytes();
        stream.write_all(&bytes).await.expect("the server reads");
        Asked { stream }
    }

    /// Calls an action in JSON.
    pub(crate) async fn json(&self, action: &str, input: &str) -> Answer {
        self.ask(&Request::json(action, input)).await
    }

    /// Calls an action in Query.
    pub(crate) async fn query(&self, form: &str) -> Answer {
        self.ask(&Request::query(form)).await
    }
}

/// Lets every task of this thread's runtime run until it waits: these tests have one thread, and no time except for the
/// manual clock's.
pub(crate) async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// A request that was sent.
pub(crate) struct Asked {
    pub(crate) stream: TcpStream,
}

impl Asked {
    /// Reads the answer, when it comes.
    pub(crate) async fn answer(mut self) -> Answer {
        let mut bytes = Vec::new();
        self.stream
            .read_to_end(&mut bytes)
            .await
            .expect("the server answers");
        Answer::parse(&bytes)
    }

    /// Whether there is no answer yet.
    pub(crate) async fn is_waiting(&self) -> bool {
        settle().await;
        let mut byte = [0];
        matches!(self.stream.try_read(&mut byte), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

/// A request. Headers that a test does not give are added when it is sent: see [`Request::bytes`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// Method, target and version.
    pub(crate) line: String,
    /// Headers as they are sent. One with the value `none` is not sent, and not added either.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(line: &str) -> Self {
        Self {
            line: format!("{line} HTTP/1.1"),
            ..Self::default()
        }
    }

    pub(crate) fn json(action: &str, input: &str) -> Self {
        Self::new("POST /")
            .header("X-Amz-Target", &format!("AmazonSQS.{action}"))
            .body(input)
    }

    pub(crate) fn query(form: &str) -> Self {
        Self::new("POST /").body(form)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The request from the default caller for a service other than SQS, unless it already has an `Authorization`.
    pub(crate) fn signed_for(self, service: &str) -> Self {
        if self.get("authorization").is_some() {
            return self;
        }
        let scope = AUTHORIZATION.replace("/sqs/", &format!("/{service}/"));
        self.header("Authorization", &scope)
    }

    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        body.as_ref().clone_into(&mut self.body);
        self
    }

    /// The value of a header.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let header = self
            .headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(&header.1)
    }

    /// The bytes on the wire, with `Host: localhost:4566`, the default caller's `Authorization`, the protocol's
    /// `Content-Type`, the body's `Content-Length` and `Connection: close`, each unless the request has its own.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let media = if self.get("x-amz-target").is_some() {
            "application/x-amz-json-1.0"
        } else if self
            .get("authorization")
            .is_some_and(|it| it.contains("/schemas/"))
        {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let length = self.body.len().to_string();
        let mut added = vec![
            ("Host", "localhost:4566"),
            ("Authorization", AUTHORIZATION),
            ("Connection", "close"),
        ];
        if self.line.starts_with("POST") || self.line.starts_with("PUT") {
            added.extend([("Content-Type", media), ("Content-Length", &length)]);
        }
        added.retain(|(name, _)| self.get(name).is_none());
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(_, value)| *value != "none");
        let mut head = format!("{}\r\n", self.line);
        for (name, value) in own.chain(added) {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head += "\r\n";
        [head.as_bytes(), &self.body].concat()
    }
}

/// An answer as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// `HTTP/1.1 200 OK`.
    pub(crate) status_line: String,
    headers: Vec<(String, String)>,
    /// In hexadecimal digits if it is CBOR, frame by frame if it is a stream of events.
    pub(crate) body: String,
}

/// The media type of CBOR.
pub(crate) const CBOR: &str = "application/x-amz-cbor-1.1";

/// Bytes as hexadecimal digits.
pub(crate) fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The bytes of hexadecimal digits.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16);
    pairs.map(|pair| byte(pair).expect("two digits")).collect()
}

/// The frames of a whole event stream.
fn shown(body: &[u8]) -> String {
    let (bytes, is_whole) = events::chunks(body);
    assert!(is_whole, "its end has not come");
    let (frames, length) = events::frames(&bytes);
    assert_eq!(length, bytes.len(), "the last frame is not whole");
    let frames: Vec<_> = frames.iter().map(events::Frame::shown).collect();
    frames.join("\n").trim_end().to_owned()
}

impl Answer {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no answer: {}", bytes.escape_ascii()));
        let head = std::str::from_utf8(&bytes[..end]).expect("heads are UTF-8");
        let body = &bytes[end + 4..];
        let mut lines = head.lines();
        let status_line = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Self {
            status_line,
            headers,
            body: String::new(),
        };
        answer.body = match answer.header("content-type") {
            Some(CBOR) => digits(body),
            Some(events::EVENT_STREAM) => shown(body),
            _ => String::from_utf8(body.to_vec()).expect("texts are UTF-8"),
        };
        answer
    }

    pub(crate) fn status(&self) -> u16 {
        let status = self.status_line.split(' ').nth(1);
        status
            .and_then(|status| status.parse().ok())
            .expect("a status line")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(other, _)| other == name)?;
        Some(&header.1)
    }

    /// The id that AWS gives every answer.
    pub(crate) fn request_id(&self) -> &str {
        self.header("x-amzn-requestid")
            .expect("every answer has its request id")
    }

    /// The body as JSON.
    pub(crate) fn value(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The text of the first XML element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0)
    }
}
