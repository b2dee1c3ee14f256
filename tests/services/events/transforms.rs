//! What targets get of an event, by the table of its specification: as `PutTargets` takes it, and as a queue receives it.

use serde_json::{Value, json};

use super::{call, ok};
use crate::support::{Answer, Host};

const RULE: &str = r#"{"source":["shop.stock"]}"#;
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:q";
const DEAD_LETTERS: &str = "arn:aws:sqs:eu-west-1:111122223333:d";

/// When the event is received, as envelopes write it: see [`START`](crate::support::START).
const RECEIVED: &str = "2026-01-02T03:04:05Z";

/// The bus `shop` with the rule `counts`, and the queues.
async fn host() -> Host {
    let host = Host::start().await;
    for queue in ["q", "d"] {
        ok(&host, "AmazonSQS.CreateQueue", &json!({"QueueName": queue})).await;
    }
    ok(&host, "AWSEvents.CreateEventBus", &json!({"Name": "shop"})).await;
    let rule = json!({"Name": "counts", "EventBusName": "shop", "EventPattern": RULE});
    ok(&host, "AWSEvents.PutRule", &rule).await;
    host
}

/// Puts the table's event, and gives its id.
async fn put(host: &Host, event: &Value) -> String {
    let entry = json!({
        "EventBusName": "shop",
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Resources": event["resources"],
        "Time": 1_714_979_289,
        "Detail": event["detail"].to_string(),
    });
    let put = ok(host, "AWSEvents.PutEvents", &json!({"Entries": [entry]})).await;
    let id = put["Entries"][0]["EventId"].as_str();
    id.expect("an id").to_owned()
}

/// The messages of a queue, which are received once.
async fn received(host: &Host, queue: &str) -> Vec<Value> {
    let queue = format!("http://localhost:4566/111122223333/{queue}");
    let receive =
        json!({"QueueUrl": queue, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]});
    let answer = ok(host, "AmazonSQS.ReceiveMessage", &receive).await;
    answer["Messages"].as_array().cloned().unwrap_or_default()
}

/// The table's texts in angle brackets stand for the moment of receipt.
fn with_moments(text: &str) -> String {
    let Some((before, rest)) = text.split_once("\"<") else {
        return text.to_owned();
    };
    let (_, after) = rest.split_once(">\"").expect("a closed bracket");
    format!("{before}\"{RECEIVED}\"{}", with_moments(after))
}

/// The target of a row, with the members that every row has.
fn target(case: &Value) -> Value {
    let mut target = case["target"].clone();
    let members = target.as_object_mut().expect("members");
    for (member, value) in [("Id", json!("t1")), ("Arn", json!(QUEUE))] {
        members.entry(member).or_insert(value);
    }
    let dead_letters = json!({ "Arn": DEAD_LETTERS });
    members.insert("DeadLetterConfig".to_owned(), dead_letters);
    target
}

/// Checks the refusal of a target against its row.
fn check_refusal(case: &Value, refused: &Answer) {
    let name = &case["id"];
    assert_eq!(refused.status(), 400, "{name}");
    let refused = refused.value();
    assert_eq!(refused["__type"], case["error"], "{name}");
    let message = refused["message"].as_str().expect("a sentence");
    match case["message_prefix"].as_str() {
        Some(prefix) => assert!(message.starts_with(prefix), "{name}: {message}"),
        None => assert_eq!(Some(message), case["message"].as_str(), "{name}"),
    }
}

/// Checks what the queue received of the event with this id, whose id in the table is `base_id`.
fn check_body(case: &Value, body: &str, [base_id, id]: [&str; 2]) {
    let name = &case["id"];
    if case["expect"] == "text" {
        let text = case["body_text"].as_str().expect("a text");
        assert_eq!(body, text.replace(base_id, id), "{name}");
        return;
    }
    let expected = with_moments(&case["body_json"].to_string()).replace(base_id, id);
    let expected: Value = serde_json::from_str(&expected).expect("JSON");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body, expected, "{name}");
}

#[tokio::test]
async fn queues_receive_what_the_table_says() {
    let table = include_str!("../../fixtures/events-transform-cases.json");
    let table: Value = serde_json::from_str(table).expect("a table");
    let event = &table["base_event"];
    let base_id = event["id"].as_str().expect("an id");
    let cases = table["cases"].as_array().expect("rows");
    assert_eq!(cases.len(), 46);
    let host = host().await;
    for case in cases {
        let name = &case["id"];
        let targets = json!({"Rule": "counts", "EventBusName": "shop", "Targets": [target(case)]});
        let answer = call(&host, "AWSEvents.PutTargets", &targets).await;
        let expect = case["expect"].as_str().expect("a word");
        if expect.starts_with("error") {
            check_refusal(case, &answer);
            continue;
        }
        assert_eq!(answer.status(), 200, "{name}: {answer:?}");
        let id = put(&host, event).await;
        let (got, lost) = (received(&host, "q").await, received(&host, "d").await);
        if expect == "not-delivered" {
            assert!(got.is_empty(), "{name}: {got:?}");
            let code = &lost[0]["MessageAttributes"]["ERROR_CODE"]["StringValue"];
            assert_eq!(code, "INVALID_JSON", "{name}");
            continue;
        }
        assert_eq!((got.len(), lost.len()), (1, 0), "{name}: {got:?} {lost:?}");
        let body = got[0]["Body"].as_str().expect("a body");
        check_body(case, body, [base_id, &id]);
    }
}
