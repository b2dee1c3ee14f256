//! Dead-letter queues and redrive.

use aws_sdk_sqs::types::{ListMessageMoveTasksResultEntry, MessageSystemAttributeName};
use serde_json::json;
use topiq_compat_tests::{
    World, counts, eventually, queue_arn, receive, receive_count, receive_hidden, receive_one,
    scenario, send, sorted_bodies, system,
};

/// A queue, its dead-letter queue, and the latter's ARN.
struct Pair {
    source: String,
    dead_letters: String,
    arn: String,
}

async fn pair(world: &World, max_receive_count: u32) -> Pair {
    let dead_letters = world.queue().await;
    let arn = queue_arn(world, &dead_letters).await;
    let policy =
        json!({ "deadLetterTargetArn": arn, "maxReceiveCount": max_receive_count }).to_string();
    let source = world.queue_with([("RedrivePolicy", &policy)]).await;
    Pair {
        source,
        dead_letters,
        arn,
    }
}

/// Sends messages to a queue with a maxReceiveCount of 1 and lets each fail once.
async fn make_dead_letters(world: &World, pair: &Pair, texts: &[&str]) {
    for text in texts {
        send(world, &pair.source, text).await;
        assert_eq!(
            receive_hidden(world, &pair.source, 20, Some(0)).await.len(),
            1
        );
        assert_eq!(receive(world, &pair.source, 0).await, []);
    }
    let expected = texts.len().to_string();
    eventually(async || (counts(world, &pair.dead_letters).await.0 == expected).then_some(()))
        .await;
}

async fn newest_task(world: &World, arn: &str) -> Option<ListMessageMoveTasksResultEntry> {
    let listed = world
        .sqs
        .list_message_move_tasks()
        .source_arn(arn)
        .send()
        .await
        .unwrap();
    listed.results().first().cloned()
}

#[tokio::test]
async fn message_moves_after_its_last_receive() {
    scenario(async |world| {
        let pair = pair(world, 2).await;
        send(world, &pair.source, "poison").await;
        let mut id = None;
        for count in ["1", "2"] {
            let messages = receive_hidden(world, &pair.source, 20, Some(0)).await;
            assert_eq!(
                system(
                    &messages[0],
                    MessageSystemAttributeName::ApproximateReceiveCount
                ),
                count
            );
            id = messages[0].message_id.clone();
        }
        assert_eq!(receive(world, &pair.source, 1).await, []);
        let dead = receive_one(world, &pair.dead_letters).await;
        assert_eq!((dead.message_id.clone(), dead.body()), (id, Some("poison")));
        let source = queue_arn(world, &pair.source).await;
        assert_eq!(
            system(&dead, MessageSystemAttributeName::DeadLetterQueueSourceArn),
            source
        );
    })
    .await;
}

#[tokio::test]
async fn move_task_brings_messages_back_to_their_source() {
    scenario(async |world| {
        let pair = pair(world, 1).await;
        make_dead_letters(world, &pair, &["a", "b", "c"]).await;
        let started = world
            .sqs
            .start_message_move_task()
            .source_arn(&pair.arn)
            .send()
            .await
            .unwrap();
        assert!(started.task_handle().is_some());
        let completed = async || {
            newest_task(world, &pair.arn)
                .await
                .filter(|task| task.status() == Some("COMPLETED"))
        };
        let task = eventually(completed).await;
        assert_eq!(task.approximate_number_of_messages_moved(), 3);
        assert_eq!(task.approximate_number_of_messages_to_move(), Some(3));
        let messages = receive_count(world, &pair.source, 3).await;
        assert_eq!(sorted_bodies(&messages), ["a", "b", "c"]);
        for message in &messages {
            assert_eq!(
                system(message, MessageSystemAttributeName::ApproximateReceiveCount),
                "1"
            );
        }
        assert_eq!(receive(world, &pair.dead_letters, 0).await, []);
    })
    .await;
}

#[tokio::test]
async fn move_task_goes_to_another_queue_on_request() {
    scenario(async |world| {
        let (pair, other) = (pair(world, 1).await, world.queue().await);
        make_dead_letters(world, &pair, &["a"]).await;
        let call = world.sqs.start_message_move_task().source_arn(&pair.arn);
        call.destination_arn(queue_arn(world, &other).await)
            .send()
            .await
            .unwrap();
        assert_eq!(receive_one(world, &other).await.body(), Some("a"));
    })
    .await;
}

#[tokio::test]
async fn slow_move_task_can_be_cancelled() {
    scenario(async |world| {
        let pair = pair(world, 1).await;
        make_dead_letters(world, &pair, &["a", "b", "c", "d", "e"]).await;
        let call = world
            .sqs
            .start_message_move_task()
            .source_arn(&pair.arn)
            .max_number_of_messages_per_second(1);
        let handle = call.send().await.unwrap().task_handle.unwrap();
        let running = newest_task(world, &pair.arn).await.unwrap();
        assert_eq!(
            (running.status(), running.task_handle()),
            (Some("RUNNING"), Some(handle.as_str()))
        );
        let cancelled = world
            .sqs
            .cancel_message_move_task()
            .task_handle(&handle)
            .send()
            .await
            .unwrap();
        assert!(cancelled.approximate_number_of_messages_moved() < 5);
        let cancelled = async || {
            newest_task(world, &pair.arn)
                .await
                .filter(|task| task.status() == Some("CANCELLED"))
        };
        eventually(cancelled).await;
    })
    .await;
}
