//! Many connections and requests side by side: caps, budgets, panics, and stopping.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpStream;
use topiq::http::{Deadlines, Limits, Settings};

use crate::harness::{Front, post, settle};

fn limits(limits: Limits) -> Settings {
    Settings {
        limits,
        ..Settings::default()
    }
}

#[tokio::test]
async fn panic_costs_one_request() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    let answer = client.ask(&post("/panic", "")).await;
    assert_eq!(answer.status(), 500);
    assert!(
        answer.body.starts_with("InternalFailure "),
        "{}",
        answer.body
    );
    assert!(answer.header("x-amzn-requestid").is_some());
    assert_eq!(
        client.ask(&post("/", "still here")).await.body,
        "still here"
    );
}

#[tokio::test]
async fn longest_idle_makes_room_at_the_cap() {
    let front = Front::with(limits(Limits {
        connections: 4,
        ..Limits::default()
    }))
    .await;
    let mut waiting = front.client(&post("/wait", "")).await;
    let mut old = front.connect().await;
    let mut oldest_but_used = front.connect().await;
    front.advance(5).await;
    let mut young = front.client("POST / HT").await;
    assert_eq!(oldest_but_used.ask(&post("/", "used")).await.body, "used");
    let mut newcomer = front.connect().await;
    assert_eq!(newcomer.ask(&post("/", "new")).await.body, "new");
    old.is_closed().await;
    waiting.is_left_alone().await;
    young.is_left_alone().await;
    oldest_but_used.is_left_alone().await;
}

#[tokio::test]
async fn newcomer_is_refused_when_all_are_busy() {
    let front = Front::with(limits(Limits {
        connections: 2,
        ..Limits::default()
    }))
    .await;
    let mut waiting = front.client(&post("/wait", "")).await;
    let _also = front.client(&post("/wait", "")).await;
    front
        .connect()
        .await
        .is_answered_and_closed("HTTP/1.1 503 ")
        .await;
    waiting.is_left_alone().await;
}

#[tokio::test]
async fn stop_answers_waiting_calls() {
    let front = Front::start().await;
    let mut waiting = front.client(&post("/wait", "")).await;
    let mut idle = front.connect().await;
    assert_eq!(idle.ask(&post("/", "x")).await.body, "x");
    let mut fresh = front.connect().await;
    let mut half = front.client("POST / HT").await;
    front.serving.stop().await;
    assert_eq!(waiting.answer().await.body, "nothing came");
    for client in [&mut waiting, &mut idle, &mut fresh, &mut half] {
        client.is_closed().await;
    }
    assert!(TcpStream::connect(front.address).await.is_err());
}

#[tokio::test]
async fn stop_does_not_wait_forever() {
    let front = Front::with(Settings {
        deadlines: Deadlines {
            stop: Duration::ZERO,
            ..Deadlines::default()
        },
        ..Settings::default()
    })
    .await;
    let mut hanging = front.client(&post("/hang", "")).await;
    front.serving.stop().await;
    hanging.is_closed().await;
}

#[tokio::test]
async fn dropped_front_stops() {
    let front = Front::start().await;
    let mut idle = front.connect().await;
    let mut waiting = front.client(&post("/wait", "")).await;
    drop(front.serving);
    assert_eq!(waiting.answer().await.body, "nothing came");
    idle.is_closed().await;
}

#[tokio::test]
async fn caller_that_hangs_up_is_not_waited_for() {
    let front = Front::start().await;
    let client = front.client(&post("/wait", "")).await;
    assert_eq!(front.application.answered.load(Ordering::Relaxed), 1);
    assert_eq!(front.application.waiting(), 1);
    drop(client);
    settle().await;
    assert_eq!(front.application.waiting(), 0);
}
