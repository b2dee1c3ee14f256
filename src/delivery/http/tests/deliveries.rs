//! One message: its request, and the consequences of the answer.

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONNECTION, COOKIE};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method};
use tokio::sync::oneshot;

use super::receiver::{Answer, Receiver};
use super::{Bench, Judge, Request, START, until_counts};
use crate::delivery::{Delivered, RetrySchedule};

#[tokio::test]
async fn a_request_has_its_headers_in_snss_case_and_no_others() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let url = format!("http://user:secret@{}/hook?a=b", receiver.address);
    let lane = bench.lane(&url);
    lane.send(bench.request("hello"));
    let seen = receiver.next().await;
    let mut lines: Vec<_> = seen.head.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "POST /hook?a=b HTTP/1.1");
    lines.sort_unstable();
    let host = format!("Host: {}", receiver.address);
    let expected = [
        "Accept-Encoding: gzip,deflate",
        "Authorization: Basic dXNlcjpzZWNyZXQ=",
        "Connection: Keep-Alive",
        "Content-Length: 5",
        "Content-Type: text/plain; charset=UTF-8",
        &host,
        "User-Agent: Amazon Simple Notification Service Agent",
        "x-amz-sns-message-id: id",
        "x-amz-sns-message-type: Notification",
    ];
    assert_eq!(lines, expected);
    assert_eq!(seen.body, "hello");
    until_counts(&lane, 0, 0, 0).await;
}

#[tokio::test]
async fn server_errors_are_retried_after_twenty_seconds() {
    let bench = Bench::new();
    let answers = [Answer::Status(500), Answer::Status(429)];
    let mut receiver = Receiver::start(&bench.clock, &answers).await;
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("again"));
    assert_eq!(receiver.next().await.at, START);
    for retry in 1..=2 {
        until_counts(&lane, 0, 0, 1).await;
        bench.advance(19_999).await;
        until_counts(&lane, 0, 0, 1).await;
        assert!(receiver.is_quiet());
        bench.advance(1).await;
        let seen = receiver.next().await;
        assert_eq!(seen.at, START + Duration::from_secs(20 * retry));
        assert_eq!(seen.body, "again");
    }
    until_counts(&lane, 0, 0, 0).await;
}

#[tokio::test]
async fn a_message_fails_after_four_attempts() {
    let mut bench = Bench::new();
    let answers = vec![Answer::Status(503); 4];
    let mut receiver = Receiver::start(&bench.clock, &answers).await;
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("lost"));
    for _ in 0..3 {
        receiver.next().await;
        until_counts(&lane, 0, 0, 1).await;
        bench.advance(20_000).await;
    }
    receiver.next().await;
    assert_eq!(bench.failure().await, "lost: it answered 503");
    assert_eq!(bench.elapsed(), Duration::from_mins(1));
    until_counts(&lane, 0, 0, 0).await;
}

#[tokio::test]
async fn client_errors_are_final() {
    let mut bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[Answer::Status(404)]).await;
    bench.lane(&receiver.url()).send(bench.request("unwanted"));
    receiver.next().await;
    assert_eq!(bench.failure().await, "unwanted: it answered 404");
    assert_eq!(bench.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let mut bench = Bench::new();
    let target = Receiver::start(&bench.clock, &[]).await;
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        target.url()
    );
    let mut receiver = Receiver::start(&bench.clock, &[Answer::Bytes(redirect.into_bytes())]).await;
    bench.lane(&receiver.url()).send(bench.request("moved"));
    receiver.next().await;
    assert_eq!(bench.failure().await, "moved: it answered 302");
    assert!(target.is_quiet());
}

#[tokio::test]
async fn silence_is_a_failed_attempt_after_fifteen_seconds() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[Answer::Silence]).await;
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("unheard"));
    receiver.next().await;
    bench.advance(14_999).await;
    until_counts(&lane, 0, 1, 0).await;
    bench.advance(1).await;
    until_counts(&lane, 0, 0, 1).await;
    bench.advance(20_000).await;
    assert_eq!(receiver.next().await.at, START + Duration::from_secs(35));
    until_counts(&lane, 0, 0, 0).await;
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_retried() {
    let bench = Bench::new();
    let garbage = Answer::Bytes(b"220 mail.example.com ESMTP\r\n".to_vec());
    let mut receiver = Receiver::start(&bench.clock, &[garbage]).await;
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("mail"));
    receiver.next().await;
    until_counts(&lane, 0, 0, 1).await;
}

#[tokio::test]
async fn an_endless_answer_is_cut_and_its_status_counts() {
    let bench = Bench::new();
    let mut answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".to_vec();
    answer.resize(200_000, b'x');
    let mut receiver = Receiver::start(&bench.clock, &[Answer::Bytes(answer)]).await;
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("first"));
    receiver.next().await;
    until_counts(&lane, 0, 0, 0).await;
    lane.send(bench.request("second"));
    let second = receiver.next().await;
    assert_eq!((second.connection, second.at), (1, START));
}

#[tokio::test]
async fn connections_are_reused_while_they_are_fresh() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let lane = bench.lane(&receiver.url());
    for (pause, connection) in [(0, 0), (2_999, 0), (3_000, 1)] {
        bench.advance(pause).await;
        lane.send(bench.request("again"));
        assert_eq!(receiver.next().await.connection, connection);
        until_counts(&lane, 0, 0, 0).await;
    }
}

#[tokio::test]
async fn an_idle_connection_that_was_closed_costs_no_attempt() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[Answer::StatusThenClose(200)]).await;
    let lane = bench.lane(&receiver.url());
    lane.send(bench.request("first"));
    receiver.next().await;
    until_counts(&lane, 0, 0, 0).await;
    lane.send(bench.request("second"));
    let second = receiver.next().await;
    assert_eq!((second.connection, second.at), (1, START));
    until_counts(&lane, 0, 0, 0).await;
}

#[tokio::test]
async fn requests_may_have_any_method_path_and_headers() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let url = format!("http://user:secret@{}/hook?a=b", receiver.address);
    let lane = bench.lane(&url);
    let headers = [
        (AUTHORIZATION, HeaderValue::from_static("Bearer token")),
        (COOKIE, HeaderValue::from_static("a=b")),
    ];
    lane.send(Request {
        method: Method::PATCH,
        path_and_query: Some(PathAndQuery::from_static("/orders/7?full")),
        headers: HeaderMap::from_iter(headers),
        ..bench.request("changed")
    });
    let seen = receiver.next().await;
    let mut lines: Vec<_> = seen.head.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "PATCH /orders/7?full HTTP/1.1");
    lines.sort_unstable();
    let host = format!("Host: {}", receiver.address);
    let expected = [
        "Authorization: Bearer token",
        "Connection: Keep-Alive",
        "Content-Length: 7",
        "Cookie: a=b",
        &host,
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_connection_is_not_used_again_after_a_request_that_closes_it() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let lane = bench.lane(&receiver.url());
    for connection in 0..2 {
        let close = (CONNECTION, HeaderValue::from_static("close"));
        lane.send(Request {
            headers: HeaderMap::from_iter([close]),
            ..bench.request("once")
        });
        let seen = receiver.next().await;
        assert_eq!(seen.connection, connection);
        assert!(seen.head.contains("Connection: close\r\n"), "{}", seen.head);
        until_counts(&lane, 0, 0, 0).await;
    }
}

#[tokio::test]
async fn a_request_may_have_less_time() {
    let mut bench = Bench::new();
    let receiver = Receiver::start(&bench.clock, &[Answer::Silence]).await;
    let lane = bench.lane(&receiver.url());
    lane.send(Request {
        time_limit: Duration::from_secs(5),
        schedule: Arc::new(RetrySchedule {
            retries: 0,
            ..RetrySchedule::default()
        }),
        ..bench.request("late")
    });
    until_counts(&lane, 0, 1, 0).await;
    bench.clock.advance(Duration::from_secs(5)).await;
    assert_eq!(bench.failure().await, "late: no answer within 5 seconds");
}

#[tokio::test]
async fn the_judge_decides_what_an_answer_means() {
    let mut bench = Bench::new();
    let answers = [Answer::Status(401), Answer::Status(302)];
    let mut receiver = Receiver::start(&bench.clock, &answers).await;
    let lane = bench.lane(&receiver.url());
    let judge = Judge {
        success: &[302..=302],
        retry: &[401..=401],
    };
    let judged = |body| Request {
        judge,
        ..bench.request(body)
    };
    let (first, second) = (judged("moved"), judged("unmoved"));
    lane.send(first);
    receiver.next().await;
    until_counts(&lane, 0, 0, 1).await;
    bench.advance(20_000).await;
    receiver.next().await;
    until_counts(&lane, 0, 0, 0).await;
    lane.send(second);
    assert_eq!(bench.failure().await, "unmoved: it answered 200");
}

#[tokio::test]
async fn an_answer_is_returned_within_its_bound() {
    let bench = Bench::new();
    let answer =
        b"HTTP/1.1 200 OK\r\nX-Kind: token\r\nContent-Length: 11\r\n\r\nhello world".to_vec();
    let answers = vec![Answer::Bytes(answer); 2];
    let receiver = Receiver::start(&bench.clock, &answers).await;
    let lane = bench.lane(&receiver.url());
    for (answer_bytes, expected) in [(100, "hello world"), (5, "hello")] {
        let (report, reported) = oneshot::channel();
        lane.send(Request {
            answer_bytes,
            on_done: Box::new(move |outcome| {
                let _ = report.send(outcome);
            }),
            ..bench.request("ask")
        });
        let outcome = reported.await.unwrap();
        let Ok(Delivered::Answered(answer)) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["x-kind"], "token");
        assert_eq!(answer.body, expected);
    }
}
