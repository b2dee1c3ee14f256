//! What the log tells a user: refused calls, messages that reach nobody, dead letters, failing endpoints, loops; and that
//! the same failure again and again is one line.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use topiq::clock::{Clock, SystemClock};
use tracing::subscriber::set_global_default;
use tracing::{Level, Metadata};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::{Answer, Host, Request};

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";

/// What a test's thread logs.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

thread_local! {
    /// What this thread logs at present, and how much of it.
    static CURRENT: RefCell<Option<(Level, Log)>> = const { RefCell::new(None) };
}

/// Ends the log of its thread.
pub(crate) struct Logging;

impl Drop for Logging {
    fn drop(&mut self) {
        CURRENT.set(None);
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("unharmed").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One subscriber for all tests, each of which runs in a thread of its own: subscribers that are set for a thread miss
/// lines when those of other threads come and go.
fn subscribe_once() {
    fn is_wanted<S>(metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        CURRENT.with_borrow(|current| {
            let level = current.as_ref().map(|(level, _)| level);
            level.is_some_and(|level| metadata.level() <= level)
        })
    }
    fn writer() -> Log {
        let current = CURRENT.with_borrow(Clone::clone);
        current.map(|(_, log)| log).unwrap_or_default()
    }
    static SUBSCRIBED: Once = Once::new();
    SUBSCRIBED.call_once(|| {
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_target(false)
            .with_writer(writer);
        let subscriber = Registry::default()
            .with(lines)
            .with(dynamic_filter_fn(is_wanted));
        set_global_default(subscriber).expect("no other subscriber in these tests");
    });
}

impl Log {
    /// Logs this thread up to a level, until the guard is dropped.
    pub(crate) fn start(level: Level) -> (Self, Logging) {
        subscribe_once();
        let log = Self::default();
        CURRENT.set(Some((level, log.clone())));
        (log, Logging)
    }

    pub(crate) fn text(&self) -> String {
        let bytes = self.0.lock().expect("unharmed").clone();
        String::from_utf8(bytes).expect("text")
    }

    /// The lines that contain a text.
    fn lines(&self, part: &str) -> Vec<String> {
        let text = self.text();
        let lines = text.lines().filter(|line| line.contains(part));
        lines.map(str::to_owned).collect()
    }

    /// The only line that contains a text; it must contain the others too.
    pub(crate) fn line(&self, part: &str, others: &[&str]) -> String {
        let lines = self.lines(part);
        let [line] = &*lines else {
            panic!("not one line with {part:?}: {}", self.text());
        };
        for other in others {
            assert!(line.contains(other), "{other} is not in {line}");
        }
        line.clone()
    }
}

async fn sns(host: &Host, members: &[(&str, &str)]) -> Answer {
    let members = members.iter().map(|(name, value)| {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        format!("{name}={value}")
    });
    let form = members.collect::<Vec<_>>().join("&");
    let request = Request::query(&form).header("User-Agent", "tests/1.0");
    host.ask(&request.signed_for("sns")).await
}

/// Subscribes an endpoint; the subscription's ARN.
async fn subscribe(
    host: &Host,
    protocol: &str,
    endpoint: &str,
    attributes: &[(&str, &str)],
) -> String {
    let mut members = vec![
        ("Action", "Subscribe"),
        ("TopicArn", TOPIC),
        ("Protocol", protocol),
        ("Endpoint", endpoint),
        ("ReturnSubscriptionArn", "true"),
    ];
    let names: Vec<_> = (1..=attributes.len())
        .map(|number| {
            let entry = format!("Attributes.entry.{number}");
            (format!("{entry}.key"), format!("{entry}.value"))
        })
        .collect();
    for ((key, value), (attribute, text)) in names.iter().zip(attributes) {
        members.extend([(&**key, *attribute), (&**value, *text)]);
    }
    let answer = sns(host, &members).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer
        .element("SubscriptionArn")
        .expect("an ARN")
        .to_owned()
}

async fn publish(host: &Host) {
    let members = [
        ("Action", "Publish"),
        ("TopicArn", TOPIC),
        ("Message", "m"),
        ("MessageAttributes.entry.1.Name", "store"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", "other"),
    ];
    let answer = sns(host, &members).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
}

/// A server with a topic, and what it logs.
async fn host_with_topic() -> (Host, Log, Logging) {
    let (log, logging) = Log::start(Level::INFO);
    let host = Host::start().await;
    sns(&host, &[("Action", "CreateTopic"), ("Name", "t")]).await;
    (host, log, logging)
}

/// Waits until a line with a text is logged. The connections to endpoints are real.
async fn until(log: &Log, part: &str) {
    let clock = SystemClock::new();
    for _ in 0..2000 {
        if !log.lines(part).is_empty() {
            return;
        }
        let soon = clock.now() + Duration::from_millis(5);
        clock.sleep_until(soon).await;
    }
    panic!("no line with {part:?}: {}", log.text());
}

async fn confirm(host: &Host, subscription: &str) {
    let path = format!("GET /_aws/sns/subscription-tokens/{subscription}");
    let token = host.ask(&Request::new(&path)).await.value();
    let token = token["subscription_token"].as_str().expect("a token");
    let members = [
        ("Action", "ConfirmSubscription"),
        ("TopicArn", TOPIC),
        ("Token", token),
    ];
    let answer = sns(host, &members).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
}

#[tokio::test]
async fn a_refused_call_says_who_wanted_what_and_why_not() {
    let (host, log, _logging) = host_with_topic().await;
    let request = Request::json("GetQueueUrl", r#"{"QueueName":"nil"}"#);
    host.ask(&request.header("User-Agent", "Boto3/1.40 md/x"))
        .await;
    log.line(
        "operation=\"GetQueueUrl\"",
        &[
            " INFO ",
            "a call was refused",
            "service=\"sqs\"",
            "code=\"AWS.SimpleQueueService.NonExistentQueue\"",
            "reason=\"The specified queue does not exist.\"",
            "resource=\"nil\"",
            "account=000000000000",
            "region=us-east-1",
            "client=\"Boto3/1.40 md/x\"",
        ],
    );
    let other = "arn:aws:sns:us-east-1:000000000000:no\u{7}pe\n";
    sns(
        &host,
        &[("Action", "Publish"), ("TopicArn", other), ("Message", "m")],
    )
    .await;
    // What a client sends does not break a line.
    log.line(
        "operation=\"Publish\"",
        &["code=\"NotFound\"", r"no\u{7}pe\n", "client=\"tests/1.0\""],
    );
    host.ask(&Request::new("POST /").body("Version=2010-03-31"))
        .await;
    host.ask(&Request::new("GET /?Action=Nonsense").header("Host", "evil.example"))
        .await;
    let requests = log.lines("a request was refused");
    assert!(
        requests.iter().any(|line| line.contains("Action=Nonsense")),
        "{}",
        log.text()
    );
    host.ask(&Request::new("PUT /bucket").signed_for("s3"))
        .await;
    log.line(
        "NotImplemented",
        &["topiq serves sqs, sns, sts, events, kinesis, schemas and logs, not s3"],
    );
    log.line("UnknownOperationException", &["names no action"]);
    // What succeeds is not mentioned.
    assert_eq!(log.lines("CreateTopic").len(), 0);
}

#[tokio::test]
async fn a_refused_request_to_topiqs_own_api_is_one_line() {
    let (log, _logging) = Log::start(Level::INFO);
    let host = Host::start().await;
    for (line, code, reason) in [
        (
            "DELETE /_topiq/sns/deliveries?protcol=sms",
            "code=\"400\"",
            "reason=\"Unknown parameter protcol: did you mean protocol?\"",
        ),
        (
            "GET /_aws/sqs/messages?QueueUrl=nil",
            "code=\"404\"",
            "reason=\"The queue does not exist.\"",
        ),
        (
            "GET /_localstack/nothing",
            "code=\"404\"",
            "reason=\"There is nothing at /_localstack/nothing.\"",
        ),
        ("PUT /_topiq/reset", "code=\"405\"", "takes POST."),
    ] {
        let request = Request::new(line).header("Authorization", "none");
        host.ask(&request.header("User-Agent", "curl/8")).await;
        let (method, target) = line.split_once(' ').expect("a method");
        let parts = [
            " INFO ",
            "a request was refused",
            code,
            reason,
            &format!("method={method}"),
            "client=\"curl/8\"",
        ];
        log.line(&format!("target=\"{target}\""), &parts);
    }
    host.ask(&Request::new("GET /_localstack/health")).await;
    assert_eq!(log.lines("a request was refused").len(), 4);
}

#[tokio::test]
async fn failed_entries_of_a_batch_are_one_line_with_the_first_ones_error() {
    let (log, _logging) = Log::start(Level::INFO);
    let host = Host::start().await;
    host.json("CreateQueue", r#"{"QueueName":"q"}"#).await;
    let url = r#""QueueUrl":"http://localhost:4566/000000000000/q""#;
    let send = |entries: &str| {
        let body = format!(r#"{{{url},"Entries":[{entries}]}}"#);
        Request::json("SendMessageBatch", &body).header("User-Agent", "tests/1.0")
    };
    let good = r#"{"Id":"a","MessageBody":"m"}"#;
    let bad = r#"{"Id":"b","MessageBody":"m","DelaySeconds":-1},{"Id":"c","MessageBody":""}"#;
    assert_eq!(host.ask(&send(good)).await.status(), 200);
    assert_eq!(log.lines("refused").len(), 0, "{}", log.text());
    assert_eq!(
        host.ask(&send(&format!("{good},{bad}"))).await.status(),
        200
    );
    let parts = [
        " INFO ",
        "service=\"sqs\"",
        "operation=\"SendMessageBatch\"",
        "count=2",
        "code=\"InvalidParameterValue\"",
        "DelaySeconds",
        "resource=\"http://localhost:4566/000000000000/q\"",
        "account=000000000000",
        "region=us-east-1",
        "client=\"tests/1.0\"",
    ];
    log.line("entries of a batch were refused", &parts);
    for (operation, entry) in [
        ("DeleteMessageBatch", r#"{"Id":"a","ReceiptHandle":"x"}"#),
        (
            "ChangeMessageVisibilityBatch",
            r#"{"Id":"a","ReceiptHandle":"x","VisibilityTimeout":1}"#,
        ),
    ] {
        let body = format!(r#"{{{url},"Entries":[{entry}]}}"#);
        assert_eq!(host.json(operation, &body).await.status(), 200);
        let parts = ["count=1", "code=\"ReceiptHandleIsInvalid\""];
        log.line(&format!("operation=\"{operation}\""), &parts);
    }
}

#[tokio::test]
async fn a_call_is_logged_at_level_debug_with_its_request_line() {
    let (log, _logging) = Log::start(Level::DEBUG);
    let host = Host::start().await;
    host.json("ListQueues", "{}").await;
    log.line("answered POST / HTTP/1.1", &["status=200", "ListQueues"]);
}

#[tokio::test]
async fn a_message_that_reaches_nobody_says_why_in_a_word() {
    let (host, log, _logging) = host_with_topic().await;
    publish(&host).await;
    let reached = "a message reached nobody";
    log.line(reached, &[" INFO ", "reason=\"no subscriptions\"", TOPIC]);
    subscribe(&host, "email", "a@example.com", &[]).await;
    publish(&host).await;
    log.line("reason=\"1 pending confirmation\"", &[reached]);
    let filter = [("FilterPolicy", r#"{"store":["example"]}"#)];
    for queue in ["a", "b"] {
        let queue = format!("arn:aws:sqs:us-east-1:000000000000:{queue}");
        subscribe(&host, "sqs", &queue, &filter).await;
    }
    for _ in 0..100 {
        publish(&host).await;
    }
    log.line(
        "reason=\"2 filtered out, 1 pending confirmation\"",
        &[reached],
    );
    assert_eq!(log.lines(reached).len(), 3);
    // One that reaches somebody is not mentioned.
    subscribe(&host, "sms", "+15551234567", &[]).await;
    publish(&host).await;
    assert_eq!(log.lines(reached).len(), 3);
}

#[tokio::test]
async fn an_undelivered_message_says_what_became_of_it_once_a_minute() {
    let (host, log, _logging) = host_with_topic().await;
    let gone = "arn:aws:sqs:us-east-1:000000000000:gone";
    let arn = subscribe(&host, "sqs", gone, &[]).await;
    for _ in 0..200 {
        publish(&host).await;
    }
    let lost = "there is no dead-letter queue";
    let parts = [
        " WARN ",
        gone,
        "reason=the target does not exist",
        "count=1",
    ];
    log.line(lost, &parts);

    host.json("CreateQueue", r#"{"QueueName":"dead"}"#).await;
    let dead = "arn:aws:sqs:us-east-1:000000000000:dead";
    let redrive = format!(r#"{{"deadLetterTargetArn":"{dead}"}}"#);
    let set = [
        ("Action", "SetSubscriptionAttributes"),
        ("SubscriptionArn", &*arn),
        ("AttributeName", "RedrivePolicy"),
        ("AttributeValue", &*redrive),
    ];
    sns(&host, &set).await;
    for _ in 0..200 {
        publish(&host).await;
    }
    let moved = format!("dead_letter_queue=\"{dead}\"");
    log.line("it moved to the dead-letter queue", &[gone, &moved]);
    // The cause is still the same, what became of the message is not.
    let url = r#"{"QueueUrl":"http://localhost:4566/000000000000/dead"}"#;
    host.json("DeleteQueue", url).await;
    publish(&host).await;
    let refusal = "refusal=the target does not exist";
    log.line(
        "the dead-letter queue did not take it",
        &[gone, &moved, refusal],
    );
    assert_eq!(log.lines("a message was not delivered").len(), 3);
}

#[tokio::test]
async fn a_message_received_too_often_says_where_it_goes() {
    let (log, _logging) = Log::start(Level::INFO);
    let host = Host::start().await;
    host.json("CreateQueue", r#"{"QueueName":"dead"}"#).await;
    let dead = "arn:aws:sqs:us-east-1:000000000000:dead";
    let attributes = serde_json::json!({
        "QueueName": "q",
        "Attributes": {
            "VisibilityTimeout": "0",
            "RedrivePolicy": format!(r#"{{"deadLetterTargetArn":"{dead}","maxReceiveCount":"1"}}"#),
        },
    });
    host.json("CreateQueue", &attributes.to_string()).await;
    let url = r#""QueueUrl":"http://localhost:4566/000000000000/q""#;
    host.json("SendMessage", &format!(r#"{{{url},"MessageBody":"m"}}"#))
        .await;
    for _ in 0..2 {
        host.json("ReceiveMessage", &format!("{{{url}}}")).await;
    }
    let moves = format!("dead_letter_queue=\"{dead}\"");
    let queue = "queue=\"arn:aws:sqs:us-east-1:000000000000:q\"";
    let parts = [" INFO ", queue, &*moves, "max_receive_count=1", "count=1"];
    log.line("a message was received too often", &parts);
}

#[tokio::test]
async fn a_failing_endpoint_is_named_at_once_and_its_lost_message_once() {
    let (host, log, _logging) = host_with_topic().await;
    // A port at which nobody listens.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}/hook", listener.local_addr().expect("bound"));
    drop(listener);
    let arn = subscribe(&host, "http", &endpoint, &[]).await;
    // The confirmation fails first.
    let failed = "a delivery failed and is retried";
    until(&log, failed).await;
    let parts = [
        " WARN ",
        &*endpoint,
        "reason=cannot connect",
        "retry_in=20",
        "count=1",
    ];
    log.line(failed, &parts);
    host.server
        .advance(Duration::from_mins(2))
        .await
        .expect("a manual clock");
    until(&log, "confirmation was not delivered").await;
    log.line(
        "a subscription's confirmation was not delivered",
        &[&endpoint],
    );

    confirm(&host, &arn).await;
    publish(&host).await;
    host.server
        .advance(Duration::from_mins(2))
        .await
        .expect("a manual clock");
    let lost = "a message was not delivered";
    until(&log, lost).await;
    log.line(
        lost,
        &[
            &endpoint,
            "reason=cannot connect",
            "there is no dead-letter queue",
        ],
    );
    // Its retries fail for the reason that was named less than a minute ago.
    assert_eq!(log.lines(failed).len(), 1, "{}", log.text());
}

#[tokio::test]
async fn a_subscription_that_publishes_to_its_own_topic_is_stopped() {
    let (host, log, _logging) = host_with_topic().await;
    let address = host.server.address();
    let endpoint = format!("http://{address}/?Action=Publish&TopicArn={TOPIC}&Message=again");
    let arn = subscribe(&host, "http", &endpoint, &[]).await;
    // The request for its confirmation publishes too.
    until(&log, "a message reached nobody").await;
    confirm(&host, &arn).await;
    host.json("CreateQueue", r#"{"QueueName":"q"}"#).await;
    let queue = "arn:aws:sqs:us-east-1:000000000000:q";
    subscribe(&host, "sqs", queue, &[]).await;
    publish(&host).await;
    until(&log, "a message was not delivered").await;
    log.line("a loop was stopped", &[" WARN ", TOPIC, "count=1"]);
    let parts = [&*format!("http://{address}/"), "it answered 403"];
    log.line("a message was not delivered", &parts);
    let attributes =
        r#"{"QueueUrl":"http://localhost:4566/000000000000/q","AttributeNames":["All"]}"#;
    let attributes = host.json("GetQueueAttributes", attributes).await.value();
    let count = attributes["Attributes"]["ApproximateNumberOfMessages"].as_str();
    assert_eq!(count, Some("17"), "{}", log.text());
}
