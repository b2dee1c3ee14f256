//! Accounts that are forgotten: all that they hold goes, in every service, and nothing of others.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Host, Request};

const ALICE: &str = "111111111111";
const BOB: &str = "222222222222";

fn signed(request: Request, account: &str, region: &str, service: &str) -> Request {
    let scope = format!("{account}/20260102/{region}/{service}/aws4_request");
    let value = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    request.header("authorization", &value)
}

async fn call(host: &Host, account: &str, service: &str, target: &str, input: Value) -> Value {
    let request = Request::new("POST /")
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.1")
        .body(input.to_string());
    let answer = host
        .ask(&signed(request, account, "us-east-1", service))
        .await;
    assert_eq!(answer.status(), 200, "{target}: {answer:?}");
    serde_json::from_str(&answer.body).unwrap_or_default()
}

async fn query(host: &Host, account: &str, form: &str) -> Answer {
    let request = signed(Request::query(form), account, "us-east-1", "sns");
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{form}: {answer:?}");
    answer
}

/// Makes something of everything that an account can hold.
async fn furnish(host: &Host, account: &str) {
    let sqs = "AmazonSQS.CreateQueue";
    call(host, account, "sqs", sqs, json!({"QueueName": "q"})).await;
    query(host, account, "Action=CreateTopic&Name=t").await;
    let endpoint = format!("Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{account}:q");
    let topic = format!("TopicArn=arn:aws:sns:us-east-1:{account}:t");
    query(
        host,
        account,
        &format!("Action=Subscribe&{topic}&{endpoint}"),
    )
    .await;
    query(
        host,
        account,
        "Action=Publish&PhoneNumber=%2B15550100&Message=m",
    )
    .await;
    let credential = "Attributes.entry.1.key=PlatformCredential&Attributes.entry.1.value=k";
    let application = format!("Action=CreatePlatformApplication&Name=a&Platform=GCM&{credential}");
    query(host, account, &application).await;
    let bus = format!("arn:aws:events:us-east-1:{account}:event-bus/b");
    for (action, input) in [
        ("CreateEventBus", json!({"Name": "b"})),
        (
            "PutRule",
            json!({"Name": "r", "ScheduleExpression": "rate(1 hour)"}),
        ),
        (
            "CreateArchive",
            json!({"ArchiveName": "a", "EventSourceArn": bus}),
        ),
        (
            "CreateConnection",
            json!({"Name": "c", "AuthorizationType": "API_KEY", "AuthParameters":
                {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}}),
        ),
    ] {
        call(
            host,
            account,
            "events",
            &format!("AWSEvents.{action}"),
            input,
        )
        .await;
    }
    let group = json!({"logGroupName": "g"});
    call(host, account, "logs", "Logs_20140328.CreateLogGroup", group).await;
    let stream = json!({"StreamName": "s", "ShardCount": 1});
    call(
        host,
        account,
        "kinesis",
        "Kinesis_20131202.CreateStream",
        stream,
    )
    .await;
    let registry = Request::new("POST /v1/registries/name/r").body("{}");
    let registry = signed(registry, account, "us-east-1", "schemas");
    assert_eq!(host.ask(&registry).await.status(), 201);
}

/// What is held, by account: the types of resources with their counts.
async fn held(host: &Host) -> Vec<(String, Value)> {
    let listed = host
        .ask(&Request::new("GET /_topiq/namespaces"))
        .await
        .value();
    let namespaces = listed["Namespaces"].as_array().expect("a list").iter();
    let of = |namespace: &Value| {
        let account = namespace["Account"].as_str().expect("a text").to_owned();
        (account, namespace["Resources"].clone())
    };
    namespaces.map(of).collect()
}

async fn captured(host: &Host) -> usize {
    let listed = host
        .ask(&Request::new("GET /_topiq/sns/deliveries"))
        .await
        .value();
    listed["Deliveries"].as_array().expect("a list").len()
}

#[tokio::test]
async fn an_account_is_forgotten_in_every_service_and_no_other_is() {
    let host = Host::start().await;
    for account in [ALICE, BOB] {
        furnish(&host, account).await;
    }
    let before = held(&host).await;
    let accounts: Vec<_> = before.iter().map(|(account, _)| &**account).collect();
    assert_eq!(accounts, [ALICE, BOB]);
    // Whatever a service holds is among these, or the service forgets it untested.
    let kinds = before[0].1.as_object().expect("counts").len();
    assert_eq!(kinds, 10, "{before:?}");
    assert_eq!(captured(&host).await, 2);
    let message =
        json!({"QueueUrl": format!("/{ALICE}/q"), "MessageBody": "m", "DelaySeconds": 900});
    let sent = call(&host, ALICE, "sqs", "AmazonSQS.SendMessage", message).await;
    let sent = sent["MessageId"].as_str().expect("an id").to_owned();
    let receive = json!({"QueueUrl": format!("/{ALICE}/q"), "WaitTimeSeconds": 20}).to_string();
    let receive = Request::json("ReceiveMessage", &receive);
    let waiting = host
        .begin(&signed(receive, ALICE, "us-east-1", "sqs"))
        .await;
    assert!(waiting.is_waiting().await);

    let forgotten = host
        .ask(&Request::new(&format!("DELETE /_topiq/accounts/{ALICE}")))
        .await;

    assert_eq!((forgotten.status(), &*forgotten.body), (204, ""));
    assert_eq!(held(&host).await, before[1..]);
    assert_eq!(captured(&host).await, 1);
    assert!(waiting.answer().await.body.contains("QueueDoesNotExist"));
    let traced = format!("GET /_topiq/traces/{sent}");
    let traced = host.ask(&Request::new(&traced)).await.value();
    assert_eq!(traced["Messages"][0]["State"], json!("queue deleted"));
    // The name is free, and the schedule of the rule that is gone does not run.
    furnish(&host, ALICE).await;
    host.server
        .advance(Duration::from_hours(2))
        .await
        .expect("a manual clock");
    assert_eq!(held(&host).await, before);
}

#[tokio::test]
async fn an_account_lives_as_long_as_is_said_last() {
    let host = Host::start().await;
    for account in [ALICE, BOB] {
        furnish(&host, account).await;
        let path = format!("PUT /_topiq/accounts/{account}");
        let limited = host.ask(&Request::new(&path).body(r#"{"ttl":"1h"}"#)).await;
        let expected = json!({"Account": account, "ExpiresAt": "2026-01-02T04:04:05.678Z"});
        assert_eq!(limited.value(), expected);
    }
    let later = Request::new(&format!("PUT /_topiq/accounts/{BOB}")).body(r#"{"ttl":7200}"#);
    assert_eq!(host.ask(&later).await.status(), 200);
    let left = async |minutes: u64| {
        let passed = host.server.advance(Duration::from_mins(minutes)).await;
        passed.expect("a manual clock");
        let held = held(&host).await;
        held.into_iter()
            .map(|(account, _)| account)
            .collect::<Vec<_>>()
    };
    assert_eq!(left(59).await, [ALICE, BOB]);
    assert_eq!(left(1).await, [BOB]);
    assert_eq!(left(60).await, [""; 0]);
}

#[tokio::test]
async fn what_is_no_account_or_no_time_is_refused() {
    let host = Host::start().await;
    for (line, body, reason) in [
        ("DELETE /_topiq/accounts/12", "", "it has twelve digits"),
        (
            "PUT /_topiq/accounts/12",
            r#"{"ttl":1}"#,
            "it has twelve digits",
        ),
        (
            "PUT /_topiq/accounts/111111111111",
            "{}",
            "missing field `ttl`",
        ),
        (
            "PUT /_topiq/accounts/111111111111",
            r#"{"ttl":"soon"}"#,
            "ttl is a duration",
        ),
        (
            "PUT /_topiq/accounts/111111111111",
            r#"{"tll":1}"#,
            "unknown field `tll`",
        ),
    ] {
        let answer = host.ask(&Request::new(line).body(body)).await;
        assert_eq!(answer.status(), 400, "{line}");
        assert!(answer.body.contains(reason), "{answer:?}");
    }
}
