//! Which URLs are returned at which address, and which are accepted back: the table of docs/urls.md, row by row.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use topiq::Config;

use crate::support::{Answer, Host, Request};

const PATH: &str = "/000000000000/q";

fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    change(&mut config);
    config
}

fn forwarded() -> Config {
    config(|config| config.trust_forwarded = true)
}

/// Checks that a caller with these headers gets URLs that start with `base`, in both protocols, and that it can
/// send to them.
async fn check_with(config: Config, headers: &[(&str, &str)], base: &str) {
    let host = Host::with(config).await;
    let ask = async |request: Request| {
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        let answer = host.ask(&request).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        answer
    };
    let url = format!("{base}{PATH}");
    let created = ask(Request::json("CreateQueue", r#"{"QueueName":"q"}"#)).await;
    assert_eq!(created.value(), json!({ "QueueUrl": url }), "{headers:?}");
    let found = ask(Request::query("Action=GetQueueUrl&QueueName=q")).await;
    assert_eq!(found.element("QueueUrl"), Some(&*url));
    let listed = ask(Request::json("ListQueues", "{}")).await;
    assert_eq!(listed.value(), json!({ "QueueUrls": [url] }));
    for request in sends(&url) {
        ask(request).await;
    }
}

/// A caller that reached the server by this host.
async fn check(host: &str) {
    let base = format!("http://{host}");
    check_with(Config::default(), &[("Host", host)], &base).await;
}

/// `SendMessage` to a URL: in JSON, in a form, and in a form that goes to the URL itself, as old SDKs send it.
fn sends(url: &str) -> Vec<Request> {
    let input = json!({ "QueueUrl": url, "MessageBody": "m" });
    let encoded = utf8_percent_encode(url, NON_ALPHANUMERIC);
    let form = format!("Action=SendMessage&MessageBody=m&QueueUrl={encoded}");
    let mut sends = vec![
        Request::json("SendMessage", &input.to_string()),
        Request::query(&form),
    ];
    let path = url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    if let Some(path) = path {
        let to_itself = Request::new(&format!("POST {path}"));
        sends.push(to_itself.body("Action=SendMessage&MessageBody=m"));
    }
    sends
}

#[tokio::test]
async fn queues_are_where_the_caller_reached_the_server() {
    for host in [
        "localhost:4566",
        "localhost:32768",
        "127.0.0.1:4566",
        "192.168.1.7:4566",
        "[::1]:4566",
        "topiq:4566",
        "topiq",
        "host.docker.internal:4566",
        "sqs.localhost:4566",
        "sqs.eu-west-1.localhost:4566",
        "sqs.us-east-1.localhost.localstack.cloud:4566",
        "sqs.us-east-1.amazonaws.com",
        "us-east-1.queue.amazonaws.com",
    ] {
        check(host).await;
    }
}

#[tokio::test]
async fn public_url_is_what_urls_start_with() {
    for (public_url, own_host, base) in [
        (
            "http://localhost:4566",
            "localhost:32768",
            "http://localhost:4566",
        ),
        (
            "https://dev.example.com",
            "dev.example.com",
            "https://dev.example.com",
        ),
        (
            "https://dev.example.com/aws/",
            "dev.example.com",
            "https://dev.example.com/aws",
        ),
    ] {
        for host in ["topiq:4566", own_host] {
            let config = config(|config| {
                config.public_url = Some(public_url.to_owned());
                config.trust_forwarded = true;
            });
            let headers = [("Host", host), ("X-Forwarded-Host", "other.example.com")];
            check_with(config, &headers, base).await;
        }
    }
}

#[tokio::test]
async fn trusted_proxies_say_which_address_the_caller_used() {
    let host = ("Host", "topiq:4566");
    let to = ("X-Forwarded-Host", "aws.example.com");
    let by_https = ("X-Forwarded-Proto", "https");
    for (headers, base) in [
        (&[host, to, by_https][..], "https://aws.example.com"),
        (&[host, to], "http://aws.example.com"),
        (
            &[host, to, by_https, ("X-Forwarded-Port", "8443")],
            "https://aws.example.com:8443",
        ),
        (
            &[host, to, by_https, ("X-Forwarded-Port", "443")],
            "https://aws.example.com",
        ),
        (
            &[("Host", "aws.localhost"), by_https],
            "https://aws.localhost",
        ),
        (
            &[
                host,
                ("Forwarded", "for=10.0.0.1;host=aws.example.com;proto=https"),
            ],
            "https://aws.example.com",
        ),
        (&[host], "http://topiq:4566"),
    ] {
        check_with(forwarded(), headers, base).await;
    }
}

#[tokio::test]
async fn proxies_are_ignored_unless_they_are_trusted() {
    let headers = [
        ("Host", "topiq:4566"),
        ("X-Forwarded-Host", "aws.example.com"),
        ("X-Forwarded-Proto", "gopher"),
        ("Forwarded", "host"),
    ];
    check_with(Config::default(), &headers, "http://topiq:4566").await;
}

async fn list(config: Config, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(
        Request::json("ListQueues", "{}"),
        |request, (name, value)| request.header(name, value),
    );
    Host::with(config).await.ask(&request).await
}

/// A page under a name that was made to resolve to this machine can send any headers, except for its `Host`, which is
/// its own.
#[tokio::test]
async fn no_forwarded_host_gets_past_the_guard() {
    let headers = [("Host", "evil.com"), ("X-Forwarded-Host", "localhost:4566")];
    let answer = list(forwarded(), &headers).await;
    assert_eq!(answer.status(), 403, "{answer:?}");
}

#[tokio::test]
async fn broken_headers_of_a_trusted_proxy_are_refused() {
    for header in [
        ("X-Forwarded-Host", "https://aws.example.com"),
        ("X-Forwarded-Proto", "gopher"),
        ("X-Forwarded-Port", "http"),
        ("Forwarded", "host"),
    ] {
        let answer = list(forwarded(), &[header]).await;
        assert_eq!(answer.status(), 400, "{answer:?}");
        let message = answer.value()["message"].to_string();
        assert!(message.contains("X-Forwarded-Host"), "{message}");
    }
}

#[tokio::test]
async fn every_shape_of_a_queues_url_is_accepted_back() {
    let host = Host::start().await;
    host.json("CreateQueue", r#"{"QueueName":"q"}"#).await;
    for url in [
        "http://localhost:4566/000000000000/q",
        "http://localhost:4566/000000000000/q/",
        "http://127.0.0.1:32768/000000000000/q",
        "http://[::1]:4566/000000000000/q",
        "http://topiq:4566/000000000000/q",
        "https://topiq:4567/000000000000/q",
        "https://dev.example.com/aws/000000000000/q",
        "https://sqs.us-east-1.amazonaws.com/000000000000/q",
        "https://us-east-1.queue.amazonaws.com/000000000000/q",
        "https://queue.amazonaws.com/000000000000/q",
        // The signature decides the region, whatever the URL says.
        "https://sqs.eu-west-1.amazonaws.com/000000000000/q",
        "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/q",
        "http://us-east-1.queue.localhost.localstack.cloud:4566/000000000000/q",
        "http://localhost:4566/queue/us-east-1/000000000000/q",
        "http://localhost:4566/queue/eu-west-1/000000000000/q",
        "http://localhost:9324/queue/q",
        "/000000000000/q",
        "q",
    ] {
        for request in sends(url) {
            let answer = host.ask(&request).await;
            assert_eq!(answer.status(), 200, "{url}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn other_urls_are_no_queue() {
    let host = Host::start().await;
    host.json("CreateQueue", r#"{"QueueName":"q"}"#).await;
    for url in [
        "http://localhost:4566/000000000001/q",
        "http://localhost:4566/000000000000/other",
        "http://localhost:4566/q",
        "http://localhost:4566/account/q",
        "http://localhost:4566",
    ] {
        let input = json!({ "QueueUrl": url, "MessageBody": "m" });
        let answer = host.json("SendMessage", &input.to_string()).await;
        assert_eq!(answer.status(), 400, "{url}: {answer:?}");
    }
}

/// Without a signature, only the URL names the region.
#[tokio::test]
async fn region_of_an_unsigned_request_is_that_of_its_url() {
    let host = Host::start().await;
    let unsigned = async |request: Request| {
        let answer = host.ask(&request.header("Authorization", "none")).await;
        (
            answer.status(),
            serde_json::from_str(&answer.body).unwrap_or(Value::Null),
        )
    };
    let create = Request::json("CreateQueue", r#"{"QueueName":"q"}"#);
    let regional = create.header("Host", "sqs.eu-west-1.localhost:4566");
    let (_, created) = unsigned(regional).await;
    let own = "http://sqs.eu-west-1.localhost:4566/000000000000/q";
    assert_eq!(created["QueueUrl"], own);
    for (url, status) in [
        (own, 200),
        ("https://sqs.eu-west-1.amazonaws.com/000000000000/q", 200),
        ("http://localhost:4566/queue/eu-west-1/000000000000/q", 200),
        ("http://localhost:4566/000000000000/q", 400),
        ("http://localhost:4566/queue/us-east-1/000000000000/q", 400),
    ] {
        for (way, request) in sends(url).into_iter().enumerate() {
            // A request to the URL itself no longer has the URL's host, unless it is sent there.
            let request = if way == 2 {
                let authority = url.split('/').nth(2).expect("a host");
                request.header("Host", authority)
            } else {
                request
            };
            let (answered, _) = unsigned(request).await;
            assert_eq!(answered, status, "{url}, way {way}");
        }
    }
}
