//! A received message is hidden until its timeout ends or is changed.

use std::time::{Duration, Instant};

use aws_sdk_sqs::types::MessageSystemAttributeName;
use topiq_compat_tests::{
    delete, hide, receive, receive_hidden, receive_one, refusal, scenario, send, system,
};

#[tokio::test]
async fn message_is_hidden_put_back_and_counts_its_receives() {
    scenario(async |world| {
        let url = world.queue().await;
        send(world, &url, "x").await;
        for count in ["1", "2", "3"] {
            let message = receive_one(world, &url).await;
            assert_eq!(
                system(
                    &message,
                    MessageSystemAttributeName::ApproximateReceiveCount
                ),
                count
            );
            assert_eq!(receive(world, &url, 0).await, [], "it is hidden");
            hide(world, &url, &message, 0).await;
        }
    })
    .await;
}

#[tokio::test]
async fn message_comes_back_when_its_timeout_ends() {
    scenario(async |world| {
        let url = world.queue_with([("VisibilityTimeout", "1")]).await;
        send(world, &url, "x").await;
        let started = Instant::now();
        let first = receive_one(world, &url).await;
        let second = receive_one(world, &url).await;
        assert!(started.elapsed() >= Duration::from_secs(1));
        assert_eq!(first.message_id(), second.message_id());
        assert_ne!(first.receipt_handle(), second.receipt_handle());
    })
    .await;
}

#[tokio::test]
async fn timeout_can_be_extended() {
    scenario(async |world| {
        let url = world.queue().await;
        send(world, &url, "x").await;
        let messages = receive_hidden(world, &url, 20, Some(2)).await;
        hide(world, &url, &messages[0], 600).await;
        assert_eq!(receive(world, &url, 3).await, []);
    })
    .await;
}

#[tokio::test]
async fn deleted_messages_timeout_cannot_be_changed() {
    scenario(async |world| {
        let url = world.queue().await;
        send(world, &url, "x").await;
        let message = receive_one(world, &url).await;
        delete(world, &url, &message).await;
        let call = world
            .sqs
            .change_message_visibility()
            .queue_url(&url)
            .visibility_timeout(0);
        let refused = refusal(
            call.receipt_handle(message.receipt_handle().unwrap())
                .send()
                .await,
        );
        assert_eq!(
            (refused.code.as_str(), refused.status),
            ("InvalidParameterValue", 400)
        );
    })
    .await;
}
