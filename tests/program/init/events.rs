//! Event buses and what belongs to them, of a template that the AWS CDK wrote.

use serde_json::{Value, json};

use super::harness::{json, started};
use crate::support::{Host, Request};

const CDK: &str = include_str!("../../fixtures/init/cdk-events.json");

async fn events(host: &Host, action: &str, input: &Value) -> Value {
    let request = Request::new("POST /")
        .header("Authorization", "none")
        .header("X-Amz-Target", &format!("AWSEvents.{action}"))
        .header("Content-Type", "application/x-amz-json-1.1")
        .body(input.to_string());
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{action}: {answer:?}");
    serde_json::from_str(&answer.body).unwrap_or_default()
}

#[tokio::test]
async fn an_event_goes_by_a_template_of_the_cdk() {
    let host = started("cdk-events/ShopStack.json", CDK).await;
    let entry = json!({
        "EventBusName": "shop",
        "Source": "shop.order",
        "DetailType": "OrderCreated",
        "Detail": r#"{"order":"A-1","total":150}"#,
        "Time": 1_700_000_000,
    });
    let put = events(&host, "PutEvents", &json!({ "Entries": [entry] })).await;
    assert_eq!(put["FailedEntryCount"], 0, "{put}");

    let queues = json(&host, "ListQueues", "{}").await;
    let queues = queues["QueueUrls"].as_array().expect("two queues");
    let urls = queues.iter().filter_map(Value::as_str);
    let orders = urls.into_iter().find(|url| url.contains("Orders"));
    let input = json!({ "QueueUrl": orders }).to_string();
    let received = json(&host, "ReceiveMessage", &input).await;
    assert_eq!(
        received["Messages"][0]["Body"],
        r#"{"order":"A-1","at":"2023-11-14T22:13:20Z"}"#
    );
}

#[tokio::test]
async fn what_has_an_id_of_its_own_is_found_by_what_refers_to_it() {
    let host = started("cdk-ids/ShopStack.json", CDK).await;
    let connections = events(&host, "ListConnections", &json!({})).await;
    let destinations = events(&host, "ListApiDestinations", &json!({})).await;
    let connection = &connections["Connections"][0]["ConnectionArn"];
    let destination = &destinations["ApiDestinations"][0];
    assert!(connection.is_string(), "{connections}");
    assert_eq!(&destination["ConnectionArn"], connection);
    let rules = json!({ "TargetArn": destination["ApiDestinationArn"], "EventBusName": "shop" });
    let rules = events(&host, "ListRuleNamesByTarget", &rules).await;
    assert_eq!(
        rules["RuleNames"].as_array().map(Vec::len),
        Some(1),
        "{rules}"
    );
    let archive = events(&host, "DescribeArchive", &json!({ "ArchiveName": "shop" })).await;
    assert_eq!(archive["RetentionDays"], 7, "{archive}");
}
