//! An HTTP endpoint in this process, which reports what arrives and answers as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::support::settle;

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Arrived {
    /// Method, target and version.
    pub(crate) line: String,
    /// By name in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// An answer: status line, headers, body.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: &'static str,
    pub(crate) body: &'static str,
}

/// An endpoint. It answers by path as it is told, and 200 where it is told nothing more.
pub(crate) struct Receiver {
    pub(crate) url: String,
    told: Arc<Mutex<VecDeque<(String, Told)>>>,
    arrived: mpsc::UnboundedReceiver<Arrived>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let told = Arc::<Mutex<VecDeque<(String, Told)>>>::default();
        let (report, arrived) = mpsc::unbounded_channel();
        let answers = told.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                tokio::spawn(serve(stream, answers.clone(), report.clone()));
            }
        });
        Self { url, told, arrived }
    }

    /// Answers the next request to this path so.
    pub(crate) fn tell(&self, path: &str, status: u16, headers: &'static str, body: &'static str) {
        let told = Told {
            status,
            headers,
            body,
        };
        let mut answers = self.told.lock().expect("no panic");
        answers.push_back((path.to_owned(), told));
    }

    /// Waits for the next request.
    pub(crate) async fn next(&mut self) -> Arrived {
        self.arrived.recv().await.expect("the endpoint goes on")
    }

    /// What has arrived and was not asked for.
    pub(crate) async fn rest(&mut self) -> Vec<Arrived> {
        settle().await;
        std::iter::from_fn(|| self.arrived.try_recv().ok()).collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: Arc<Mutex<VecDeque<(String, Told)>>>,
    report: mpsc::UnboundedSender<Arrived>,
) {
    let mut bytes = Vec::new();
    let request = loop {
        if stream.read_buf(&mut bytes).await.unwrap_or_default() == 0 {
            return;
        }
        if let Some(request) = whole(&bytes) {
            break request;
        }
    };
    let path = request.line.split(' ').nth(1).expect("a target").to_owned();
    let told = {
        let mut answers = answers.lock().expect("no panic");
        let place = answers.iter().position(|(of, _)| *of == path);
        place.and_then(|place| answers.remove(place))
    };
    let told = told.map_or(
        Told {
            status: 200,
            headers: "",
            body: "",
        },
        |(_, told)| told,
    );
    let Told {
        status,
        headers,
        body,
    } = told;
    let length = body.len();
    let answer = format!("HTTP/1.1 {status} -\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
    let _ = report.send(request);
    let _ = stream.write_all(answer.as_bytes()).await;
}

fn whole(bytes: &[u8]) -> Option<Arrived> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (line, lines) = head.split_once("\r\n")?;
    let headers: BTreeMap<_, _> = lines
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length");
    let length = length.map_or(0, |length| length.parse().expect("a number"));
    (body.len() >= length).then(|| Arrived {
        line: line.to_owned(),
        headers: headers.clone(),
        body: body.to_owned(),
    })
}
