//! Deliveries to targets that are not on this machine: what they would be called with.

use serde_json::{Value, json};

use super::{call, ok, put};
use crate::support::{Host, Request};

const ROLE: &str = "arn:aws:iam::111122223333:role/r";

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:eu-west-1:111122223333:{resource}")
}

/// The captured deliveries that a query asks for.
async fn captured(host: &Host, query: &str) -> Vec<Value> {
    let line = format!("GET /_topiq/events/deliveries?{query}");
    let answer = host.ask(&Request::new(&line)).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    let deliveries = answer.value()["Deliveries"].clone();
    deliveries.as_array().expect("a list").clone()
}

async fn rule(host: &Host, bus: &str, name: &str, targets: &Value) {
    let rule = json!({"Name": name, "EventBusName": bus, "EventPattern": r#"{"source":["s"]}"#});
    ok(host, "AWSEvents.PutRule", &rule).await;
    let targets = json!({"Rule": name, "EventBusName": bus, "Targets": targets});
    ok(host, "AWSEvents.PutTargets", &targets).await;
}

#[tokio::test]
async fn targets_are_called_with_the_event_their_role_and_their_parameters() {
    let host = Host::start().await;
    ok(&host, "AWSEvents.CreateEventBus", &json!({"Name": "b"})).await;
    rule(
        &host,
        "default",
        "r",
        &json!([
            {"Id": "f", "Arn": arn("lambda", "function:f")},
            {"Id": "s", "Arn": arn("states", "stateMachine:s"), "RoleArn": ROLE, "InputPath": "$.detail"},
            {"Id": "e", "Arn": arn("ecs", "cluster/c"), "EcsParameters": {
                "TaskDefinitionArn": "$.detail.task", "TaskCount": 2, "Group": "a-$.detail.task",
                "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["$.detail.none"]}},
            }},
            {"Id": "o", "Arn": arn("ecs", "cluster/o"), "Input": r#"{"containerOverrides":[]}"#},
            {"Id": "g", "Arn": arn("execute-api", "api/prod/POST/orders/*"), "HttpParameters": {
                "PathParameterValues": ["$.detail.number"], "HeaderParameters": {"$.detail.task": "$.id"},
            }},
        ]),
    )
    .await;
    rule(
        &host,
        "b",
        "other",
        &json!([{"Id": "f", "Arn": arn("lambda", "function:f")}]),
    )
    .await;
    let detail = r#"{"task":"t","number":7}"#;
    let entry = |bus: &str| json!({"Source": "s", "DetailType": "t", "Detail": detail, "EventBusName": bus, "TraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793"});
    let output = put(&host, &json!([entry("default"), entry("b")]))
        .await
        .value();
    let id = &output["Entries"][0]["EventId"];

    let all = captured(&host, "rule=r").await;
    assert_eq!(all.len(), 5);
    let event = all[0]["Event"].as_str().expect("a text");
    assert!(
        event.ends_with(&format!(r#""detail":{detail}}}"#)),
        "{event}"
    );
    let timestamp = &all[0]["Timestamp"];
    let shown = |sequence: u64, target: &str, service: &str, arn: String, role: Option<&str>| {
        json!({
            "Sequence": sequence, "Timestamp": timestamp, "Account": "111122223333", "Region": "eu-west-1",
            "EventBusArn": "arn:aws:events:eu-west-1:111122223333:event-bus/default",
            "RuleArn": "arn:aws:events:eu-west-1:111122223333:rule/r",
            "TargetId": target, "TargetArn": arn, "Service": service, "RoleArn": role, "Parameters": {},
            "TraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793", "EventId": id, "Event": event,
            "Payload": event,
        })
    };
    let with = |mut shown: Value, payload: &str, parameters: Value| {
        shown["Payload"] = json!(payload);
        shown["Parameters"] = parameters;
        shown
    };
    let function = shown(1, "f", "lambda", arn("lambda", "function:f"), None);
    assert_eq!(all[0], function);
    let machine = shown(
        2,
        "s",
        "states",
        arn("states", "stateMachine:s"),
        Some(ROLE),
    );
    assert_eq!(all[1], with(machine, detail, json!({})));
    let task = shown(3, "e", "ecs", arn("ecs", "cluster/c"), None);
    let parameters = json!({"EcsParameters": {
        "TaskDefinitionArn": "t", "TaskCount": 2, "Group": "a-$.detail.task",
        "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": [""]}},
    }});
    assert_eq!(all[2], with(task, "", parameters));
    let other = shown(4, "o", "ecs", arn("ecs", "cluster/o"), None);
    assert_eq!(
        all[3],
        with(other, r#"{"containerOverrides":[]}"#, json!({}))
    );
    let gateway = shown(
        5,
        "g",
        "execute-api",
        arn("execute-api", "api/prod/POST/orders/*"),
        None,
    );
    let parameters = json!({"HttpParameters": {
        "PathParameterValues": ["7"], "HeaderParameters": {"$.detail.task": id},
    }});
    assert_eq!(all[4], with(gateway, event, parameters));
}

#[tokio::test]
async fn deliveries_are_asked_for_by_bus_rule_target_and_service() {
    let host = Host::start().await;
    ok(&host, "AWSEvents.CreateEventBus", &json!({"Name": "b"})).await;
    let function = json!([{"Id": "f", "Arn": arn("lambda", "function:f")}]);
    let stream = json!([{"Id": "d", "Arn": arn("firehose", "deliverystream/d")}]);
    rule(&host, "default", "one", &function).await;
    rule(&host, "b", "one", &stream).await;
    rule(&host, "b", "two", &function).await;
    let entry =
        |bus: &str| json!({"Source": "s", "DetailType": "t", "Detail": "{}", "EventBusName": bus});
    put(&host, &json!([entry("default"), entry("b")])).await;
    for (query, sequences) in [
        ("", vec![1, 2, 3]),
        ("bus=b", vec![2, 3]),
        (
            "bus=arn:aws:events:eu-west-1:111122223333:event-bus/default",
            vec![1],
        ),
        ("rule=one", vec![1, 2]),
        (
            "rule=arn:aws:events:eu-west-1:111122223333:rule/b/one",
            vec![2],
        ),
        ("target=f", vec![1, 3]),
        (
            "target=arn:aws:firehose:eu-west-1:111122223333:deliverystream/d",
            vec![2],
        ),
        ("service=lambda&bus=b", vec![3]),
        ("since=2", vec![3]),
        ("bus=missing", vec![]),
    ] {
        let found = captured(&host, query).await;
        let found: Vec<_> = found
            .iter()
            .filter_map(|it| it["Sequence"].as_u64())
            .collect();
        assert_eq!(found, sequences, "{query}");
    }
    // SNS's deliveries are others.
    let sns = host.ask(&Request::new("GET /_topiq/sns/deliveries")).await;
    assert_eq!(sns.value()["Deliveries"], json!([]));
    let deleted = Request::new("DELETE /_topiq/events/deliveries?bus=b");
    assert_eq!(host.ask(&deleted).await.value(), json!({"Deleted": 2}));
    assert_eq!(captured(&host, "").await.len(), 1);
}

/// What is not of this list of services exists nowhere.
#[tokio::test]
async fn unknown_services_are_no_targets() {
    let host = Host::start().await;
    let queue = json!({"QueueName": "d"});
    ok(&host, "AmazonSQS.CreateQueue", &queue).await;
    let target = json!([{"Id": "x", "Arn": arn("unheard-of", "x"), "DeadLetterConfig": {"Arn": arn("sqs", "d")}}]);
    rule(&host, "default", "r", &target).await;
    put(
        &host,
        &json!([{"Source": "s", "DetailType": "t", "Detail": "{}"}]),
    )
    .await;
    let receive = json!({"QueueUrl": "http://localhost:4566/111122223333/d", "MessageAttributeNames": ["All"]});
    let letter = call(&host, "AmazonSQS.ReceiveMessage", &receive)
        .await
        .value();
    let attributes = &letter["Messages"][0]["MessageAttributes"];
    assert_eq!(attributes["ERROR_CODE"]["StringValue"], "NO_RESOURCE");
    assert_eq!(captured(&host, "").await.len(), 0);
}
