//! Receives that wait, through the socket, with a clock that moves only when a test says so.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Asked, Host, Request, settle};

const SECOND: Duration = Duration::from_secs(1);

/// A server with the standard queue `q` and the FIFO queue `q.fifo`.
async fn host() -> Host {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    let fifo = json!({"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}});
    done(&host, "CreateQueue", fifo).await;
    host
}

/// Calls an action, which must succeed.
pub(crate) async fn done(host: &Host, action: &str, input: Value) -> Value {
    let answer = host.json(action, &input.to_string()).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    settle().await;
    if answer.body.is_empty() {
        Value::Null
    } else {
        answer.value()
    }
}

pub(crate) async fn send(host: &Host, body: &str) {
    done(
        host,
        "SendMessage",
        json!({"QueueUrl": "q", "MessageBody": body}),
    )
    .await;
}

async fn send_to_group(host: &Host, body: &str) {
    let input = json!({"QueueUrl": "q.fifo", "MessageBody": body, "MessageGroupId": "g", "MessageDeduplicationId": body});
    done(host, "SendMessage", input).await;
}

/// Receives the messages that are visible now, with their receive counts.
async fn receive(host: &Host, queue: &str) -> Value {
    let input = json!({"QueueUrl": queue, "WaitTimeSeconds": 0, "AttributeNames": ["ApproximateReceiveCount"]});
    done(host, "ReceiveMessage", input).await["Messages"][0].clone()
}

/// Begins a receive that must wait.
pub(crate) async fn wait(host: &Host, queue: &str, seconds: u32) -> Asked {
    let input = json!({"QueueUrl": queue, "WaitTimeSeconds": seconds, "AttributeNames": ["ApproximateReceiveCount"]});
    wait_as(host, &Request::json("ReceiveMessage", &input.to_string())).await
}

async fn wait_as(host: &Host, request: &Request) -> Asked {
    let asked = host.begin(request).await;
    assert!(asked.is_waiting().await);
    asked
}

pub(crate) fn body_of(answer: &Answer) -> Option<String> {
    Some(answer.value()["Messages"][0]["Body"].as_str()?.to_owned())
}

#[tokio::test]
async fn a_send_wakes_a_waiting_receive_in_either_protocol() {
    let host = host().await;
    let json = wait(&host, "q", 20).await;
    send(&host, "a").await;
    assert_eq!(body_of(&json.answer().await).as_deref(), Some("a"));

    let form = "Action=ReceiveMessage&QueueUrl=q&WaitTimeSeconds=20&MaxNumberOfMessages=10";
    let query = wait_as(&host, &Request::query(form)).await;
    send(&host, "b").await;
    assert_eq!(query.answer().await.element("Body"), Some("b"));
}

#[tokio::test]
async fn an_empty_wait_ends_after_exactly_its_time() {
    let host = host().await;
    let json = wait(&host, "q", 20).await;
    let query = wait_as(
        &host,
        &Request::query("Action=ReceiveMessage&QueueUrl=q&WaitTimeSeconds=20"),
    )
    .await;
    host.advance(Duration::from_millis(19_999)).await;
    assert!(json.is_waiting().await && query.is_waiting().await);
    host.advance(Duration::from_millis(1)).await;
    let json = json.answer().await;
    assert_eq!((json.status(), &*json.body), (200, "{}"));
    let query = query.answer().await;
    assert_eq!(query.status(), 200);
    assert!(query.body.contains("<ReceiveMessageResult/>"), "{query:?}");
}

#[tokio::test]
async fn the_queue_sets_the_wait_unless_the_call_does() {
    let host = host().await;
    let attributes = json!({"QueueUrl": "q", "Attributes": {"ReceiveMessageWaitTimeSeconds": "5"}});
    done(&host, "SetQueueAttributes", attributes).await;
    let waiting = wait_as(
        &host,
        &Request::json("ReceiveMessage", r#"{"QueueUrl":"q"}"#),
    )
    .await;
    assert_eq!(receive(&host, "q").await, Value::Null);
    host.advance(4 * SECOND).await;
    assert!(waiting.is_waiting().await);
    host.advance(SECOND).await;
    assert_eq!(waiting.answer().await.body, "{}");
}

#[tokio::test]
async fn the_end_of_a_delay_wakes() {
    let host = host().await;
    done(
        &host,
        "SendMessage",
        json!({"QueueUrl": "q", "MessageBody": "a", "DelaySeconds": 3}),
    )
    .await;
    let waiting = wait(&host, "q", 20).await;
    host.advance(Duration::from_millis(2999)).await;
    assert!(waiting.is_waiting().await);
    host.advance(Duration::from_millis(1)).await;
    assert_eq!(body_of(&waiting.answer().await).as_deref(), Some("a"));
}

#[tokio::test]
async fn the_end_of_a_visibility_timeout_wakes() {
    let host = host().await;
    send(&host, "a").await;
    done(
        &host,
        "ReceiveMessage",
        json!({"QueueUrl": "q", "VisibilityTimeout": 3}),
    )
    .await;
    let waiting = wait(&host, "q", 20).await;
    host.advance(Duration::from_millis(2999)).await;
    assert!(waiting.is_waiting().await);
    host.advance(Duration::from_millis(1)).await;
    let answer = waiting.answer().await;
    assert_eq!(body_of(&answer).as_deref(), Some("a"));
    assert_eq!(
        answer.value()["Messages"][0]["Attributes"]["ApproximateReceiveCount"],
        "2"
    );
}

#[tokio::test]
async fn a_change_of_visibility_to_zero_wakes() {
    let host = host().await;
    send(&host, "a").await;
    let handle = receive(&host, "q").await["ReceiptHandle"].clone();
    let waiting = wait(&host, "q", 20).await;
    let change = json!({"QueueUrl": "q", "ReceiptHandle": handle, "VisibilityTimeout": 0});
    done(&host, "ChangeMessageVisibility", change).await;
    assert_eq!(body_of(&waiting.answer().await).as_deref(), Some("a"));
}

#[tokio::test]
async fn a_delete_that_frees_a_fifo_group_wakes() {
    let host = host().await;
    send_to_group(&host, "a").await;
    send_to_group(&host, "b").await;
    let handle = receive(&host, "q.fifo").await["ReceiptHandle"].clone();
    let waiting = wait(&host, "q.fifo", 20).await;
    done(
        &host,
        "DeleteMessage",
        json!({"QueueUrl": "q.fifo", "ReceiptHandle": handle}),
    )
    .await;
    assert_eq!(body_of(&waiting.answer().await).as_deref(), Some("b"));
}

#[tokio::test]
async fn waiting_receives_get_one_message_each_in_order_of_arrival() {
    let host = host().await;
    let first = wait(&host, "q", 20).await;
    let second = wait(&host, "q", 20).await;
    let third = wait(&host, "q", 20).await;
    send(&host, "a").await;
    assert!(second.is_waiting().await && third.is_waiting().await);
    assert_eq!(body_of(&first.answer().await).as_deref(), Some("a"));
    send(&host, "b").await;
    assert!(third.is_waiting().await);
    assert_eq!(body_of(&second.answer().await).as_deref(), Some("b"));
    host.advance(20 * SECOND).await;
    assert_eq!(third.answer().await.body, "{}");
}

#[tokio::test]
async fn the_deletion_of_the_queue_ends_the_wait_with_its_error() {
    let host = host().await;
    let json = wait(&host, "q", 20).await;
    let query = wait_as(
        &host,
        &Request::query("Action=ReceiveMessage&QueueUrl=q&WaitTimeSeconds=20"),
    )
    .await;
    done(&host, "DeleteQueue", json!({"QueueUrl": "q"})).await;
    let json = json.answer().await;
    assert_eq!(
        (json.status(), json.value()["__type"].as_str()),
        (400, Some("com.amazonaws.sqs#QueueDoesNotExist"))
    );
    let query = query.answer().await;
    assert_eq!(
        query.element("Code"),
        Some("AWS.SimpleQueueService.NonExistentQueue")
    );
}

#[tokio::test]
async fn a_client_that_hung_up_takes_no_message() {
    let host = host().await;
    let gone = wait(&host, "q", 20).await;
    let next = wait(&host, "q", 20).await;
    drop(gone);
    settle().await;
    send(&host, "a").await;
    let answer = next.answer().await;
    assert_eq!(body_of(&answer).as_deref(), Some("a"));
    assert_eq!(
        answer.value()["Messages"][0]["Attributes"]["ApproximateReceiveCount"],
        "1"
    );
}

#[tokio::test]
async fn a_message_for_a_client_that_hung_up_stays_visible_and_unreceived() {
    let host = host().await;
    let gone = wait(&host, "q", 20).await;
    drop(gone);
    settle().await;
    send(&host, "a").await;
    let message = receive(&host, "q").await;
    assert_eq!(message["Body"], "a");
    assert_eq!(message["Attributes"]["ApproximateReceiveCount"], "1");
}

#[tokio::test]
async fn a_wait_whose_only_message_is_moved_to_the_dead_letter_queue_goes_on() {
    let host = host().await;
    done(&host, "CreateQueue", json!({"QueueName": "dead"})).await;
    let policy =
        r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#;
    done(
        &host,
        "SetQueueAttributes",
        json!({"QueueUrl": "q", "Attributes": {"RedrivePolicy": policy}}),
    )
    .await;
    send(&host, "a").await;
    let input = json!({"QueueUrl": "q", "VisibilityTimeout": 3});
    done(&host, "ReceiveMessage", input).await;
    let at_source = wait(&host, "q", 20).await;
    let at_dead = wait(&host, "dead", 20).await;
    host.advance(3 * SECOND).await;
    assert!(at_source.is_waiting().await);
    assert_eq!(body_of(&at_dead.answer().await).as_deref(), Some("a"));
}

#[tokio::test]
async fn a_stop_answers_waits_with_nothing() {
    let host = host().await;
    let json = wait(&host, "q", 20).await;
    let query = wait_as(
        &host,
        &Request::query("Action=ReceiveMessage&QueueUrl=q&WaitTimeSeconds=20"),
    )
    .await;
    let (json, query, ()) = tokio::join!(json.answer(), query.answer(), host.server.stop());
    assert_eq!((json.status(), &*json.body), (200, "{}"));
    assert!(query.body.contains("<ReceiveMessageResult/>"), "{query:?}");
}

/// SQS quotas: at the in-flight limit a short poll of a standard queue is refused, a long poll waits.
#[tokio::test]
async fn at_the_in_flight_limit_a_short_receive_is_refused_and_a_long_one_waits() {
    let host = Host::with(topiq::Config {
        services: topiq::services::Settings {
            in_flight_limit: 1,
            ..topiq::services::Settings::default()
        },
        ..topiq::Config::default()
    })
    .await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    send(&host, "a").await;
    send(&host, "b").await;
    let received = receive(&host, "q").await;

    let json = host.json("ReceiveMessage", r#"{"QueueUrl": "q"}"#).await;
    assert_eq!(json.status(), 403);
    assert_eq!(json.value()["__type"], "com.amazonaws.sqs#OverLimit");
    let form = Request::query("Action=ReceiveMessage&QueueUrl=q");
    let query = host.begin(&form).await.answer().await;
    assert_eq!(query.status(), 403);
    assert_eq!(query.element("Code"), Some("OverLimit"));

    let waiting = wait(&host, "q", 20).await;
    let handle = &received["ReceiptHandle"];
    let input = json!({"QueueUrl": "q", "ReceiptHandle": handle});
    done(&host, "DeleteMessage", input).await;
    assert_eq!(body_of(&waiting.answer().await).as_deref(), Some("b"));
}
