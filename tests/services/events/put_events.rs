//! `PutEvents` by the table of its specification: results of entries, refusals, sizes, times and the envelope.

use serde_json::{Value, json};
use topiq::Config;
use topiq::services::Settings;

use super::{call, ok, put};
use crate::support::Host;

fn table() -> Value {
    let table = include_str!("../../fixtures/events-putevents-cases.json");
    serde_json::from_str(table).expect("a table")
}

/// The entries that a row describes.
fn entries(row: &Value) -> Value {
    if let Some(repeat) = row.get("entries_repeat") {
        let times = repeat["times"].as_u64().expect("a number");
        return (0..times).map(|_| repeat["entry"].clone()).collect();
    }
    let Some(shape) = row.get("entry_shape") else {
        return row["entries"].clone();
    };
    let bytes = [&shape["detail_bytes"], &shape["detail_bytes_each"]];
    let bytes = bytes.into_iter().find_map(Value::as_u64).expect("a size");
    let padding = usize::try_from(bytes).expect("small") - r#"{"a":""}"#.len();
    let detail = format!(r#"{{"a":"{}"}}"#, "x".repeat(padding));
    let entry = json!({"Source": "shop.orders", "DetailType": "OrderPlaced", "Detail": detail});
    let count = shape["entries"].as_u64().unwrap_or(1);
    (0..count).map(|_| entry.clone()).collect()
}

/// The value with each `<uuid>` that stands where a UUID is.
fn without_ids(mut output: Value) -> Value {
    for entry in output["Entries"].as_array_mut().expect("entries") {
        if let Some(id) = entry.get_mut("EventId") {
            assert_eq!(id.as_str().map(str::len), Some(36), "{id}");
            *id = json!("<uuid>");
        }
    }
    output
}

/// A server under the limit that a row is of.
async fn host_under(limit: Option<&Value>) -> Host {
    let mut services = Settings::default();
    if let Some(limit) = limit {
        let limit = limit.as_u64().expect("a number of bytes");
        services.put_events_limit = usize::try_from(limit).expect("small");
    }
    Host::with(Config {
        services,
        ..Config::default()
    })
    .await
}

#[tokio::test]
async fn results_are_those_of_the_table() {
    let default = host_under(None).await;
    let rows = table()["results"].as_array().expect("rows").clone();
    let mut count = 0;
    for row in &rows {
        let of_before;
        let host = match row.get("limit_bytes") {
            None => &default,
            limit => {
                of_before = host_under(limit).await;
                &of_before
            }
        };
        let answer = put(host, &entries(row)).await;
        let (id, found) = (&row["id"], answer.value());
        if let Some(code) = row.get("error") {
            assert_eq!((answer.status(), &found["__type"]), (400, code), "{id}");
            let message = found["message"].as_str().expect("a message");
            let text = |member: &str| row[member].as_str().unwrap_or_default();
            assert!(message.starts_with(text("message_prefix")), "{id}");
            assert!(message.ends_with(text("message_suffix")), "{id}");
            if let Some(expected) = row.get("message") {
                assert_eq!(message, expected, "{id}");
            }
        } else {
            assert_eq!(answer.status(), 200, "{id}");
            assert_eq!(without_ids(found), row["result"], "{id}");
        }
        count += 1;
    }
    assert_eq!(count, rows.len());
    assert!(count > 23, "{count}");
}

/// A queue that gets all events, and what arrives there.
async fn listen(host: &Host) {
    let arn = "arn:aws:sqs:eu-west-1:111122223333:q";
    for (target, input) in [
        ("AmazonSQS.CreateQueue", json!({"QueueName": "q"})),
        (
            "AWSEvents.PutRule",
            json!({"Name": "r", "EventPattern": r#"{"source":[{"prefix":""}]}"#}),
        ),
        (
            "AWSEvents.PutTargets",
            json!({"Rule": "r", "Targets": [{"Id": "t", "Arn": arn}]}),
        ),
    ] {
        ok(host, target, &input).await;
    }
}

async fn arrived(host: &Host) -> String {
    let queue = json!({"QueueUrl": "http://localhost:4566/111122223333/q"});
    let answer = call(host, "AmazonSQS.ReceiveMessage", &queue).await;
    let body = &answer.value()["Messages"][0]["Body"];
    body.as_str().expect("a message").to_owned()
}

#[tokio::test]
async fn times_are_those_of_the_table() {
    let host = Host::start().await;
    listen(&host).await;
    for row in table()["times"].as_array().expect("rows") {
        let mut entry = json!({"Source": "s", "DetailType": "t", "Detail": "{}"});
        entry["Time"] = row["Time_on_wire"].clone();
        let answer = put(&host, &json!([entry])).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        let event: Value = serde_json::from_str(&arrived(&host).await).expect("an event");
        let expected = match row["id"].as_str() {
            Some("absent") => json!("2026-01-02T03:04:05Z"),
            _ => row["envelope_time"].clone(),
        };
        assert_eq!(event["time"], expected, "{row}");
    }
}

#[tokio::test]
async fn the_envelope_is_that_of_the_table() {
    let host = Host::start().await;
    listen(&host).await;
    let row = &table()["envelope"][0];
    let output = put(&host, &json!([row["entry"]])).await.value();
    let id = output["Entries"][0]["EventId"].as_str().expect("an id");
    let template = row["delivered_text_template"].as_str().expect("a text");
    let expected = template
        .replace("<EventId of the result entry>", id)
        .replace("<YYYY-MM-DDTHH:MM:SSZ>", "2026-01-02T03:04:05Z");
    assert_eq!(arrived(&host).await, expected);
}
