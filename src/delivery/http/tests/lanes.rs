//! Many messages and many lanes: bounds, throttle, independence, and the end.

use std::num::NonZeroU32;
use std::time::Duration;

use http::header::CONNECTION;
use http::{HeaderMap, HeaderValue};

use super::receiver::{Answer, Receiver};
use super::{Bench, START, until, until_counts};
use crate::budget::Budget;
use crate::delivery::http::{Request, Settings};

#[tokio::test]
async fn a_dead_endpoint_delays_no_other() {
    let bench = Bench::new();
    let silent = Receiver::start(&bench.clock, &vec![Answer::Silence; 100]).await;
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let dead = bench.lane(&silent.url());
    for _ in 0..100 {
        dead.send(bench.request("unheard"));
    }
    until_counts(&dead, 92, 8, 0).await;
    let lane = bench.lane(&receiver.url());
    for _ in 0..20 {
        lane.send(bench.request("heard"));
    }
    for _ in 0..20 {
        assert_eq!(receiver.next().await.at, START);
    }
    until_counts(&lane, 0, 0, 0).await;
}

#[tokio::test]
async fn a_refused_connection_is_retried() {
    let bench = Bench::new();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let lane = bench.lane(&url);
    lane.send(bench.request("nobody"));
    until_counts(&lane, 0, 0, 1).await;
}

#[tokio::test]
async fn messages_above_the_bound_fail_at_once_and_are_counted() {
    let mut bench = Bench::with(Settings {
        lane_bound: 3,
        lane_concurrency: 1,
        ..Settings::default()
    });
    let mut receiver = Receiver::start(&bench.clock, &[Answer::Silence]).await;
    let lane = bench.lane(&receiver.url());
    for body in ["1", "2", "3", "4"] {
        lane.send(bench.request(body));
    }
    assert_eq!(bench.failure().await, "4: too many messages wait for it");
    assert_eq!(lane.counts().dropped, 1);
    receiver.next().await;
    bench.advance(15_000).await;
    assert_eq!(receiver.next().await.body, "2");
    assert_eq!(receiver.next().await.body, "3");
    until_counts(&lane, 0, 0, 1).await;
    lane.send(bench.request("5"));
    assert_eq!(receiver.next().await.body, "5");
    assert_eq!(lane.counts().dropped, 1);
}

#[tokio::test]
async fn messages_above_the_memory_budget_fail_at_once() {
    // Half of it is for deliveries. A message of two lanes counts once, each request for itself.
    let mut bench = Bench::with_budget(Budget::new(64 << 10), Settings::default());
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let lanes = [0; 2].map(|_| bench.lane(&receiver.url()));
    let text = "x".repeat(20 << 10);
    let first = bench.request(&text);
    let shared = Request {
        held: first.held.clone(),
        ..bench.request("a part of the first")
    };
    lanes[0].send(first);
    lanes[1].send(shared);
    assert_eq!(bench.budget.taken(), (20 << 10) + 2 * 2048);
    let too_large = bench.request(&text);
    lanes[1].send(too_large);
    let failure = bench.failure().await;
    assert!(
        failure.ends_with(": the memory budget is used up (--memory-budget)"),
        "{failure}"
    );
    assert_eq!(lanes[1].counts().dropped, 1);
    receiver.next().await;
    receiver.next().await;
    until(|| bench.budget.taken() == 0).await;
    lanes[1].send(bench.request(&text));
    assert_eq!(receiver.next().await.body, text);
}

#[tokio::test]
async fn a_cleared_lane_holds_nothing_and_can_be_used_again() {
    let bench = Bench::with(Settings {
        lane_concurrency: 2,
        ..Settings::default()
    });
    let answers = [Answer::Status(503), Answer::Silence, Answer::Silence];
    let mut receiver = Receiver::start(&bench.clock, &answers).await;
    let lane = bench.lane(&receiver.url());
    for body in ["fails", "under way", "under way", "waits", "waits"] {
        lane.send(bench.request(body));
    }
    until_counts(&lane, 2, 2, 1).await;
    lane.clear();
    until_counts(&lane, 0, 2, 0).await;
    // What is under way is not tried again.
    bench.advance(15_000).await;
    until_counts(&lane, 0, 0, 0).await;
    until(|| bench.budget.taken() == 0).await;
    while !receiver.is_quiet() {
        receiver.next().await;
    }
    lane.send(bench.request("afterwards"));
    assert_eq!(receiver.next().await.body, "afterwards");
    until_counts(&lane, 0, 0, 0).await;
}

#[tokio::test]
async fn connections_are_bounded_over_all_lanes() {
    let bench = Bench::with(Settings {
        connections: 2,
        ..Settings::default()
    });
    let mut receiver = Receiver::start(&bench.clock, &[Answer::Silence, Answer::Silence]).await;
    let lanes = [0; 3].map(|_| bench.lane(&receiver.url()));
    for lane in &lanes {
        lane.send(bench.request("one of three"));
    }
    receiver.next().await;
    receiver.next().await;
    until(|| lanes.iter().all(|lane| lane.counts().in_flight == 1)).await;
    assert!(receiver.is_quiet());
    bench.advance(15_000).await;
    assert_eq!(receiver.next().await.at, START + Duration::from_secs(15));
    until(|| {
        lanes
            .iter()
            .filter(|lane| lane.counts().retrying == 1)
            .count()
            == 2
    })
    .await;
}

#[tokio::test]
async fn a_throttle_delays_and_fails_nothing() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let lane = bench.lane(&receiver.url());
    lane.set_max_receives_per_second(NonZeroU32::new(2));
    for _ in 0..4 {
        lane.send(bench.request("slowly"));
    }
    for turn in 0..4 {
        assert_eq!(
            receiver.next().await.at,
            START + Duration::from_millis(500 * turn)
        );
        let left = 3 - usize::try_from(turn).unwrap();
        until_counts(&lane, left, 0, 0).await;
        bench.advance(499).await;
        until_counts(&lane, left, 0, 0).await;
        bench.advance(1).await;
    }
    lane.set_max_receives_per_second(None);
    for _ in 0..4 {
        lane.send(bench.request("fast"));
    }
    for _ in 0..4 {
        assert_eq!(receiver.next().await.at, START + Duration::from_secs(2));
    }
}

#[tokio::test]
async fn a_throttle_holds_though_the_lane_had_nothing_left_to_do() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let lane = bench.lane(&receiver.url());
    lane.set_max_receives_per_second(NonZeroU32::new(2));
    // No connection is kept, for which the lane would go on.
    let alone = || Request {
        headers: HeaderMap::from_iter([(CONNECTION, HeaderValue::from_static("close"))]),
        ..bench.request("alone")
    };
    lane.send(alone());
    assert_eq!(receiver.next().await.at, START);
    until_counts(&lane, 0, 0, 0).await;
    lane.send(alone());
    bench.advance(499).await;
    until_counts(&lane, 1, 0, 0).await;
    bench.advance(1).await;
    let turn = START + Duration::from_millis(500);
    assert_eq!(receiver.next().await.at, turn);
}

#[tokio::test]
async fn what_is_too_old_at_its_turn_is_given_up_without_an_attempt() {
    let mut bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let lane = bench.lane(&receiver.url());
    lane.set_max_receives_per_second(NonZeroU32::new(1));
    let until = |seconds| Some(START + Duration::from_secs(seconds));
    for (name, expires_at) in [
        ("first", None),
        ("second", until(1)),
        ("third", until(1)),
        ("fourth", until(1)),
        ("fifth", None),
    ] {
        lane.send(Request {
            expires_at,
            ..bench.request(name)
        });
    }
    assert_eq!(receiver.next().await.body, "first");
    bench.advance(1000).await;
    assert_eq!(receiver.next().await.body, "second");
    until_counts(&lane, 3, 0, 0).await;
    // Long before the next turn.
    bench.advance(1).await;
    for name in ["third", "fourth"] {
        let failure = format!("{name}: its turn did not come in time");
        assert_eq!(bench.failure().await, failure);
    }
    until_counts(&lane, 1, 0, 0).await;
    bench.advance(999).await;
    let fifth = receiver.next().await;
    assert_eq!(
        (&*fifth.body, fifth.at),
        ("fifth", START + Duration::from_secs(2))
    );
}

#[tokio::test]
async fn a_lane_with_nothing_to_do_has_no_task() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("once"));
    receiver.next().await;
    until_counts(&lane, 0, 0, 0).await;
    bench.advance(3_000).await;
    // The receiver's task for the connection ends with it too.
    until(|| tasks() == before).await;
    assert_eq!(bench.clock.sleepers(), 0);
}

#[tokio::test]
async fn the_stop_ends_attempts_and_drops_waiting_messages() {
    let mut bench = Bench::new();
    let answers = [Answer::Status(500), Answer::Silence];
    let mut receiver = Receiver::start(&bench.clock, &answers).await;
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("to be tried again"));
    receiver.next().await;
    until_counts(&lane, 0, 0, 1).await;
    lane.send(bench.request("under way"));
    receiver.next().await;
    bench.deliveries.stop().await;
    assert_eq!(bench.clock.sleepers(), 0);
    lane.send(bench.request("too late"));
    bench
        .deliveries
        .lane(super::Endpoint::parse(&receiver.url()).unwrap())
        .send(bench.request("too late"));
    bench.advance(3_600_000).await;
    assert!(receiver.is_quiet());
    assert!(bench.failures.try_recv().is_err());
}

#[tokio::test]
async fn a_body_that_panics_costs_its_own_message() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let lane = bench.lane(&receiver.url());
    let mut broken = bench.request("broken");
    broken.body = Box::new(|| panic!("this panic is a test's"));
    lane.send(broken);
    until_counts(&lane, 0, 0, 0).await;
    lane.send(bench.request("whole"));
    assert_eq!(receiver.next().await.body, "whole");
}
