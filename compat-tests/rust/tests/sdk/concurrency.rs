//! Many producers and consumers at once: nothing is lost, nothing is received twice.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, SendMessageBatchRequestEntry};
use futures_util::future::{join, join_all};
use topiq_compat_tests::{PATIENCE, counts, scenario};

const PRODUCERS: usize = 64;
const CONSUMERS: usize = 64;
const MESSAGES: usize = 10_000;

/// The received messages, how often each came, and when the last came.
struct Received {
    times: HashMap<String, usize>,
    last: Instant,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_10_000_messages_comes_exactly_once() {
    scenario(async |world| {
        let url = world.queue_with([("VisibilityTimeout", "600")]).await;
        let unsent = Mutex::new(
            (0..MESSAGES)
                .map(|n| format!("message {n}"))
                .collect::<Vec<_>>(),
        );
        let received = Mutex::new(Received {
            times: HashMap::new(),
            last: Instant::now(),
        });

        let produce = async |_| {
            loop {
                let mine: Vec<_> = {
                    let mut unsent = unsent.lock().unwrap();
                    let left = unsent.len().saturating_sub(10);
                    unsent.drain(left..).collect()
                };
                if mine.is_empty() {
                    return;
                }
                let entry = |(n, text): (usize, &String)| {
                    SendMessageBatchRequestEntry::builder()
                        .id(n.to_string())
                        .message_body(text)
                        .build()
                        .unwrap()
                };
                let entries = mine.iter().enumerate().map(entry).collect();
                let call = world
                    .sqs
                    .send_message_batch()
                    .queue_url(&url)
                    .set_entries(Some(entries));
                assert_eq!(call.send().await.unwrap().successful().len(), mine.len());
            }
        };

        let consume = async |_| {
            let unfinished = || {
                let received = received.lock().unwrap();
                received.times.len() < MESSAGES && received.last.elapsed() < PATIENCE
            };
            while unfinished() {
                let call = world
                    .sqs
                    .receive_message()
                    .queue_url(&url)
                    .max_number_of_messages(10)
                    .wait_time_seconds(1);
                let messages = call.send().await.unwrap().messages.unwrap_or_default();
                if messages.is_empty() {
                    continue;
                }
                let mut delete = world.sqs.delete_message_batch().queue_url(&url);
                for (n, message) in messages.iter().enumerate() {
                    let entry = DeleteMessageBatchRequestEntry::builder().id(n.to_string());
                    let entry = entry
                        .receipt_handle(message.receipt_handle().unwrap())
                        .build()
                        .unwrap();
                    delete = delete.entries(entry);
                }
                assert!(delete.send().await.unwrap().failed().is_empty());
                let mut received = received.lock().unwrap();
                received.last = Instant::now();
                for message in messages {
                    *received.times.entry(message.body.unwrap()).or_default() += 1;
                }
            }
        };

        join(
            join_all((0..PRODUCERS).map(produce)),
            join_all((0..CONSUMERS).map(consume)),
        )
        .await;
        let received = received.into_inner().unwrap();
        assert_eq!(received.times.len(), MESSAGES);
        assert!(
            received.times.values().all(|&times| times == 1),
            "none comes twice"
        );
        assert_eq!(counts(world, &url).await, ("0".to_owned(), "0".to_owned()));
    })
    .await;
}
