//! The paths that are topiq's own, through a socket.

use serde_json::json;

use crate::support::{Host, Request};

const DELIVERIES: &str = "/_topiq/sns/deliveries";

async fn ask(host: &Host, line: &str) -> crate::support::Answer {
    let request = Request::new(line).header("Authorization", "none");
    host.ask(&request).await
}

#[tokio::test]
async fn fresh_server_has_captured_nothing() {
    let host = Host::start().await;
    let answer = ask(&host, &format!("GET {DELIVERIES}?protocol=email")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.value(),
        json!({ "Deliveries": [], "LastSequence": 0, "Dropped": 0 })
    );
    assert_eq!(answer.request_id().len(), 36);

    let answer = ask(&host, "GET /_aws/sns/sms-messages?region=eu-west-1").await;
    assert_eq!(
        answer.value(),
        json!({ "sms_messages": {}, "region": "eu-west-1" })
    );
    let answer = ask(&host, "GET /_aws/sns/platform-endpoint-messages").await;
    assert_eq!(
        answer.value(),
        json!({ "platform_endpoint_messages": {}, "region": "us-east-1" })
    );
}

#[tokio::test]
async fn deletions_need_no_body() {
    let host = Host::start().await;
    let answer = ask(&host, &format!("DELETE {DELIVERIES}")).await;
    assert_eq!((answer.status(), &*answer.body), (200, r#"{"Deleted":0}"#));
    let answer = ask(&host, "DELETE /_aws/sns/sms-messages").await;
    assert_eq!((answer.status(), &*answer.body), (204, ""));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_json() {
    let host = Host::start().await;
    let answer = ask(&host, "GET /_topiq/nothing").await;
    assert_eq!(answer.status(), 404);
    assert_eq!(
        answer.value(),
        json!({ "Message": "There is nothing at /_topiq/nothing." })
    );
    let answer = ask(
        &host,
        "GET /_aws/sns/subscription-tokens/arn:aws:sns:us-east-1:000000000000:t:x",
    )
    .await;
    assert_eq!(answer.status(), 404);
    let answer = ask(&host, "GET /SimpleNotificationService-0.pem").await;
    assert_eq!(answer.status(), 404);
    let answer = ask(&host, &format!("PUT {DELIVERIES}")).await;
    assert_eq!(
        (answer.status(), answer.header("allow")),
        (405, Some("GET, DELETE"))
    );
}

#[tokio::test]
async fn foreign_hosts_and_pages_are_refused() {
    let host = Host::start().await;
    for (name, value) in [
        ("Host", "evil.example.com"),
        ("Origin", "https://evil.example.com"),
    ] {
        let request = Request::new(&format!("DELETE {DELIVERIES}")).header(name, value);
        assert_eq!(host.ask(&request).await.status(), 403, "{name}");
    }
}

#[tokio::test]
async fn aws_requests_are_not_touched() {
    let host = Host::start().await;
    let created = host.json("CreateQueue", r#"{"QueueName":"_topiq"}"#).await;
    assert_eq!(created.status(), 200);
    let request = Request::new("POST /000000000000/_topiq").body("Action=GetQueueAttributes");
    assert_eq!(host.ask(&request).await.status(), 200);
}
