//! EventBridge: its tables, and what takes more than one action.

mod api_destinations;
mod captured;
mod endpoints;
mod errors;
mod explain;
mod log;
mod put_events;
mod receiver;
mod replays;
mod schedules;
mod topics;
mod transforms;

use serde_json::{Value, json};

use crate::support::{Answer, Host, Request};

const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=111122223333/20260102/eu-west-1/events/aws4_request, SignedHeaders=host, Signature=0";

async fn call(host: &Host, target: &str, input: &Value) -> Answer {
    let request = Request::new("POST /")
        .header("X-Amz-Target", target)
        .header("Authorization", AUTHORIZATION)
        .body(input.to_string());
    host.ask(&request).await
}

async fn put(host: &Host, entries: &Value) -> Answer {
    call(host, "AWSEvents.PutEvents", &json!({ "Entries": entries })).await
}

/// Calls an action that succeeds.
async fn ok(host: &Host, target: &str, input: &Value) -> Value {
    let answer = call(host, target, input).await;
    assert_eq!(answer.status(), 200, "{target}: {answer:?}");
    if answer.body.is_empty() {
        return Value::Null;
    }
    answer.value()
}
