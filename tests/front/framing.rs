//! Requests that break HTTP's rules: refused, never left without an answer, and never read as something else.

use crate::harness::{Front, post};

async fn check(request: &str, expected: u16) {
    let front = Front::start().await;
    let mut client = front.client(request).await;
    let (bytes, is_closed) = client.arrived().await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.starts_with("HTTP/1.") && text[8..].starts_with(&format!(" {expected} ")),
        "{request:?} was answered with {text:?}"
    );
    assert_eq!(text.matches("HTTP/1.").count(), 1, "{text}");
    assert!(is_closed, "{request:?}");
}

#[tokio::test]
async fn broken_requests_are_refused_and_end_the_connection() {
    for request in [
        // RFC 9112, 3.2: one Host.
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: local host\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: \r\n\r\n",
        "GET http://evil.com/ HTTP/1.1\r\nhost: localhost\r\n\r\n",
        // RFC 9112, 5: header lines.
        "GET / HTTP/1.1\r\nhost: localhost\r\nx-a: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nhost : localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nx-a: \0\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET / HTTP/9.9\r\nhost: localhost\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0\x01\u{7f}",
        // RFC 9112, 6.3: a body's length.
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: five\r\n\r\nhello",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n\r\nhello",
        "POST / HTTP/1.0\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        // RFC 9112, 7.1: chunks.
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    ] {
        check(request, 400).await;
    }
}

#[tokio::test]
async fn long_heads_are_refused() {
    let long = "x".repeat(200 << 10);
    check(
        &format!("GET / HTTP/1.1\r\nhost: localhost\r\nx-a: {long}\r\n\r\n"),
        431,
    )
    .await;
    let uri = "x".repeat(70 << 10);
    check(
        &format!("GET /{uri} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        414,
    )
    .await;
}

/// RFC 9112, 6.3: the transfer coding overrides the length, so what follows the chunks is not a second request.
#[tokio::test]
async fn length_beside_chunks_smuggles_nothing() {
    let front = Front::start().await;
    let mut client = front
        .client(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n\
             5\r\nhello\r\n0\r\n\r\n",
        )
        .await;
    assert_eq!(client.answer().await.body, "hello");
    client.is_closed().await;
}

#[tokio::test]
async fn chunked_body_is_joined() {
    let front = Front::start().await;
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut client = front.connect().await;
    let whole =
        format!("{head}5\r\nhello\r\n1\r\n \r\n5;a=b\r\nworld\r\n0\r\nx-trailer: y\r\n\r\n");
    assert_eq!(client.ask(&whole).await.body, "hello world");
    assert_eq!(
        client
            .ask(&format!("{head}5\r\nhello\r\n0\r\n\r\n"))
            .await
            .body,
        "hello"
    );
    assert_eq!(client.ask(&format!("{head}0\r\n\r\n")).await.body, "");
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let front = Front::start().await;
    let requests: String = (0..50).map(|n| post("/", &format!("body {n}"))).collect();
    let mut client = front.client(&requests).await;
    for n in 0..50 {
        assert_eq!(client.answer().await.body, format!("body {n}"));
    }
}

#[tokio::test]
async fn client_that_expects_100_continue_gets_it() {
    let front = Front::start().await;
    let mut client = front
        .client("POST / HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n")
        .await;
    let (bytes, _) = client.arrived().await;
    assert_eq!(bytes, b"HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello").await;
    assert_eq!(client.answer().await.body, "hello");
}

#[tokio::test]
async fn body_over_the_limit_is_refused_before_it_is_sent() {
    let over = (16 << 20) + 1;
    for expect in ["", "expect: 100-continue\r\n"] {
        check(
            &format!(
                "POST / HTTP/1.1\r\nhost: localhost\r\n{expect}content-length: {over}\r\n\r\n"
            ),
            413,
        )
        .await;
    }
}

#[tokio::test]
async fn body_at_the_limit_is_served() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    let body = "x".repeat(16 << 20);
    assert_eq!(client.ask(&post("/", &body)).await.body.len(), body.len());
}

#[tokio::test]
async fn chunks_over_the_limit_are_refused_and_the_refusal_arrives() {
    let settings = topiq::http::Settings {
        limits: topiq::http::Limits {
            body: 10,
            ..Default::default()
        },
        ..Default::default()
    };
    let front = Front::with(settings).await;
    let chunk = "8\r\n12345678\r\n".repeat(10_000);
    let mut client = front
        .client(&format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n{chunk}"
        ))
        .await;
    let answer = client.answer().await;
    assert_eq!(answer.status(), 413);
    assert!(
        answer.body.starts_with("RequestEntityTooLarge "),
        "{}",
        answer.body
    );
}
