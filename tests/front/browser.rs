//! The rights of web pages: none, unless they are this machine's own or allowed by the user.

use topiq::http::Settings;

use crate::harness::{Answer, Front};

async fn ask(fields: &str) -> Answer {
    let front = Front::with(Settings {
        public_url: Some("https://queues.example.org/".to_owned()),
        allow_hosts: vec!["dev.example.com".to_owned()],
        allow_origins: vec!["https://app.example.com".to_owned()],
        ..Settings::default()
    })
    .await;
    // The body never arrives: refusals must not wait for it.
    let mut client = front.connect().await;
    client
        .ask(&format!("POST /endpoint HTTP/1.1\r\n{fields}\r\n"))
        .await
}

#[tokio::test]
async fn host_decides_first() {
    for (host, expected) in [
        ("localhost:4566", 200),
        ("127.0.0.1", 200),
        ("[::1]:4566", 200),
        ("topiq:4566", 200),
        ("sqs.eu-west-1.amazonaws.com", 200),
        ("queue.amazonaws.com", 200),
        ("dev.example.com", 200),
        ("queues.example.org", 200),
        ("evil.com", 403),
        ("127.0.0.1.nip.io:4566", 403),
        ("bucket.s3.amazonaws.com", 403),
        ("sqs.s3.us-west-2.amazonaws.com", 403),
        ("evil com", 400),
    ] {
        let answer = ask(&format!("host: {host}\r\n")).await;
        assert_eq!(answer.status(), expected, "{host}");
        assert!(answer.header("x-amzn-requestid").is_some());
        if expected == 403 {
            assert!(answer.body.contains("--allow-host"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn origin_decides_before_the_body_is_read() {
    for (fields, expected) in [
        ("", 200),
        ("origin: http://localhost:3000\r\n", 200),
        ("origin: https://app.example.com\r\n", 200),
        (
            "origin: https://app.example.com\r\nsec-fetch-site: cross-site\r\n",
            200,
        ),
        ("sec-fetch-site: same-origin\r\n", 200),
        ("sec-fetch-site: none\r\n", 200),
        ("origin: null\r\n", 403),
        ("origin: \r\n", 403),
        ("origin: http://evil.com\r\n", 403),
        (
            "origin: http://evil.com\r\norigin: http://localhost\r\n",
            403,
        ),
        ("sec-fetch-site: cross-site\r\n", 403),
        ("sec-fetch-site: same-site\r\n", 403),
        ("origin: http://evil.com\r\ncontent-length: 999\r\n", 403),
        (
            "origin: http://evil.com\r\nexpect: 100-continue\r\ncontent-length: 9\r\n",
            403,
        ),
    ] {
        let answer = ask(&format!("host: localhost\r\n{fields}")).await;
        assert_eq!(answer.status(), expected, "{fields}");
        let allowed = answer.header("access-control-allow-origin");
        let has_origin = fields.starts_with("origin");
        assert_eq!(allowed.is_some(), expected == 200 && has_origin, "{fields}");
        if expected == 403 {
            assert!(answer.body.contains("--allow-origin"), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn accepted_origin_is_echoed() {
    let answer = ask("host: localhost\r\norigin: http://localhost:3000\r\n").await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("http://localhost:3000")
    );
    assert_eq!(answer.header("vary"), Some("origin"));
    assert!(
        answer
            .header("access-control-expose-headers")
            .unwrap()
            .contains("x-amzn-requestid")
    );
}

#[tokio::test]
async fn preflight_is_answered_for_accepted_origins_only() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    let preflight = |origin: &str| {
        format!(
            "OPTIONS / HTTP/1.1\r\nhost: localhost\r\norigin: {origin}\r\n\
             access-control-request-method: POST\r\n\
             access-control-request-headers: x-amz-target,content-type\r\n\
             access-control-request-private-network: true\r\n\r\n"
        )
    };
    let answer = client.ask(&preflight("http://localhost:3000")).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("http://localhost:3000")
    );
    assert_eq!(
        answer.header("access-control-allow-methods"),
        Some("get, post, delete, options")
    );
    assert_eq!(
        answer.header("access-control-allow-headers"),
        Some("x-amz-target,content-type")
    );
    assert_eq!(
        answer.header("access-control-allow-private-network"),
        Some("true")
    );
    let answer = client.ask(&preflight("http://evil.com")).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let plain = "OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n";
    assert_eq!(
        client.ask(plain).await.header("allow"),
        Some("get, post, delete, options")
    );
}

#[tokio::test]
async fn endpoint_is_the_requests_own_host_unless_there_is_a_public_url() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    for host in ["localhost:4566", "topiq:4566", "localhost:4566"] {
        let request = format!("POST /endpoint HTTP/1.1\r\nhost: {host}\r\n\r\n");
        assert_eq!(client.ask(&request).await.body, format!("http://{host}"));
    }
    assert_eq!(
        ask("host: localhost\r\n").await.body,
        "https://queues.example.org"
    );
}

#[tokio::test]
async fn health_is_answered() {
    let front = Front::start().await;
    let mut client = front.connect().await;
    let mut get = async |path: &str| {
        let answer = client
            .ask(&format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n"))
            .await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()
    };
    let health = get("/health").await;
    assert_eq!(health["status"], "running");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
}
