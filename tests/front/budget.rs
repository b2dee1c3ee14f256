//! The memory budget: what is held for clients that are slow, and what they are told when it is used up.

use std::sync::Arc;

use topiq::budget::Budget;
use topiq::http::Settings;

use crate::harness::{BIG, Front, LARGE, post, settle};
use crate::http2;

async fn front(bytes: usize) -> Front {
    Front::with(Settings {
        budget: Arc::new(Budget::new(bytes)),
        ..Settings::default()
    })
    .await
}

#[tokio::test]
async fn bodies_that_are_not_whole_are_held() {
    let front = front(256 << 10).await;
    let unfinished = |sent: usize| {
        let body = "x".repeat(sent);
        format!("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 500000\r\n\r\n{body}")
    };
    let mut first = front.client(&unfinished(180 << 10)).await;
    first.is_left_alone().await;
    let mut second = front.client(&unfinished(60 << 10)).await;
    let (bytes, is_closed) = second.arrived().await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
    assert!(text.contains("ThrottlingException Rate exceeded"), "{text}");
    assert!(is_closed);
    // Small requests are not concerned.
    assert_eq!(front.connect().await.ask(&post("/", "x")).await.body, "x");
    drop(first);
    settle().await;
    assert_eq!(front.budget.taken(), 0);
    front
        .client(&unfinished(180 << 10))
        .await
        .is_left_alone()
        .await;
}

#[tokio::test]
async fn bodies_are_held_while_they_are_served() {
    let front = front(256 << 10).await;
    let body = "x".repeat(100 << 10);
    let waiting = front.client(&post("/wait", &body)).await;
    let held = front.budget.taken();
    assert!(held >= (100 - 16) << 10, "{held}");
    let answer = front.connect().await.ask(&post("/wait", &body)).await;
    assert_eq!(answer.status(), 400);
    drop(waiting);
    settle().await;
    assert_eq!(front.budget.taken(), 0);
}

#[tokio::test]
async fn heads_are_held_until_their_request_is_answered() {
    let front = front(256 << 10).await;
    let field = format!("x: {}\r\n", "x".repeat(60 << 10));
    let unfinished = format!("POST /wait HTTP/1.1\r\nhost: localhost\r\n{field}");
    let mut first = front.client(&unfinished).await;
    let mut second = front.client(&unfinished).await;
    first.is_left_alone().await;
    let mut third = front.client(&unfinished).await;
    third.is_answered_and_closed("HTTP/1.1 503 ").await;
    first.send("content-length: 0\r\n\r\n").await;
    second.send("content-length: 0\r\n\r\n").await;
    assert_eq!(front.application.waiting(), 2);
    let mut third = front.client(&unfinished).await;
    third.is_answered_and_closed("HTTP/1.1 503 ").await;
    drop((first, second));
    settle().await;
    assert_eq!(front.budget.taken(), 0);
    front.client(&unfinished).await.is_left_alone().await;
}

#[tokio::test]
async fn answers_are_held_until_they_are_taken() {
    let front = front(BIG + BIG / 2).await;
    let mut slow = front.client(&post("/big", "")).await;
    let mut other = front.connect().await;
    let refused = other.ask(&post("/big", "")).await;
    assert_eq!(refused.status(), 400);
    assert!(
        refused.body.contains("ThrottlingException"),
        "{}",
        refused.body
    );
    assert_eq!(slow.answer().await.body.len(), BIG);
    settle().await;
    assert_eq!(front.budget.taken(), 0);
    let mut other = front.connect().await;
    assert_eq!(other.ask(&post("/big", "")).await.body.len(), BIG);
}

#[tokio::test]
async fn answers_over_http2_are_held_until_their_reader_is_closed() {
    let front = front(1 << 20).await;
    let request = |stream| http2::request(stream, "/large");
    let mut silent = http2::open(
        &front,
        &[http2::no_window(), request(1), request(3), request(5)],
    )
    .await;
    let held = front.budget.taken();
    assert!(usize::try_from(held).unwrap() >= 3 * LARGE, "{held}");
    silent.send(request(7)).await;
    assert!(front.budget.taken() <= held + (16 << 10));
    let mut other = front.connect().await;
    assert_eq!(other.ask(&post("/large", "")).await.status(), 400);
    let mut other = front.connect().await;
    assert_eq!(other.ask(&post("/", "small")).await.body, "small");
    let (_, is_closed) = http2::live(&front, &mut silent, 63).await;
    assert!(is_closed);
    assert_eq!(front.budget.taken(), 0);
    let mut other = front.connect().await;
    assert_eq!(other.ask(&post("/large", "")).await.body.len(), LARGE);
}

#[tokio::test]
async fn calls_do_not_begin_when_it_is_used_up() {
    let front = front(1 << 20).await;
    front.budget.force(1 << 20);
    let mut client = front.connect().await;
    let refused = client.ask(&post("/", "x")).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(
        front
            .application
            .answered
            .load(std::sync::atomic::Ordering::Relaxed),
        0
    );
    let health = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
    assert_eq!(front.connect().await.ask(health).await.status(), 200);
}
