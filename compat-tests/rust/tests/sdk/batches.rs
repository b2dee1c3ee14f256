//! Batches: each entry has its own outcome.

use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    SendMessageBatchRequestEntry,
};
use topiq_compat_tests::{receive_count, receive_one, scenario, send, sorted_bodies};

fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder()
        .id(id)
        .message_body(body)
        .build()
        .unwrap()
}

#[tokio::test]
async fn ten_messages_are_sent_changed_and_deleted_at_once() {
    scenario(async |world| {
        let url = world.queue().await;
        let entries = (0..10)
            .map(|n| entry(&format!("id_{n}"), &format!("body {n}")))
            .collect();
        let sent = world
            .sqs
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(entries))
            .send()
            .await
            .unwrap();
        assert!(sent.failed().is_empty());
        let ids: Vec<_> = sent.successful().iter().map(|entry| entry.id()).collect();
        assert_eq!(ids, (0..10).map(|n| format!("id_{n}")).collect::<Vec<_>>());

        let messages = receive_count(world, &url, 10).await;
        assert_eq!(
            sorted_bodies(&messages),
            (0..10).map(|n| format!("body {n}")).collect::<Vec<_>>()
        );

        let mut change = world.sqs.change_message_visibility_batch().queue_url(&url);
        let mut delete = world.sqs.delete_message_batch().queue_url(&url);
        for (n, message) in messages.iter().enumerate() {
            let (id, handle) = (n.to_string(), message.receipt_handle().unwrap());
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder();
            change = change.entries(
                entry
                    .id(&id)
                    .receipt_handle(handle)
                    .visibility_timeout(60)
                    .build()
                    .unwrap(),
            );
            let entry = DeleteMessageBatchRequestEntry::builder();
            delete = delete.entries(entry.id(&id).receipt_handle(handle).build().unwrap());
        }
        let changed = change.send().await.unwrap();
        assert_eq!(
            (changed.successful().len(), changed.failed().len()),
            (10, 0)
        );
        let deleted = delete.send().await.unwrap();
        assert_eq!(
            (deleted.successful().len(), deleted.failed().len()),
            (10, 0)
        );
    })
    .await;
}

#[tokio::test]
async fn bad_entries_fail_alone() {
    scenario(async |world| {
        let url = world.queue_with([("MaximumMessageSize", "1024")]).await;
        let delayed = SendMessageBatchRequestEntry::builder().id("delay").message_body("x").delay_seconds(901);
        let answer = world
            .sqs
            .send_message_batch()
            .queue_url(&url)
            .entries(entry("good", "x"))
            .entries(entry("long", &"x".repeat(1025)))
            .entries(entry("control", "\0"))
            .entries(delayed.build().unwrap())
            .entries(entry("fine", "y"))
            .send()
            .await
            .unwrap();
        let successful: Vec<_> = answer.successful().iter().map(|entry| entry.id()).collect();
        assert_eq!(successful, ["good", "fine"]);
        let failed: Vec<_> = answer.failed().iter().map(|e| (e.id(), e.code(), e.sender_fault())).collect();
        let expected = [
            ("long", "InvalidParameterValue", true),
            ("control", "InvalidMessageContents", true),
            ("delay", "InvalidParameterValue", true),
        ];
        assert_eq!(failed, expected);
        let words = "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.";
        assert_eq!(answer.failed()[0].message(), Some(words));
        assert_eq!(sorted_bodies(&receive_count(world, &url, 2).await), ["x", "y"]);
    })
    .await;
}

#[tokio::test]
async fn bad_handles_fail_alone() {
    scenario(async |world| {
        let url = world.queue().await;
        send(world, &url, "x").await;
        let message = receive_one(world, &url).await;
        let entry = |id: &str, handle: &str| {
            DeleteMessageBatchRequestEntry::builder()
                .id(id)
                .receipt_handle(handle)
                .build()
                .unwrap()
        };
        let answer = world
            .sqs
            .delete_message_batch()
            .queue_url(&url)
            .entries(entry("bad", "garbage"))
            .entries(entry("good", message.receipt_handle().unwrap()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.successful()[0].id(), "good");
        let [failed] = answer.failed() else {
            panic!("one must fail: {answer:?}")
        };
        assert_eq!(
            (failed.id(), failed.code(), failed.sender_fault()),
            ("bad", "ReceiptHandleIsInvalid", true)
        );
    })
    .await;
}
