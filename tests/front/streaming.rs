//! Answers that go on: part by part, as their reader takes them, for as long as they last.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use topiq::budget::Budget;
use topiq::http::Settings;

use crate::harness::{Front, PART, post, settle};
use crate::http2;

#[tokio::test]
async fn parts_arrive_as_they_come() {
    let front = Front::start().await;
    let mut client = front.client(&post("/stream", "")).await;
    let (head, _) = client.arrived().await;
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    for (part, chunk) in [("one", "3\r\none\r\n"), ("four", "4\r\nfour\r\n")] {
        front.application.feed(part).await;
        assert_eq!(client.arrived().await, (chunk.into(), false));
    }
    front.application.end().await;
    assert_eq!(client.arrived().await, ("0\r\n\r\n".into(), false));
    // The connection goes on, too.
    assert_eq!(client.ask(&post("/", "x")).await.body, "x");
}

#[tokio::test]
async fn parts_arrive_over_http2() {
    let front = Front::start().await;
    let mut client = http2::open(&front, &[http2::request(1, "/stream")]).await;
    let (arrived, _) = http2::frames(&mut client).await;
    assert_eq!(http2::text_of(&arrived, 1), "");
    front.application.feed("one").await;
    let (arrived, _) = http2::frames(&mut client).await;
    assert_eq!(http2::text_of(&arrived, 1), "one");
    client.send(http2::request(3, "/endpoint")).await;
    let (arrived, _) = http2::frames(&mut client).await;
    assert_eq!(http2::text_of(&arrived, 3), "http://localhost:4566");
}

#[tokio::test]
async fn silence_is_no_slow_reader() {
    let front = Front::start().await;
    let mut client = front.client(&post("/stream", "")).await;
    let mut other = http2::open(&front, &[]).await;
    client.arrived().await;
    assert!(!http2::live(&front, &mut other, 100).await.1);
    front.advance(1000).await;
    client.is_left_alone().await;
    front.application.feed("one").await;
    assert_eq!(client.arrived().await, ("3\r\none\r\n".into(), false));
    // From its end on it is as idle as any connection.
    front.application.end().await;
    client.arrived().await;
    front.advance(119).await;
    client.is_left_alone().await;
    front.advance(1).await;
    client.is_closed().await;
}

#[tokio::test]
async fn silence_over_http2_is_none_either() {
    let front = Front::start().await;
    let mut client = http2::open(&front, &[http2::request(1, "/stream")]).await;
    for part in ["one", "two"] {
        assert!(!http2::live(&front, &mut client, 300).await.1);
        front.application.feed(part).await;
        let (arrived, is_closed) = http2::live(&front, &mut client, 1).await;
        assert_eq!(http2::text_of(&arrived, 1), part);
        assert!(!is_closed);
    }
}

#[tokio::test]
async fn a_reader_that_leaves_ends_the_answer() {
    let front = Front::start().await;
    let client = front.client(&post("/stream", "")).await;
    assert!(!front.application.is_given_up());
    drop(client);
    settle().await;
    assert!(front.application.is_given_up());

    let mut client = http2::open(&front, &[http2::request(1, "/stream")]).await;
    http2::frames(&mut client).await;
    assert!(!front.application.is_given_up());
    client.send(http2::reset(1)).await;
    assert!(front.application.is_given_up());
    drop(client);
    settle().await;
    assert_eq!(front.budget.taken(), 0);
}

/// Nothing is asked for that the client does not take, and it has a minute to take some of it.
#[tokio::test]
async fn a_reader_that_stops_has_a_minute() {
    let front = Front::start().await;
    let mut client = front.client(&post("/flood", "")).await;
    let asked = || front.application.flooded.load(Ordering::Relaxed) * PART;
    let before = asked();
    assert!(before < 16 << 20, "{before}");
    let held = front.budget.taken();
    assert!((1..1 << 20).contains(&held), "{held}");
    front.advance(59).await;
    assert_eq!(asked(), before);
    front.advance(1).await;
    assert_eq!(front.budget.taken(), 0);
    let (bytes, is_closed) = client.arrived().await;
    assert!(is_closed);
    assert!(!bytes.ends_with(b"\r\n0\r\n\r\n"));
}

#[tokio::test]
async fn a_reader_that_gives_no_room_over_http2_has_a_minute() {
    let front = Front::start().await;
    let more = [http2::no_window(), http2::request(1, "/flood")];
    let mut client = http2::open(&front, &more).await;
    let (before, is_closed) = http2::live(&front, &mut client, 59).await;
    assert_eq!(http2::text_of(&before, 1), "");
    assert!(!is_closed);
    assert!(front.application.flooded.load(Ordering::Relaxed) <= 2);
    // And two seconds to read that it is the end.
    assert!(http2::live(&front, &mut client, 4).await.1);
    assert_eq!(front.budget.taken(), 0);
}

#[tokio::test]
async fn a_part_without_room_breaks_the_answer_off() {
    let settings = Settings {
        budget: Arc::new(Budget::new(32 << 10)),
        ..Settings::default()
    };
    let front = Front::with(settings).await;
    let mut client = front.client(&post("/flood", "")).await;
    let (bytes, is_closed) = client.arrived().await;
    assert!(is_closed);
    assert!(!bytes.ends_with(b"0\r\n\r\n"));
    assert_eq!(front.budget.taken(), 0);
    assert_eq!(front.connect().await.ask(&post("/", "x")).await.body, "x");
}

#[tokio::test]
async fn stopping_ends_answers() {
    let front = Front::start().await;
    let mut client = front.client(&post("/stream", "")).await;
    client.arrived().await;
    front.serving.stop().await;
    assert_eq!(client.arrived().await, ("0\r\n\r\n".into(), true));

    let front = Front::start().await;
    let mut client = http2::open(&front, &[http2::request(1, "/stream")]).await;
    http2::frames(&mut client).await;
    front.serving.stop().await;
    let (arrived, is_closed) = http2::frames(&mut client).await;
    assert!(is_closed);
    assert!(arrived.iter().any(|frame| frame.ends(1)), "{arrived:?}");
}
