//! A reset: everything is forgotten at once, and what `--init` makes is there again.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use topiq::Config;
use topiq::clock::Clock;
use topiq::init::Init;

use crate::sqs::waiting::{done, wait};
use crate::support::{Answer, Host, Request};

/// A file of `--init` that is removed with the test.
struct File(PathBuf);

impl File {
    fn new(text: &str) -> Self {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let name = format!("topiq-reset-{}-{number}.yaml", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, text).expect("a writable folder");
        Self(path)
    }

    async fn host(&self) -> Host {
        let init = Init {
            paths: vec![self.0.clone()],
            ..Init::default()
        };
        Host::with(Config {
            init,
            ..Config::default()
        })
        .await
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

async fn reset(host: &Host) -> Answer {
    host.ask(&Request::new("POST /_topiq/reset")).await
}

async fn sns(host: &Host, form: &str) -> String {
    let answer = host.ask(&Request::query(form).signed_for("sns")).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer.body
}

async fn queues(host: &Host) -> Value {
    done(host, "ListQueues", json!({})).await["QueueUrls"].clone()
}

async fn captured(host: &Host) -> Value {
    let request = Request::new("GET /_topiq/sns/deliveries");
    host.ask(&request).await.value()["LastSequence"].clone()
}

#[tokio::test]
async fn everything_is_forgotten_and_the_initial_resources_exist_again() {
    let file = File::new("queues: {orders: {}}\ntopics: {events: {}}\n");
    for path in ["/_topiq/reset", "/_localstack/state/reset"] {
        let host = file.host().await;
        let orders = host.server.url().to_owned() + "/000000000000/orders";
        let send = json!({"QueueUrl": orders, "MessageBody": "a"});
        done(&host, "SendMessage", send).await;
        done(&host, "CreateQueue", json!({"QueueName": "more"})).await;
        sns(&host, "Action=CreateTopic&Name=more").await;
        sns(&host, "Action=Publish&PhoneNumber=%2B15550100&Message=m").await;
        assert_eq!(captured(&host).await, 1);
        let waiting = wait(&host, "more", 20).await;
        let before = host.clock.now();

        let answer = host.ask(&Request::new(&format!("POST {path}"))).await;
        assert!([200, 204].contains(&answer.status()), "{answer:?}");
        assert_eq!(answer.body, "");
        assert_eq!(waiting.answer().await.body, "{}");
        assert_eq!(host.clock.now(), before);
        let listed = queues(&host).await;
        assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
        let receive = json!({"QueueUrl": orders});
        assert_eq!(done(&host, "ReceiveMessage", receive).await, json!({}));
        let topics = sns(&host, "Action=ListTopics").await;
        assert!(topics.contains(":events<"), "{topics}");
        assert!(!topics.contains(":more<"), "{topics}");
        assert_eq!(captured(&host).await, 0);
        // A receive can wait again.
        let waiting = wait(&host, "orders", 20).await;
        let send = json!({"QueueUrl": orders, "MessageBody": "b"});
        done(&host, "SendMessage", send).await;
        assert!(waiting.answer().await.body.contains(r#""Body":"b""#));
    }
}

#[tokio::test]
async fn a_reset_whose_init_fails_forgets_nothing() {
    let file = File::new("queues: {orders: {}}\n");
    let host = file.host().await;
    done(&host, "CreateQueue", json!({"QueueName": "more"})).await;
    let waiting = wait(&host, "more", 20).await;
    fs::write(&file.0, "queues: {orders: {VisibilityTimeout: -1}}\n").expect("a writable file");
    let refused = reset(&host).await;
    assert_eq!(refused.status(), 500);
    let message = refused.value()["Message"].to_string();
    let start = r#""Nothing was reset, since --init fails: "#;
    assert!(message.starts_with(start), "{message}");
    assert!(message.contains("VisibilityTimeout"), "{message}");
    assert!(waiting.is_waiting().await);
    assert_eq!(queues(&host).await.as_array().map(Vec::len), Some(2));

    // The file is read again each time.
    fs::write(&file.0, "queues: {other: {}}\n").expect("a writable file");
    assert_eq!(reset(&host).await.status(), 204);
    let listed = queues(&host).await;
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.len(), 1);
    assert!(listed[0].as_str().expect("a URL").ends_with("/other"));
}

/// An endpoint that visits the `SubscribeURL` of a request to confirm before it answers, and counts what is posted.
async fn endpoint() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    let posts = Arc::<AtomicUsize>::default();
    let counted = posts.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(confirm(stream, counted.clone()));
        }
    });
    (format!("http://{address}/"), posts)
}

async fn confirm(mut stream: TcpStream, posts: Arc<AtomicUsize>) -> Option<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).ok()?;
        let mut lines = head.lines();
        let length = lines.find_map(|line| line.strip_prefix("Content-Length: "))?;
        let mut body = vec![0; length.parse().ok()?];
        stream.read_exact(&mut body).await.ok()?;
        posts.fetch_add(1, Ordering::Relaxed);
        let posted: Value = serde_json::from_slice(&body).ok()?;
        let mut status = 500;
        if let Some(url) = posted["SubscribeURL"].as_str() {
            let (authority, target) = url.strip_prefix("http://")?.split_once('/')?;
            let mut visit = TcpStream::connect(authority).await.ok()?;
            let request =
                format!("GET /{target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
            visit.write_all(request.as_bytes()).await.ok()?;
            let mut answer = String::new();
            visit.read_to_string(&mut answer).await.ok()?;
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
            status = 200;
        }
        let answer = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

#[tokio::test]
async fn endpoints_confirm_their_initial_subscriptions_again_and_get_nothing_from_before() {
    let (url, posts) = endpoint().await;
    let file = File::new(&format!(
        "topics: {{t: {{subscriptions: [{{protocol: http, endpoint: \"{url}\"}}]}}}}\n"
    ));
    let host = file.host().await;
    let settled = async || {
        let moved = host.server.advance(Duration::from_mins(10)).await;
        moved.expect("the clock is a manual one");
    };
    let is_confirmed = async || {
        let listed = sns(&host, "Action=ListSubscriptions").await;
        listed.contains("<SubscriptionArn>arn:aws:sns:us-east-1:000000000000:t:")
    };
    settled().await;
    assert!(is_confirmed().await);
    let topic = "arn:aws:sns:us-east-1:000000000000:t";
    let publish = format!("Action=Publish&TopicArn={topic}&Message=m");
    sns(&host, &publish).await;
    host.server
        .advance(Duration::ZERO)
        .await
        .expect("a manual clock");
    assert_eq!(
        posts.load(Ordering::Relaxed),
        2,
        "the message's retries follow"
    );
    assert_eq!(reset(&host).await.status(), 204);
    settled().await;
    assert!(is_confirmed().await);
    assert_eq!(
        posts.load(Ordering::Relaxed),
        3,
        "the second request to confirm"
    );
}

#[tokio::test]
async fn web_pages_of_other_sites_cannot_reset() {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    for path in ["/_topiq/reset", "/_localstack/state/reset"] {
        for (name, value) in [
            ("Origin", "https://evil.example.com"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Host", "evil.example.com"),
        ] {
            let request = Request::new(&format!("POST {path}")).header(name, value);
            assert_eq!(host.ask(&request).await.status(), 403, "{path} {name}");
        }
        let answer = host.ask(&Request::new(&format!("GET {path}"))).await;
        let allow = answer.header("allow");
        assert_eq!((answer.status(), allow), (405, Some("POST")), "{path}");
    }
    assert_eq!(queues(&host).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn services_run_from_their_first_call() {
    let host = Host::start().await;
    let health = async || {
        let answer = host.ask(&Request::new("GET /_localstack/health")).await;
        answer.body
    };
    assert!(health().await.contains(r#""sqs": "available""#));
    queues(&host).await;
    let states = r#""services": {"events": "available", "kinesis": "available", "logs": "available", "schemas": "available", "sns": "available", "sqs": "running", "sts": "available"}"#;
    assert!(health().await.contains(states));
    assert_eq!(reset(&host).await.status(), 204);
    assert!(health().await.contains(states), "it was called");
}
