//! What waits, through the socket, with a clock that moves only when a test says so: long polls, everything that falls due
//! while time moves on, and connections, which go by the machine's time instead.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use topiq::Config;
use topiq::clock::{Clock, ManualClock, NotManual};
use topiq::http::Deadlines;

use crate::support::{Answer, Asked, Host, Request, START, settle};

const SECOND: Duration = Duration::from_secs(1);

/// A server with the standard queue `q` and the FIFO queue `q.fifo`.
async fn host() -> Host {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    let fifo = json!({"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}});
    done(&host, "CreateQueue", fifo).await;
    host
}

/// Calls an action, which must go well.
async fn done(host: &Host, action: &str, input: Value) -> Value {
    let answer = host.json(action, &input.to_string()).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    settle().await;
    if answer.body.is_empty() {
        Value::Null
    } else {
        answer.value()
    }
}

async fn send(host: &Host, body: &str) {
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

/// Receives what is there now, with its receive count.
async fn receive(host: &Host, queue: &str) -> Value {
    let input = json!({"QueueUrl": queue, "WaitTimeSeconds": 0, "AttributeNames": ["ApproximateReceiveCount"]});
    done(host, "ReceiveMessage", input).await["Messages"][0].clone()
}

/// Begins a receive that must wait.
async fn wait(host: &Host, queue: &str, seconds: u32) -> Asked {
    let input = json!({"QueueUrl": queue, "WaitTimeSeconds": seconds, "AttributeNames": ["ApproximateReceiveCount"]});
    wait_as(host, &Request::json("ReceiveMessage", &input.to_string())).await
}

async fn wait_as(host: &Host, request: &Request) -> Asked {
    let asked = host.begin(request).await;
    assert!(asked.is_waiting().await);
    asked
}

fn body_of(answer: &Answer) -> Option<String> {
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
async fn the_queue_says_how_long_to_wait_unless_the_call_does() {
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
async fn waiting_receives_are_served_in_the_order_of_their_arrival_one_message_each() {
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
async fn a_message_for_nobody_but_a_client_that_hung_up_stays_visible_and_unreceived() {
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

/// An HTTP endpoint that answers every request with the same status.
struct Endpoint {
    url: String,
    status: watch::Sender<Option<u16>>,
    /// What was posted, with its moment in seconds since the start.
    posts: Arc<Mutex<Vec<(u64, String)>>>,
}

impl Endpoint {
    async fn start(clock: &ManualClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let (status, answers) = watch::channel(None);
        let posts = Arc::<Mutex<Vec<_>>>::default();
        let (clock, seen) = (clock.clone(), posts.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (clock, seen, answers) = (clock.clone(), seen.clone(), answers.clone());
                tokio::spawn(serve_posts(stream, clock, seen, answers));
            }
        });
        Self {
            url: format!("http://{address}/"),
            status,
            posts,
        }
    }

    /// Subscribes it to a new topic, confirms, and gives the topic's ARN. Dead letters go to the queue `dead`.
    async fn subscribe(&self, host: &Host) -> String {
        let sns = async |form: &str| {
            let answer = host.ask(&Request::query(form).signed_for("sns")).await;
            assert_eq!(answer.status(), 200, "{answer:?}");
            answer
        };
        sns("Action=CreateTopic&Name=t").await;
        let topic = "arn:aws:sns:us-east-1:000000000000:t";
        let redrive = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}"#;
        let attributes = format!(
            "Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true\
             &Attributes.entry.2.key=RedrivePolicy&Attributes.entry.2.value={redrive}"
        );
        let url = &self.url;
        self.status.send_replace(Some(200));
        sns(&format!(
            "Action=Subscribe&TopicArn={topic}&Protocol=http&Endpoint={url}&{attributes}"
        ))
        .await;
        let moved = host.server.advance(Duration::ZERO).await;
        moved.expect("the clock is a manual one");
        let (_, asked) = self.posts.lock().pop().expect("a request to confirm");
        let asked: Value = serde_json::from_str(&asked).expect("JSON");
        let token = asked["Token"].as_str().expect("a token");
        sns(&format!(
            "Action=ConfirmSubscription&TopicArn={topic}&Token={token}"
        ))
        .await;
        topic.to_owned()
    }
}

/// Reads posts from a connection and answers them, when there is an answer to give.
async fn serve_posts(
    mut stream: TcpStream,
    clock: ManualClock,
    posts: Arc<Mutex<Vec<(u64, String)>>>,
    mut answers: watch::Receiver<Option<u16>>,
) -> Option<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).ok()?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))?;
        let mut body = vec![0; length.parse().ok()?];
        stream.read_exact(&mut body).await.ok()?;
        let moment = clock.now().since(START).as_secs();
        posts.lock().push((moment, String::from_utf8(body).ok()?));
        let status = (*answers.wait_for(Option::is_some).await.ok()?)?;
        let answer = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

/// A server with the queues `q`, whose dead-letter queue is `dead`, and `busy`.
async fn host_with_dead_letters() -> Host {
    let host = Host::start().await;
    let policy =
        r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#;
    for (name, attributes) in [
        ("dead", json!({})),
        ("q", json!({ "RedrivePolicy": policy })),
        ("busy", json!({})),
    ] {
        let input = json!({ "QueueName": name, "Attributes": attributes });
        done(&host, "CreateQueue", input).await;
    }
    host
}

async fn publish(host: &Host, topic: &str, message: &str) {
    let form = format!("Action=Publish&TopicArn={topic}&Message={message}");
    let answer = host.ask(&Request::query(&form).signed_for("sns")).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
}

async fn count(host: &Host, queue: &str) -> Value {
    let input = json!({"QueueUrl": queue, "AttributeNames": ["ApproximateNumberOfMessages"]});
    let answer = done(host, "GetQueueAttributes", input).await;
    answer["Attributes"]["ApproximateNumberOfMessages"].clone()
}

#[tokio::test]
async fn all_that_falls_due_is_done_when_time_has_moved_on() {
    for _ in 0..5 {
        let host = host_with_dead_letters().await;
        let endpoint = Endpoint::start(&host.clock).await;
        let topic = endpoint.subscribe(&host).await;
        endpoint.status.send_replace(Some(500));

        // Received once, so that it is a dead letter when it becomes visible, at 8 seconds.
        send(&host, "poison").await;
        let hide = json!({"QueueUrl": "q", "VisibilityTimeout": 8});
        done(&host, "ReceiveMessage", hide).await;
        let delayed = json!({"QueueUrl": "q", "MessageBody": "delayed", "DelaySeconds": 12});
        done(&host, "SendMessage", delayed).await;
        let on_q = [wait(&host, "q", 20).await, wait(&host, "q", 20).await];
        let on_dead = wait(&host, "dead", 20).await;
        let on_busy = wait(&host, "busy", 5).await;
        // Tried at once, at 20, 40 and 60 seconds; then it is a dead letter too.
        publish(&host, &topic, "refused").await;

        let moved = host.server.advance(Duration::from_mins(10)).await;
        moved.expect("the clock is a manual one");

        assert_eq!(host.clock.now(), START + Duration::from_mins(10));
        let refused = |moment| (moment, "refused".to_owned());
        assert_eq!(*endpoint.posts.lock(), [0, 20, 40, 60].map(refused));
        // The poison, which nobody deleted, is visible again.
        assert_eq!(count(&host, "dead").await, "2");
        let [first, second] = on_q;
        assert_eq!(body_of(&first.answer().await).as_deref(), Some("delayed"));
        assert_eq!(second.answer().await.body, "{}");
        assert_eq!(body_of(&on_dead.answer().await).as_deref(), Some("poison"));
        assert_eq!(on_busy.answer().await.body, "{}");
    }
}

#[tokio::test]
async fn a_move_task_is_through_when_its_time_has_passed() {
    let host = host_with_dead_letters().await;
    for body in ["a", "b", "c"] {
        let input = json!({"QueueUrl": "dead", "MessageBody": body});
        done(&host, "SendMessage", input).await;
    }
    let (source, destination) = (
        "arn:aws:sqs:us-east-1:000000000000:dead",
        "arn:aws:sqs:us-east-1:000000000000:busy",
    );
    let task = json!({"SourceArn": source, "DestinationArn": destination, "MaxNumberOfMessagesPerSecond": 1});
    done(&host, "StartMessageMoveTask", task).await;
    for (moved, left) in [("0", "3"), ("1", "2"), ("2", "1"), ("3", "0")] {
        let (at_source, at_destination) = (count(&host, "dead").await, count(&host, "busy").await);
        assert_eq!((at_source, at_destination), (left.into(), moved.into()));
        host.server.advance(SECOND).await.expect("a manual clock");
    }
}

#[tokio::test]
async fn only_a_manual_clock_can_be_moved() {
    let config = Config {
        port: 0,
        ..Config::default()
    };
    let server = topiq::Server::start(config).await.expect("a free port");
    assert_eq!(server.advance(SECOND).await, Err(NotManual));
}

#[tokio::test]
async fn an_idle_connection_does_not_go_by_the_services_time() {
    let host = Host::start().await;
    let mut stream = TcpStream::connect(host.server.address())
        .await
        .expect("the server listens");
    for _ in 0..3 {
        let request = b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
        stream.write_all(request).await.expect("it is open");
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            answer.push(stream.read_u8().await.expect("it is served"));
        }
        host.advance(Duration::from_hours(5)).await;
    }
}

#[tokio::test]
async fn a_slow_client_is_cut_off_while_the_services_time_stands_still() {
    let deadlines = Deadlines {
        head: Duration::from_millis(1),
        ..Deadlines::default()
    };
    let host = Host::with(Config {
        deadlines,
        ..Config::default()
    })
    .await;
    let mut stream = TcpStream::connect(host.server.address())
        .await
        .expect("the server listens");
    stream.write_all(b"GET /hea").await.expect("it is open");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an end");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn an_endpoint_is_not_late_because_the_services_time_jumps() {
    let host = host_with_dead_letters().await;
    let endpoint = Endpoint::start(&host.clock).await;
    let topic = endpoint.subscribe(&host).await;
    endpoint.status.send_replace(None);
    publish(&host, &topic, "m").await;
    while endpoint.posts.lock().is_empty() {
        tokio::task::yield_now().await;
    }
    host.advance(Duration::from_hours(1)).await;
    endpoint.status.send_replace(Some(200));
    let moved = host.server.advance(Duration::from_hours(1)).await;
    moved.expect("the clock is a manual one");
    assert_eq!(*endpoint.posts.lock(), [(0, "m".to_owned())]);
    assert_eq!(count(&host, "dead").await, "0");
}
