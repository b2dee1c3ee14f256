//! Event buses and what belongs to them, of a template that the AWS CDK wrote.

use serde_json::{Value, json};

use super::harness::{amz_json, events, export, json, started};

const CDK: &str = include_str!("../../fixtures/init/cdk-events.json");

/// A log group and a stream as targets, a registry with what belongs to it.
const TRAIL: &str = include_str!("../../fixtures/init/cdk-trail.json");

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

#[tokio::test]
async fn log_groups_and_streams_of_the_cdk_are_targets() {
    let host = started("cdk-trail/TrailStack.json", TRAIL).await;
    let entry = json!({
        "EventBusName": "shop",
        "Source": "shop.order",
        "DetailType": "OrderCreated",
        "Detail": r#"{"user":"u-1"}"#,
    });
    let put = events(&host, "PutEvents", &json!({ "Entries": [entry] })).await;
    assert_eq!(put["FailedEntryCount"], 0, "{put}");

    let group = json!({ "logGroupName": "/shop/events" });
    let logged = amz_json(&host, "Logs_20140328.FilterLogEvents", &group).await;
    let message = logged["events"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains(r#""user":"u-1""#), "{logged}");

    let streams = amz_json(&host, "Kinesis_20131202.ListStreams", &json!({})).await;
    let stream = &streams["StreamNames"][0];
    let named = json!({ "StreamName": stream });
    let shards = amz_json(&host, "Kinesis_20131202.ListShards", &named).await;
    let mut keys = Vec::new();
    for shard in shards["Shards"].as_array().into_iter().flatten() {
        let input = json!({
            "StreamName": stream,
            "ShardId": shard["ShardId"],
            "ShardIteratorType": "TRIM_HORIZON",
        });
        let iterator = amz_json(&host, "Kinesis_20131202.GetShardIterator", &input).await;
        let records = amz_json(&host, "Kinesis_20131202.GetRecords", &iterator).await;
        let records = records["Records"].as_array().into_iter().flatten();
        keys.extend(records.map(|record| record["PartitionKey"].clone()));
    }
    assert_eq!(keys, ["u-1"]);
}

#[tokio::test]
async fn what_the_cdk_says_of_groups_streams_and_registries_is_made() {
    let host = started("cdk-made/TrailStack.json", TRAIL).await;
    let text = export(&host, "format=topiq").await;
    for expected in [
        "logGroups:\n  \"/shop/events\":\n    RetentionInDays: 7\n",
        "    RetentionPeriodHours: 48\n    ShardCount: 2\n    StreamEncryption:\n      EncryptionType: KMS\n      KeyId: alias/aws/kinesis\n    tags:\n      team: shop\n",
        "registries:\n  shop:\n    Policy:\n",
        "          Action: schemas:DescribeSchema\n          Resource: \"${registries.shop}\"\n",
        "        Content:\n          \"$schema\": \"http://json-schema.org/draft-04/schema#\"\n",
        "discoverers:\n  shop:\n    CrossAccount: false\n",
    ] {
        assert!(text.contains(expected), "{expected}{text}");
    }
}
