//! An HTTP receiver that reports the requests that arrive, and gives prepared answers.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::clock::{Clock, ManualClock, Timestamp};

#[derive(Clone, Debug)]
pub(super) enum Answer {
    Status(u16),
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing, while the connection stays open.
    Silence,
    /// A whole answer with this status, after which the connection is closed unannounced.
    StatusThenClose(u16),
}

/// One request that arrived.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) head: String,
    pub(super) body: String,
    pub(super) at: Timestamp,
    /// The connection that it came over, counted from 0.
    pub(super) connection: usize,
}

pub(super) struct Receiver {
    pub(super) address: SocketAddr,
    seen: mpsc::UnboundedReceiver<Seen>,
}

impl Receiver {
    /// A receiver that gives `answers`, one per request, and 200 from then on.
    pub(super) async fn start(clock: &ManualClock, answers: &[Answer]) -> Self {
        Self::serve(clock, answers, None).await
    }

    pub(super) async fn start_tls(clock: &ManualClock, config: ServerConfig) -> Self {
        Self::serve(clock, &[], Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn serve(clock: &ManualClock, answers: &[Answer], tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, seen) = mpsc::unbounded_channel();
        let script = Arc::new(Mutex::new(answers.iter().cloned().collect::<VecDeque<_>>()));
        let clock = clock.clone();
        tokio::spawn(async move {
            for connection in 0.. {
                let (socket, _) = listener.accept().await.unwrap();
                let conversation = Conversation {
                    connection,
                    clock: clock.clone(),
                    tell: tell.clone(),
                    script: script.clone(),
                };
                let tls = tls.clone();
                tokio::spawn(async move {
                    match tls {
                        None => conversation.hold(socket).await,
                        Some(tls) => match tls.accept(socket).await {
                            Ok(socket) => conversation.hold(socket).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Self { address, seen }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The next request, when it comes.
    pub(super) async fn next(&mut self) -> Seen {
        self.seen.recv().await.unwrap()
    }

    /// Whether every request that arrived has been looked at.
    pub(super) fn is_quiet(&self) -> bool {
        self.seen.is_empty()
    }
}

struct Conversation {
    connection: usize,
    clock: ManualClock,
    tell: mpsc::UnboundedSender<Seen>,
    script: Arc<Mutex<VecDeque<Answer>>>,
}

impl Conversation {
    async fn hold(&self, mut socket: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        loop {
            let (head, body) = read_request(&mut socket).await?;
            let at = self.clock.now();
            let connection = self.connection;
            let seen = Seen {
                head,
                body,
                at,
                connection,
            };
            self.tell.send(seen).ok()?;
            let answer = self.script.lock().pop_front();
            let answer = answer.unwrap_or(Answer::Status(200));
            match answer {
                Answer::Status(status) => socket.write_all(&plain(status)).await.ok()?,
                Answer::Bytes(bytes) => socket.write_all(&bytes).await.ok()?,
                Answer::Silence => std::future::pending().await,
                Answer::StatusThenClose(status) => {
                    socket.write_all(&plain(status)).await.ok()?;
                    return None;
                }
            }
        }
    }
}

fn plain(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 2\r\n\r\nok").into_bytes()
}

async fn read_request(socket: &mut (impl AsyncRead + Unpin)) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(socket.read_u8().await.ok()?);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))?;
    let mut body = vec![0; length.parse().unwrap()];
    socket.read_exact(&mut body).await.ok()?;
    Some((head, String::from_utf8(body).unwrap()))
}
