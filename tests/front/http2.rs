//! HTTP/2 with prior knowledge, frame by frame.

use crate::harness::{Client, Front, LARGE};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// Header fields as HPACK literals.
fn fields(path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    let request = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "localhost:4566"),
        (":path", path),
    ];
    for (name, value) in request.iter().chain(more) {
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).unwrap());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// A request without a body.
pub(crate) fn request(stream: u32, path: &str) -> Vec<u8> {
    frame(
        HEADERS,
        END_HEADERS | END_STREAM,
        stream,
        &fields(path, &[]),
    )
}

/// The setting of a client that takes no answer until it says so.
pub(crate) fn no_window() -> Vec<u8> {
    frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0])
}

/// The end of a stream whose answer the client does not want.
pub(crate) fn reset(stream: u32) -> Vec<u8> {
    const CANCEL: u32 = 8;
    frame(RST_STREAM, 0, stream, &CANCEL.to_be_bytes())
}

/// Room for `bytes` more of a stream's answer.
fn window(stream: u32, bytes: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, stream, &bytes.to_be_bytes())
}

#[derive(Debug)]
pub(crate) struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Frame {
    /// Whether it is the last of a stream's answer.
    pub(crate) fn ends(&self, stream: u32) -> bool {
        self.kind == DATA && self.stream == stream && self.flags & END_STREAM != 0
    }
}

/// The frames that have arrived, and whether the connection is closed.
pub(crate) async fn frames(client: &mut Client) -> (Vec<Frame>, bool) {
    let (bytes, is_closed) = client.arrived().await;
    let mut rest = &bytes[..];
    let mut frames = Vec::new();
    while let [a, b, c, kind, flags, s1, s2, s3, s4, after @ ..] = rest {
        let length = usize::try_from(u32::from_be_bytes([0, *a, *b, *c])).unwrap();
        frames.push(Frame {
            kind: *kind,
            flags: *flags,
            stream: u32::from_be_bytes([*s1, *s2, *s3, *s4]),
            payload: after[..length].to_vec(),
        });
        rest = &after[length..];
    }
    (frames, is_closed)
}

/// Moves the clock on in steps and answers pings meanwhile; returns the other frames, and whether the connection is closed.
pub(crate) async fn live(front: &Front, client: &mut Client, secs: u64) -> (Vec<Frame>, bool) {
    let mut others = Vec::new();
    let mut past = 0;
    loop {
        let (arrived, is_closed) = frames(client).await;
        for received in arrived {
            if received.kind == PING && received.flags & ACK == 0 {
                client.send(frame(PING, ACK, 0, &received.payload)).await;
            } else {
                others.push(received);
            }
        }
        if is_closed || past == secs {
            return (others, is_closed);
        }
        front.advance(1).await;
        past += 1;
    }
}

pub(crate) async fn open(front: &Front, more: &[Vec<u8>]) -> Client {
    let mut client = front.connect().await;
    client.send(PREFACE).await;
    client.send(frame(SETTINGS, 0, 0, &[])).await;
    client.send(more.concat()).await;
    client
}

pub(crate) fn text_of(frames: &[Frame], stream: u32) -> String {
    let bytes = frames
        .iter()
        .filter(|frame| frame.kind == DATA && frame.stream == stream)
        .flat_map(|frame| frame.payload.clone())
        .collect();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn requests_are_answered() {
    let front = Front::start().await;
    let mut client = open(
        &front,
        &[
            frame(
                HEADERS,
                END_HEADERS | END_STREAM,
                1,
                &fields("/endpoint", &[]),
            ),
            frame(HEADERS, END_HEADERS, 3, &fields("/", &[])),
            frame(DATA, 0, 3, b"hello "),
            frame(DATA, END_STREAM, 3, b"world"),
        ],
    )
    .await;
    let (arrived, is_closed) = frames(&mut client).await;
    assert_eq!(text_of(&arrived, 1), "http://localhost:4566");
    assert_eq!(text_of(&arrived, 3), "hello world");
    assert!(!is_closed);
}

#[tokio::test]
async fn a_request_that_gets_no_answer_costs_its_stream_alone() {
    let front = Front::start().await;
    let mut client = open(&front, &[request(1, "/cut"), request(3, "/endpoint")]).await;
    let (arrived, is_closed) = frames(&mut client).await;
    let of_first: Vec<_> = arrived.iter().filter(|frame| frame.stream == 1).collect();
    assert!(
        matches!(
            of_first[..],
            [Frame {
                kind: RST_STREAM,
                ..
            }]
        ),
        "{arrived:?}"
    );
    assert_eq!(text_of(&arrived, 3), "http://localhost:4566");
    assert!(!is_closed);
}

#[tokio::test]
async fn browser_rules_hold() {
    let front = Front::start().await;
    let origin = [("origin", "http://evil.com")];
    let hosts = [("host", "evil.com")];
    let mut client = open(
        &front,
        &[
            frame(HEADERS, END_HEADERS | END_STREAM, 1, &fields("/", &origin)),
            frame(HEADERS, END_HEADERS | END_STREAM, 3, &fields("/", &hosts)),
        ],
    )
    .await;
    let (arrived, _) = frames(&mut client).await;
    assert!(
        text_of(&arrived, 1).starts_with("AccessDenied "),
        "{arrived:?}"
    );
    assert!(
        text_of(&arrived, 3).starts_with("MalformedHttpRequest "),
        "{arrived:?}"
    );
}

#[tokio::test]
async fn preface_then_nothing_is_closed() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    client.send(PREFACE).await;
    front.advance(30).await;
    assert!(!frames(&mut client).await.1);
    front.advance(31).await;
    assert!(frames(&mut client).await.1);
}

#[tokio::test]
async fn peer_that_answers_no_ping_is_closed() {
    let front = Front::start().await;
    let mut client = open(&front, &[]).await;
    front.advance(30).await;
    let (arrived, is_closed) = frames(&mut client).await;
    assert!(
        arrived.iter().any(|frame| frame.kind == PING),
        "{arrived:?}"
    );
    assert!(!is_closed);
    front.advance(31).await;
    assert!(frames(&mut client).await.1);
}

#[tokio::test]
async fn headers_without_their_end_are_closed() {
    let front = Front::start().await;
    let half = frame(HEADERS, 0, 1, &fields("/", &[]));
    let mut client = open(&front, &[half]).await;
    front.advance(30).await;
    assert!(!frames(&mut client).await.1);
    front.advance(31).await;
    assert!(frames(&mut client).await.1);
}

#[tokio::test]
async fn body_that_stalls_is_refused_and_the_connection_lives() {
    let front = Front::start().await;
    let head = frame(HEADERS, END_HEADERS, 1, &fields("/", &[]));
    let mut client = open(&front, &[head, frame(DATA, 0, 1, b"x")]).await;
    let (before, _) = live(&front, &mut client, 19).await;
    assert_eq!(text_of(&before, 1), "");
    let (after, is_closed) = live(&front, &mut client, 2).await;
    assert!(
        text_of(&after, 1).starts_with("RequestTimeout "),
        "{after:?}"
    );
    assert!(!is_closed);
    client
        .send(frame(
            HEADERS,
            END_HEADERS | END_STREAM,
            3,
            &fields("/endpoint", &[]),
        ))
        .await;
    assert_eq!(
        text_of(&frames(&mut client).await.0, 3),
        "http://localhost:4566"
    );
}

#[tokio::test]
async fn idle_connection_is_closed_in_order_after_two_minutes() {
    let front = Front::start().await;
    let request = frame(HEADERS, END_HEADERS | END_STREAM, 1, &fields("/", &[]));
    let mut client = open(&front, &[request]).await;
    let (before, is_closed) = live(&front, &mut client, 119).await;
    assert!(
        before.iter().all(|frame| frame.kind != GOAWAY),
        "{before:?}"
    );
    assert!(!is_closed);
    let (after, is_closed) = live(&front, &mut client, 4).await;
    assert!(after.iter().any(|frame| frame.kind == GOAWAY), "{after:?}");
    assert!(is_closed);
}

#[tokio::test]
async fn waiting_request_outlives_idle_time() {
    let front = Front::start().await;
    let request = frame(HEADERS, END_HEADERS | END_STREAM, 1, &fields("/wait", &[]));
    let mut client = open(&front, &[request]).await;
    assert!(!live(&front, &mut client, 300).await.1);
    front.serving.stop().await;
    assert_eq!(text_of(&frames(&mut client).await.0, 1), "nothing came");
}

#[tokio::test]
async fn reader_that_gives_no_room_has_a_minute() {
    for waiting in [vec![], vec![request(3, "/wait")]] {
        let front = Front::start().await;
        let mut client = open(&front, &[no_window(), request(1, "/large")]).await;
        client.send(waiting.concat()).await;
        let (before, is_closed) = live(&front, &mut client, 59).await;
        assert_eq!(text_of(&before, 1), "");
        assert!(!is_closed);
        // And two seconds to read that it is the end.
        let (_, is_closed) = live(&front, &mut client, 4).await;
        assert!(is_closed);
    }
}

#[tokio::test]
async fn reader_that_takes_a_little_is_served() {
    let front = Front::start().await;
    let mut client = open(&front, &[no_window(), request(1, "/large")]).await;
    let part = 30 << 10;
    let mut taken = 0;
    while taken < LARGE {
        let (_, is_closed) = live(&front, &mut client, 50).await;
        assert!(!is_closed, "after {taken}");
        client.send(window(0, part)).await;
        client.send(window(1, part)).await;
        let expected = LARGE.min(taken + part as usize);
        for _ in 0..1000 {
            taken += text_of(&frames(&mut client).await.0, 1).len();
            if taken == expected {
                break;
            }
        }
        assert_eq!(taken, expected);
    }
    client.send(request(3, "/endpoint")).await;
    client.send(window(3, part)).await;
    assert_eq!(
        text_of(&frames(&mut client).await.0, 3),
        "http://localhost:4566"
    );
}
