//! Clients that are slow or stop: the front waits for each as long as an honest client may need, and no longer.

use tokio::io::AsyncReadExt;

use crate::harness::{BIG, Client, Front, post};

const HEAD: &str = "POST / HTTP/1.1\r\nhost: localhost\r\n";

#[tokio::test]
async fn silent_client_has_two_minutes() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    front.advance(119).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_closed().await;
}

#[tokio::test]
async fn head_that_stops_has_thirty_seconds() {
    let front = Front::start().await;
    let mut client = front.client(HEAD).await;
    front.advance(29).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_answered_and_closed("HTTP/1.1 408 ").await;
}

#[tokio::test]
async fn head_that_drips_has_thirty_seconds_too() {
    let front = Front::start().await;
    let mut client = front.client("P").await;
    for byte in ["O", "S", "T"] {
        front.advance(9).await;
        client.is_left_alone().await;
        client.send(byte).await;
    }
    front.advance(3).await;
    client.is_answered_and_closed("HTTP/1.1 408 ").await;
}

#[tokio::test]
async fn second_head_has_thirty_seconds_from_its_first_byte() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    assert_eq!(client.ask(&post("/", "one")).await.body, "one");
    front.advance(100).await;
    client.send("POST / HT").await;
    front.advance(29).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_answered_and_closed("HTTP/1.1 408 ").await;
}

#[tokio::test]
async fn part_of_the_http2_preface_is_a_slow_head() {
    let front = Front::start().await;
    let mut client = front.client("PRI * HTTP/2.0\r\n").await;
    front.advance(29).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_answered_and_closed("HTTP/1.1 408 ").await;
}

#[tokio::test]
async fn body_that_does_not_begin_has_twenty_seconds() {
    let front = Front::start().await;
    let mut client = front
        .client(&format!("{HEAD}content-length: 5\r\n\r\n"))
        .await;
    front.advance(19).await;
    client.is_left_alone().await;
    front.advance(1).await;
    let (bytes, is_closed) = client.arrived().await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    assert!(text.contains("x-amzn-requestid: "), "{text}");
    assert!(text.contains("RequestTimeout The request's body"), "{text}");
    assert!(is_closed);
}

#[tokio::test]
async fn body_that_drips_has_two_minutes() {
    let front = Front::start().await;
    let mut client = front
        .client(&format!("{HEAD}content-length: 99\r\n\r\n"))
        .await;
    for _ in 0..7 {
        front.advance(17).await;
        client.is_left_alone().await;
        client.send("x").await;
    }
    front.advance(1).await;
    client.is_answered_and_closed("HTTP/1.1 408 ").await;
}

#[tokio::test]
async fn slow_body_that_ends_is_served() {
    let front = Front::start().await;
    let mut client = front
        .client(&format!("{HEAD}content-length: 3\r\n\r\n"))
        .await;
    for byte in ["a", "b", "c"] {
        front.advance(19).await;
        client.send(byte).await;
    }
    assert_eq!(client.answer().await.body, "abc");
    front.advance(100).await;
    assert_eq!(client.ask(&post("/", "next")).await.body, "next");
}

#[tokio::test]
async fn chunked_body_that_stalls_has_twenty_seconds() {
    let front = Front::start().await;
    let start = format!("{HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    let mut client = front.client(&start).await;
    front.advance(19).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_answered_and_closed("HTTP/1.1 408 ").await;
}

#[tokio::test]
async fn reader_that_takes_nothing_has_a_minute() {
    let front = Front::start().await;
    let mut client = front.client(&post("/big", "")).await;
    front.advance(59).await;
    front.advance(1).await;
    let mut taken = Vec::new();
    let _ = client.0.read_to_end(&mut taken).await;
    assert!(taken.len() < BIG, "the rest was kept for {}", taken.len());
}

#[tokio::test]
async fn reader_that_takes_a_little_is_served() {
    let front = Front::start().await;
    let mut client = front.client(&post("/big", "")).await;
    let mut part = vec![0; 8 << 20];
    for _ in 0..4 {
        front.advance(59).await;
        client.0.read_exact(&mut part).await.unwrap();
    }
    let mut left = vec![0; BIG - 4 * part.len()];
    client.0.read_exact(&mut left).await.unwrap();
}

#[tokio::test]
async fn idle_connection_lives_as_long_as_pools_keep_it() {
    let front = Front::start().await;
    let mut client = front.connect().await;
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
async fn waiting_request_has_no_deadline() {
    let front = Front::start().await;
    let mut client = front.client(&post("/wait", "")).await;
    for _ in 0..10 {
        front.advance(60).await;
    }
    client.is_left_alone().await;
    assert_eq!(
        front.clock.sleepers(),
        0,
        "no alarm is set for one that waits"
    );
    front.serving.stop().await;
    assert_eq!(client.answer().await.body, "nothing came");
}

#[tokio::test]
async fn requests_set_no_alarms() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    for body in ["one", "two", "three"] {
        assert_eq!(client.ask(&post("/", body)).await.body, body);
        assert_eq!(front.clock.sleepers(), 1);
    }
}

#[tokio::test]
async fn client_that_does_not_close_is_dropped() {
    let front = Front::start().await;
    let request = format!("{HEAD}connection: close\r\n\r\n");
    let mut clients: Vec<Client> = Vec::new();
    for _ in 0..3 {
        clients.push(front.client(&request).await);
    }
    front.advance(2).await;
    assert_eq!(front.clock.sleepers(), 0, "a connection is still there");
}
