//! Long polls: they wait, and wake as soon as there is a message.

use std::time::{Duration, Instant};

use aws_sdk_sqs::types::Message;
use tokio::time::{sleep, timeout};
use topiq_compat_tests::{
    World, bodies, hide, receive, receive_hidden, receive_one, scenario, send,
};

const WAIT_SECONDS: i32 = 20;
const A_WHILE: Duration = Duration::from_millis(300);

/// Polls while something happens, and makes sure that the poll was woken and did not just end.
async fn woken(world: &World, url: &str, happens: impl Future<Output = ()>) -> Vec<Message> {
    let started = Instant::now();
    let later = async {
        sleep(A_WHILE).await;
        happens.await;
    };
    let (messages, ()) = tokio::join!(receive(world, url, WAIT_SECONDS), later);
    assert!(!messages.is_empty(), "the poll was not woken");
    assert!(started.elapsed() < Duration::from_secs(18));
    messages
}

#[tokio::test]
async fn empty_poll_waits_its_time() {
    scenario(async |world| {
        let url = world.queue().await;
        let started = Instant::now();
        assert_eq!(receive(world, &url, 1).await, []);
        assert!(started.elapsed() >= Duration::from_secs(1));
    })
    .await;
}

#[tokio::test]
async fn queues_own_wait_counts_when_the_call_names_none() {
    scenario(async |world| {
        let url = world
            .queue_with([("ReceiveMessageWaitTimeSeconds", "1")])
            .await;
        let started = Instant::now();
        assert_eq!(
            world
                .sqs
                .receive_message()
                .queue_url(&url)
                .send()
                .await
                .unwrap()
                .messages(),
            []
        );
        assert!(started.elapsed() >= Duration::from_secs(1));
    })
    .await;
}

#[tokio::test]
async fn send_from_elsewhere_wakes_a_poll() {
    scenario(async |world| {
        let url = world.queue().await;
        let messages = woken(world, &url, send(world, &url, "wake")).await;
        assert_eq!(bodies(&messages), ["wake"]);
    })
    .await;
}

#[tokio::test]
async fn end_of_a_visibility_timeout_wakes_a_poll() {
    scenario(async |world| {
        let url = world.queue().await;
        send(world, &url, "again").await;
        assert_eq!(
            receive_hidden(world, &url, WAIT_SECONDS, Some(1))
                .await
                .len(),
            1
        );
        assert_eq!(bodies(&woken(world, &url, async {}).await), ["again"]);
    })
    .await;
}

#[tokio::test]
async fn message_put_back_wakes_a_poll() {
    scenario(async |world| {
        let url = world.queue().await;
        send(world, &url, "again").await;
        let message = receive_one(world, &url).await;
        let messages = woken(world, &url, hide(world, &url, &message, 0)).await;
        assert_eq!(bodies(&messages), ["again"]);
    })
    .await;
}

#[tokio::test]
async fn dropped_poll_takes_no_message_with_it() {
    scenario(async |world| {
        let url = world.queue().await;
        assert!(
            timeout(A_WHILE, receive(world, &url, WAIT_SECONDS))
                .await
                .is_err(),
            "it waits"
        );
        send(world, &url, "for the next").await;
        assert_eq!(bodies(&[receive_one(world, &url).await]), ["for the next"]);
    })
    .await;
}
