//! Receiving, waiting, and the errors of calls.

use std::collections::HashMap;
use std::fmt::Debug;
use std::time::{Duration, Instant};

use aws_sdk_sqs::config::http::HttpResponse;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use crate::world::World;

/// How long to wait for an expected event.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// All attributes of a queue.
pub async fn attributes(world: &World, url: &str) -> HashMap<QueueAttributeName, String> {
    let call = world
        .sqs
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(QueueAttributeName::All);
    call.send().await.unwrap().attributes.unwrap_or_default()
}

/// A queue's ARN.
pub async fn queue_arn(world: &World, url: &str) -> String {
    attributes(world, url).await[&QueueAttributeName::QueueArn].clone()
}

/// How many messages of a queue are visible, and how many are in flight.
pub async fn counts(world: &World, url: &str) -> (String, String) {
    let attributes = attributes(world, url).await;
    let count = |name| attributes[&name].clone();
    (
        count(QueueAttributeName::ApproximateNumberOfMessages),
        count(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
    )
}

/// The name at the end of a queue's URL.
pub fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

/// Sends a text.
pub async fn send(world: &World, url: &str, text: &str) {
    world
        .sqs
        .send_message()
        .queue_url(url)
        .message_body(text)
        .send()
        .await
        .unwrap();
}

/// Receives up to ten messages with all their attributes, and checks their digests, as this SDK does not.
pub async fn receive(world: &World, url: &str, wait_seconds: i32) -> Vec<Message> {
    receive_hidden(world, url, wait_seconds, None).await
}

/// As [`receive`], with the messages hidden for this long instead of the queue's own time.
pub async fn receive_hidden(
    world: &World,
    url: &str,
    wait_seconds: i32,
    hidden_seconds: Option<i32>,
) -> Vec<Message> {
    let call = world
        .sqs
        .receive_message()
        .queue_url(url)
        .wait_time_seconds(wait_seconds)
        .set_visibility_timeout(hidden_seconds)
        .max_number_of_messages(10)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .message_attribute_names("All");
    let messages = call.send().await.unwrap().messages.unwrap_or_default();
    for message in &messages {
        assert_eq!(
            message.md5_of_body(),
            Some(digest(message.body().unwrap()).as_str())
        );
    }
    messages
}

/// The digest that SQS shows for a body.
pub fn digest(body: &str) -> String {
    format!("{:x}", md5::compute(body))
}

/// Waits for the one message that must come.
pub async fn receive_one(world: &World, url: &str) -> Message {
    let mut messages = receive(world, url, 20).await;
    assert_eq!(messages.len(), 1, "one message must come");
    messages.remove(0)
}

/// Receives until `count` messages have come, in the order of arrival.
pub async fn receive_count(world: &World, url: &str, count: usize) -> Vec<Message> {
    let (mut messages, started) = (Vec::new(), Instant::now());
    while messages.len() < count {
        assert!(
            started.elapsed() < PATIENCE,
            "{} of {count} messages came",
            messages.len()
        );
        messages.extend(receive(world, url, 1).await);
    }
    messages
}

/// Receives and deletes until `count` messages have come: the way to get more than one of a FIFO group.
pub async fn consume(world: &World, url: &str, count: usize) -> Vec<Message> {
    let mut messages = Vec::new();
    while messages.len() < count {
        let more = receive_count(world, url, 1).await;
        for message in &more {
            delete(world, url, message).await;
        }
        messages.extend(more);
    }
    messages
}

/// Deletes a message.
pub async fn delete(world: &World, url: &str, message: &Message) {
    let handle = message.receipt_handle().unwrap();
    world
        .sqs
        .delete_message()
        .queue_url(url)
        .receipt_handle(handle)
        .send()
        .await
        .unwrap();
}

/// Changes how long a message stays hidden.
pub async fn hide(world: &World, url: &str, message: &Message, seconds: i32) {
    world
        .sqs
        .change_message_visibility()
        .queue_url(url)
        .receipt_handle(message.receipt_handle().unwrap())
        .visibility_timeout(seconds)
        .send()
        .await
        .unwrap();
}

/// The texts of messages.
pub fn bodies(messages: &[Message]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| message.body().unwrap())
        .collect()
}

/// The texts of messages whose order does not count.
pub fn sorted_bodies(messages: &[Message]) -> Vec<&str> {
    let mut bodies = bodies(messages);
    bodies.sort_unstable();
    bodies
}

/// A system attribute of a message.
pub fn system(message: &Message, name: MessageSystemAttributeName) -> &str {
    &message.attributes().unwrap()[&name]
}

/// Polls until there is an answer.
pub async fn eventually<T>(question: impl AsyncFn() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = question().await {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "it never came true");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The refusal of a call.
#[derive(Debug)]
pub struct Refusal<E> {
    /// The operation's own error.
    pub error: E,
    /// AWS's code.
    pub code: String,
    /// AWS's text.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

/// The refusal with which a call ends.
pub fn refusal<T, E>(outcome: Result<T, SdkError<E, HttpResponse>>) -> Refusal<E>
where
    T: Debug,
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let error = outcome.expect_err("it must be refused");
    let SdkError::ServiceError(refused) = error else {
        panic!("the server must refuse it: {error:?}");
    };
    let status = refused.raw().status().as_u16();
    let error = refused.into_err();
    Refusal {
        code: error.code().unwrap_or_default().to_owned(),
        message: error.message().unwrap_or_default().to_owned(),
        status,
        error,
    }
}

/// Checks the code, the status and the text of a refusal, and returns the error.
pub fn facts<E>(refused: Refusal<E>, code: &str, status: u16, words: &str) -> E {
    assert_eq!(
        (
            refused.code.as_str(),
            refused.status,
            refused.message.as_str()
        ),
        (code, status, words)
    );
    refused.error
}
