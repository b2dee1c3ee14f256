//! What topiq's own API says of an event: which rules it would match, and why not the others.

use serde_json::{Value, json};

use super::ok;
use crate::support::{Answer, Host, Request};

const BUS: &str = "arn:aws:events:eu-west-1:111122223333:event-bus/default";

async fn explain(host: &Host, query: &str, body: &str) -> Answer {
    let path = format!("POST /_topiq/events/explain{query}");
    host.ask(&Request::new(&path).body(body)).await
}

async fn put_rule(host: &Host, name: &str, members: Value) {
    let mut rule = members;
    rule["Name"] = json!(name);
    ok(host, "AWSEvents.PutRule", &rule).await;
}

#[tokio::test]
async fn every_rule_says_what_it_makes_of_an_event() {
    let host = Host::start().await;
    let pattern = |text: &str| json!({ "EventPattern": text });
    put_rule(&host, "all", pattern(r#"{"source":[{"prefix":""}]}"#)).await;
    let large = r#"{"detail":{"amount":[{"numeric":[">",100]}]}}"#;
    put_rule(&host, "large", pattern(large)).await;
    let off = json!({"EventPattern": r#"{"source":["s"]}"#, "State": "DISABLED"});
    put_rule(&host, "off", off).await;
    let hourly = json!({"ScheduleExpression": "rate(1 hour)"});
    put_rule(&host, "hourly", hourly).await;
    // Its rule is not one of those that deliver.
    let archive = json!({"ArchiveName": "a", "EventSourceArn": BUS});
    ok(&host, "AWSEvents.CreateArchive", &archive).await;
    let event = r#" {"source": "s", "detail": {"amount": 7}} "#;
    let answer = explain(&host, &format!("?bus={BUS}"), event).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    let arn = |name: &str| format!("arn:aws:events:eu-west-1:111122223333:rule/{name}");
    let refused = |name: &str, reason: &str| json!({"Name": name, "Arn": arn(name), "Matches": false, "Reason": reason});
    let expected = json!({"Bus": BUS, "Rules": [
        {"Name": "all", "Arn": arn("all"), "Matches": true},
        refused("hourly", "it has a schedule and no pattern"),
        refused("large", r#"detail.amount is 7, wanted is {"numeric":[">",100]}"#),
        refused("off", "it is disabled"),
    ]});
    assert_eq!(answer.value(), expected);
    let named = "?account=111122223333&region=eu-west-1&bus=default";
    assert_eq!(explain(&host, named, event).await.value(), expected);
}

#[tokio::test]
async fn a_bus_and_an_event_are_needed() {
    let host = Host::start().await;
    for (query, body, status) in [
        ("?bus=nowhere", "{}", 404),
        ("?account=1", "{}", 400),
        ("?region=EU", "{}", 400),
        ("?buss=default", "{}", 400),
        ("", "", 400),
        ("", "[]", 400),
        ("", "{} {}", 400),
        ("", "{}", 200),
    ] {
        let answer = explain(&host, query, body).await;
        assert_eq!(answer.status(), status, "{query} {body}");
    }
}
