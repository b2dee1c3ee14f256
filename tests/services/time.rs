//! Time: work that falls due while it advances, through the socket, and connections, which follow the machine's time
//! instead.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use topiq::clock::{Clock, ManualClock, NotManual, SystemClock};
use topiq::http::Deadlines;
use topiq::{Config, Server};

use crate::sqs::waiting::{body_of, done, send, wait};
use crate::support::{Answer, Host, Request, START};

const SECOND: Duration = Duration::from_secs(1);

/// An HTTP endpoint that answers every request with the same status.
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) status: watch::Sender<Option<u16>>,
    /// The posted bodies, each with its time in seconds since the start.
    posts: Arc<Mutex<Vec<(u64, String)>>>,
}

impl Endpoint {
    pub(crate) async fn start(clock: &ManualClock) -> Self {
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

    /// Subscribes it to a new topic, confirms, and returns the topic's ARN. Dead letters go to the queue `dead`.
    pub(crate) async fn subscribe(&self, host: &Host) -> String {
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
async fn all_due_work_is_done_when_time_has_advanced() {
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
        // Tried at once and at 20, 40 and 60 seconds; then it is a dead letter too.
        publish(&host, &topic, "refused").await;

        let moved = host.server.advance(Duration::from_mins(10)).await;
        moved.expect("the clock is a manual one");

        assert_eq!(host.clock.now(), START + Duration::from_mins(10));
        let refused = |moment| (moment, "refused".to_owned());
        assert_eq!(*endpoint.posts.lock(), [0, 20, 40, 60].map(refused));
        // The poison message, which nobody deleted, is visible again.
        assert_eq!(count(&host, "dead").await, "2");
        let [first, second] = on_q;
        assert_eq!(body_of(&first.answer().await).as_deref(), Some("delayed"));
        assert_eq!(second.answer().await.body, "{}");
        assert_eq!(body_of(&on_dead.answer().await).as_deref(), Some("poison"));
        assert_eq!(on_busy.answer().await.body, "{}");
    }
}

#[tokio::test]
async fn a_move_task_is_complete_when_its_time_has_passed() {
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
        clock: Arc::new(SystemClock::new()),
        ..Config::default()
    };
    let server = Server::start(config).await.expect("a free port");
    assert_eq!(server.advance(SECOND).await, Err(NotManual));
}

/// What `/_topiq/clock` answers to a change.
async fn steer(host: &Host, change: &Value) -> Answer {
    let request = Request::new("POST /_topiq/clock");
    host.ask(&request.body(change.to_string())).await
}

#[tokio::test]
async fn the_clock_is_moved_by_requests_and_all_that_falls_due_is_done_by_the_answer() {
    let host = host_with_dead_letters().await;
    let endpoint = Endpoint::start(&host.clock).await;
    let topic = endpoint.subscribe(&host).await;
    endpoint.status.send_replace(Some(500));
    publish(&host, &topic, "m").await;
    let shown = steer(&host, &json!({"advance": "1h"})).await;
    assert_eq!(shown.status(), 200, "{shown:?}");
    assert_eq!(host.clock.now(), START + Duration::from_hours(1));
    let asked = host.ask(&Request::new("GET /_topiq/clock")).await.value();
    assert_eq!(asked["Now"], shown.value()["Now"]);
    assert_eq!(asked["Frozen"], json!(true));
    assert_eq!(endpoint.posts.lock().len(), 4);
    assert_eq!(count(&host, "dead").await, "1");
}

#[tokio::test]
async fn a_clock_that_runs_is_frozen_set_and_resumed() {
    let host = host_with_dead_letters().await;
    let clock = &host.clock;
    clock.resume();
    let delayed = json!({"QueueUrl": "q", "MessageBody": "delayed", "DelaySeconds": 900});
    done(&host, "SendMessage", delayed).await;
    let far = "2026-01-02T04:00:00Z";
    let shown = steer(&host, &json!({"freeze": true, "set": far})).await;
    assert_eq!(shown.value()["Now"], json!(far), "{shown:?}");
    assert_eq!(shown.value()["Frozen"], json!(true));
    let message = host.json("ReceiveMessage", r#"{"QueueUrl":"q"}"#).await;
    assert_eq!(body_of(&message).as_deref(), Some("delayed"));

    let back = steer(&host, &json!({"set": "2026-01-02T03:59:59Z"})).await;
    let reason = format!("Time moves on only: it is {far} already.");
    let refused = (back.status(), back.value());
    assert_eq!(refused, (400, json!({ "Message": reason })));
    let again = steer(&host, &json!({"set": far})).await;
    assert_eq!(again.value()["Now"], json!(far));

    let shown = steer(&host, &json!({"resume": true})).await.value();
    assert_eq!(shown["Frozen"], json!(false));
    assert!(!clock.is_frozen());
}

#[tokio::test]
async fn an_advance_that_its_client_gives_up_leaves_the_clock_running() {
    let host = host_with_dead_letters().await;
    let clock = &host.clock;
    let endpoint = Endpoint::start(clock).await;
    let topic = endpoint.subscribe(&host).await;
    // The endpoint does not answer, so the advance waits for the delivery.
    endpoint.status.send_replace(None);
    publish(&host, &topic, "m").await;
    clock.resume();
    let change = Request::new("POST /_topiq/clock").body(r#"{"advance":1}"#);
    let advance = host.begin(&change).await;
    while !clock.is_frozen() {
        tokio::task::yield_now().await;
    }
    drop(advance);
    while clock.is_frozen() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_idle_connection_ignores_the_services_time() {
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
