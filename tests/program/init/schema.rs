//! The published JSON Schema of the short format: it is the one that topiq makes, and agrees with the services.
//!
//! `TOPIQ_REWRITE=1 cargo test --test program schema` writes `docs/topiq.schema.json`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use topiq::init::short::schema::schema;

use super::harness::started;
use crate::support::{Host, Request};

#[test]
fn the_published_schema_is_topiqs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/topiq.schema.json");
    let made = format!("{:#}\n", schema());
    if std::env::var_os("TOPIQ_REWRITE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == made,
        "docs/topiq.schema.json: see this file's first lines"
    );
}

/// One of each kind, of which every attribute can be set.
const ALL: &str = "
queues: {q.fifo: {DeduplicationScope: messageGroup}}
topics: {t: {subscriptions: [{protocol: http, endpoint: \"http://localhost\"}]}, t.fifo: {}}
";

/// What is tried of an attribute: values that the schema allows, and some that it does not.
fn tries(schema: &Value) -> (Vec<String>, Vec<String>) {
    let texts = |values: &[Value]| -> Vec<String> {
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        values.iter().map(text).collect()
    };
    if let Some(words) = schema["enum"].as_array() {
        return (texts(words), vec!["x".to_owned()]);
    }
    if let (Some(least), Some(most)) = (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        let bad = texts(&[json!(least - 1), json!(most + 1), json!("x")]);
        return (texts(&[json!(least), json!(most)]), bad);
    }
    if schema["type"] == "boolean" {
        return (texts(&[json!(true)]), texts(&[json!("x")]));
    }
    (Vec::new(), Vec::new())
}

async fn is_taken(host: &Host, request: Request) -> bool {
    let answer = host.ask(&request.header("Authorization", "none")).await;
    assert!(matches!(answer.status(), 200 | 400), "{answer:?}");
    answer.status() == 200
}

async fn sets_queue(host: &Host, name: &str, value: &str) -> bool {
    let attributes = json!({ name: value });
    let input = json!({ "QueueUrl": "q.fifo", "Attributes": attributes });
    let request = Request::json("SetQueueAttributes", &input.to_string());
    is_taken(host, request).await
}

async fn sets_topic(host: &Host, topic: &str, name: &str, value: &str) -> bool {
    let form = format!(
        "Action=SetTopicAttributes&Version=2010-03-31&TopicArn=arn:aws:sns:eu-west-1:123456789012:{topic}&AttributeName={name}&AttributeValue={value}"
    );
    is_taken(host, Request::query(&form)).await
}

#[tokio::test]
async fn ranges_and_words_are_the_services() {
    let schema = schema();
    let mut count = 0;
    for (kind, fixed) in [("queue", "FifoQueue"), ("topic", "FifoTopic")] {
        let properties = &schema["definitions"][kind]["properties"];
        for (name, described) in properties.as_object().unwrap() {
            let host = started("schema.yaml", ALL).await;
            let topic = match described["description"].as_str() {
                Some("FIFO only.") => "t.fifo",
                _ => "t",
            };
            let (good, bad) = tries(described);
            let values = good.iter().map(|value| (value, true));
            let values = values.chain(bad.iter().map(|value| (value, false)));
            for (value, expected) in values.filter(|_| name != fixed) {
                let is_set = match kind {
                    "queue" => sets_queue(&host, name, value).await,
                    // Larger messages cannot go to HTTP endpoints.
                    _ if name == "MaximumMessageSize" => {
                        sets_topic(&host, "t.fifo", name, value).await
                    }
                    _ => sets_topic(&host, topic, name, value).await,
                };
                assert_eq!(is_set, expected, "{name}: {value}");
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count}");
}
