//! The port for HTTPS: handshakes that stop, the same deadlines, caps and shutdown as without TLS, and the certificate
//! that each client gets.

use std::sync::Arc;

use rustls::ClientConnection;
use rustls::pki_types::ServerName;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use topiq::http::{Limits, Settings};

use crate::harness::{BIG, Client, Front, post, settle};
use crate::tls;

const CA: &str = "GET /_topiq/ca.pem HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// The first flight of a client, whichever authorities it trusts.
fn hello() -> Vec<u8> {
    let config = Arc::new(tls::config("", &[]));
    let name = ServerName::try_from("localhost").unwrap();
    let mut client = ClientConnection::new(config, name).unwrap();
    let mut bytes = Vec::new();
    client.write_tls(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn requests_follow_each_other_under_tls() {
    let front = Front::start().await;
    let mut client = front.secure_client().await;
    for body in ["one", "two", "three"] {
        assert_eq!(client.ask(&post("/", body)).await.body, body);
        front.advance(90).await;
    }
    front.advance(29).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_closed().await;
}

#[tokio::test]
async fn endpoint_begins_with_https() {
    let front = Front::start().await;
    let mut client = front.secure_client().await;
    let request = post("/endpoint", "");
    assert_eq!(client.ask(&request).await.body, "https://localhost");
    let request = request.replace("host: localhost", "host: topiq:4567");
    assert_eq!(client.ask(&request).await.body, "https://topiq:4567");
}

#[tokio::test]
async fn silent_client_has_two_minutes_under_tls() {
    let front = Front::start().await;
    let mut client = front.connect_tls().await;
    front.advance(119).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_closed().await;
}

#[tokio::test]
async fn handshake_that_stops_has_thirty_seconds() {
    let front = Front::start().await;
    for part in [1, 40] {
        let mut client = front.connect_tls().await;
        client.send(&hello()[..part]).await;
        front.advance(29).await;
        client.is_left_alone().await;
        front.advance(1).await;
        client.is_closed().await;
    }
}

#[tokio::test]
async fn handshake_that_drips_has_thirty_seconds_too() {
    let front = Front::start().await;
    let mut client = front.connect_tls().await;
    let hello = hello();
    for byte in &hello[..3] {
        client.send([*byte]).await;
        front.advance(9).await;
        client.is_left_alone().await;
    }
    client.send(&hello[3..]).await;
    let (flight, is_closed) = client.arrived().await;
    assert!(!flight.is_empty() && !is_closed, "the server's answer");
    front.advance(3).await;
    client.is_closed().await;
}

#[tokio::test]
async fn slow_head_is_answered_408_under_tls() {
    let front = Front::start().await;
    let mut client = front.secure_client().await;
    client.send("POST / HTTP/1.1\r\nhost: lo").await;
    front.advance(29).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_answered_and_closed("HTTP/1.1 408 ").await;
}

#[tokio::test]
async fn client_that_does_not_read_is_cut_off() {
    let front = Front::start().await;
    let mut client = front.secure_client().await;
    client.send(post("/big", "")).await;
    front.advance(61).await;
    let mut taken = Vec::new();
    let _ = client.0.read_to_end(&mut taken).await;
    assert!(taken.len() < BIG, "the rest was kept for {}", taken.len());
}

#[tokio::test]
async fn big_answers_arrive_whole() {
    let front = Front::start().await;
    let mut client = front.secure_client().await;
    client.send(post("/big", "")).await;
    let mut part = vec![0; 8 << 20];
    for _ in 0..4 {
        front.advance(59).await;
        client.0.read_exact(&mut part).await.unwrap();
    }
    let mut left = vec![0; BIG - 4 * part.len()];
    client.0.read_exact(&mut left).await.unwrap();
}

#[tokio::test]
async fn http2_is_spoken_where_it_is_negotiated() {
    let front = Front::start().await;
    for (offered, chosen) in [
        (&["h2", "http/1.1"][..], Some(&b"h2"[..])),
        (&["http/1.1"][..], Some(b"http/1.1")),
        (&[], None),
    ] {
        let client = front.secure_client_for("localhost", offered).await;
        assert_eq!(client.0.get_ref().1.alpn_protocol(), chosen);
    }
    let mut client = front.secure_client_for("localhost", &["h2"]).await;
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    client.send([0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
    let (bytes, is_closed) = client.arrived().await;
    assert_eq!(bytes.get(3), Some(&4), "its settings");
    assert!(!is_closed);
}

#[tokio::test]
async fn plain_http_gets_an_explanation() {
    let front = Front::start().await;
    let mut client = front.connect_tls().await;
    let answer = client.ask(&post("/", "x")).await;
    assert_eq!(answer.status(), 400);
    assert!(answer.body.contains("speaks HTTPS"), "{}", answer.body);
    assert!(answer.header("x-amzn-requestid").is_some());
    client.is_closed().await;
}

#[tokio::test]
async fn handshakes_count_as_connections_and_make_room() {
    let front = Front::with(Settings {
        limits: Limits {
            connections: 2,
            ..Limits::default()
        },
        ..Settings::default()
    })
    .await;
    let mut waiting = front.client(&post("/wait", "")).await;
    let mut stopped = front.connect_tls().await;
    stopped.send(&hello()[..9]).await;
    front.advance(1).await;
    let mut newcomer = front.connect().await;
    assert_eq!(newcomer.ask(&post("/", "new")).await.body, "new");
    stopped.is_closed().await;
    waiting.is_left_alone().await;
}

#[tokio::test]
async fn stop_ends_connections_under_tls() {
    let front = Front::start().await;
    let mut waiting = front.secure_client().await;
    waiting.send(post("/wait", "")).await;
    let mut idle = front.secure_client().await;
    assert_eq!(idle.ask(&post("/", "x")).await.body, "x");
    let mut fresh = front.connect_tls().await;
    let mut half = front.connect_tls().await;
    half.send(&hello()[..9]).await;
    front.serving.stop().await;
    assert_eq!(waiting.answer().await.body, "nothing came");
    waiting.is_closed().await;
    idle.is_closed().await;
    for client in [&mut fresh, &mut half] {
        client.is_closed().await;
    }
    assert!(TcpStream::connect(front.tls_address).await.is_err());
}

#[tokio::test]
async fn every_accepted_name_has_its_certificate() {
    let front = Front::with(Settings {
        public_url: Some("https://sqs.example.org:8443/base".to_owned()),
        allow_hosts: vec!["*.corp.example".to_owned()],
        ..Settings::default()
    })
    .await;
    for name in [
        "localhost",
        "queue.localhost",
        "127.0.0.1",
        "::1",
        "topiq",
        "TOPIQ",
        "my_queue",
        "host.docker.internal",
        "sqs.eu-west-1.amazonaws.com",
        "sns.us-east-1.amazonaws.com",
        "eu-west-1.queue.amazonaws.com",
        "sqs.us-east-1.localhost.localstack.cloud",
        "sqs.example.org",
        "a.corp.example",
        "a.b.corp.example",
    ] {
        let mut client = front.secure_client_for(name, &[]).await;
        assert_eq!(client.ask(&post("/", name)).await.body, name);
    }
}

#[tokio::test]
async fn other_names_have_none() {
    let front = Front::start().await;
    let authority = front.connect().await.ask(CA).await.body;
    for name in ["evil.com", "127.0.0.2", "amazonaws.com.evil.com"] {
        let stream = TcpStream::connect(front.tls_address).await.unwrap();
        let refused = tls::connect(stream, name, &authority, &[]).await;
        let refused = refused.expect_err(name).to_string();
        assert!(refused.contains("not valid for name"), "{refused}");
    }
}

#[tokio::test]
async fn authority_is_served_on_both_ports() {
    let front = Front::start().await;
    let plain = front.connect().await.ask(CA).await;
    assert_eq!(plain.status(), 200);
    assert_eq!(plain.header("content-type"), Some("application/x-pem-file"));
    assert!(plain.body.starts_with("-----BEGIN CERTIFICATE-----\n"));
    let secure = front.secure_client().await.ask(CA).await;
    assert_eq!(secure.body, plain.body);
}

#[tokio::test]
async fn client_that_hangs_up_in_its_handshake_is_forgotten() {
    let front = Front::with(Settings {
        limits: Limits {
            connections: 1,
            ..Limits::default()
        },
        ..Settings::default()
    })
    .await;
    let mut client = front.connect_tls().await;
    client.send(&hello()[..9]).await;
    drop(client);
    settle().await;
    let mut next: Client = front.connect().await;
    assert_eq!(next.ask(&post("/", "next")).await.body, "next");
}
