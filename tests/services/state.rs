//! What is held, as topiq's own API lists it: nothing is received or counted by looking.

use std::time::Duration;

use serde_json::{Value, json};

use crate::sqs::waiting::{done, wait};
use crate::support::{Answer, Host, Request};

async fn look(host: &Host, target: &str) -> Answer {
    host.ask(&Request::new(&format!("GET /_topiq/{target}")))
        .await
}

async fn items(host: &Host, target: &str) -> Value {
    let answer = look(host, target).await;
    assert_eq!(answer.status(), 200, "{target}: {answer:?}");
    answer.value()["Items"].clone()
}

/// The members of a listing's only item that `expected` has.
async fn assert_has(host: &Host, target: &str, expected: &Value) {
    let items = items(host, target).await;
    assert_eq!(items.as_array().map(Vec::len), Some(1), "{items}");
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&items[0][name], value, "{target}: {name}");
    }
}

async fn sns(host: &Host, form: &str) -> Answer {
    let answer = host.ask(&Request::query(form).signed_for("sns")).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer
}

async fn events(host: &Host, action: &str, input: &Value) {
    let request = Request::new("POST /")
        .header("x-amz-target", &format!("AWSEvents.{action}"))
        .header("content-type", "application/x-amz-json-1.1")
        .body(input.to_string());
    let answer = host.ask(&request.signed_for("events")).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
}

#[tokio::test]
async fn queues_say_how_many_messages_are_in_which_state() {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "dead"})).await;
    let policy =
        r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}"#;
    let orders = json!({"QueueName": "orders", "Attributes": {"RedrivePolicy": policy}});
    done(&host, "CreateQueue", orders).await;
    for delay in [0, 0, 0, 60] {
        let message = json!({"QueueUrl": "orders", "MessageBody": "m", "DelaySeconds": delay});
        done(&host, "SendMessage", message).await;
    }
    done(&host, "ReceiveMessage", json!({"QueueUrl": "orders"})).await;
    let _waiting = wait(&host, "dead", 20).await;
    let expected = json!({
        "Arn": "arn:aws:sqs:us-east-1:000000000000:orders",
        "Fifo": false,
        "CreatedAt": "2026-01-02T03:04:05.678Z",
        "Ready": 2, "Delayed": 1, "InFlight": 1, "WaitingReceives": 0,
        "DeadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead",
        "MaxReceiveCount": 2,
    });
    // The second look sees the same: the first one counted for nothing.
    for _ in 0..2 {
        assert_has(&host, "sqs/queues?prefix=ord", &expected).await;
    }
    let waiting = json!({"Name": "dead", "Ready": 0, "WaitingReceives": 1});
    assert_has(&host, "sqs/queues?prefix=dead", &waiting).await;
    host.server
        .advance(Duration::from_mins(1))
        .await
        .expect("a manual clock");
    let all_visible = json!({"Ready": 4, "Delayed": 0, "InFlight": 0});
    assert_has(&host, "sqs/queues?prefix=ord", &all_visible).await;
}

#[tokio::test]
async fn a_listing_has_pages() {
    let host = Host::start().await;
    for name in ["a", "b", "c"] {
        done(&host, "CreateQueue", json!({ "QueueName": name })).await;
    }
    let first = look(&host, "sqs/queues?limit=2").await.value();
    assert_eq!(first["Next"], json!("b"));
    let rest = look(&host, "sqs/queues?limit=2&after=b").await.value();
    assert_eq!(rest["Items"][0]["Name"], json!("c"));
    assert_eq!(rest.get("Next"), None);
    for wrong in ["0", "1001", "many"] {
        let refused = look(&host, &format!("sqs/queues?limit={wrong}")).await;
        assert_eq!(refused.status(), 400);
    }
    let others = items(&host, "sqs/queues?account=111111111111").await;
    assert_eq!(others, json!([]));
}

#[tokio::test]
async fn subscriptions_show_what_filters_them_and_the_token_of_a_pending_one() {
    let host = Host::start().await;
    for name in ["orders", "other"] {
        sns(&host, &format!("Action=CreateTopic&Name={name}")).await;
    }
    let topic = "arn:aws:sns:us-east-1:000000000000:orders";
    let subscribe = format!("Action=Subscribe&TopicArn={topic}");
    let queue = "arn:aws:sqs:us-east-1:000000000000:q";
    let attributes = "Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value={\"kind\":[\"book\"]}\
                      &Attributes.entry.2.key=RawMessageDelivery&Attributes.entry.2.value=true";
    sns(
        &host,
        &format!("{subscribe}&Protocol=sqs&Endpoint={queue}&{attributes}"),
    )
    .await;
    sns(
        &host,
        &format!("{subscribe}&Protocol=email&Endpoint=a@example.com"),
    )
    .await;

    let counts =
        json!({"Name": "orders", "Arn": topic, "Fifo": false, "Confirmed": 1, "Pending": 1});
    assert_eq!(
        items(&host, "sns/topics?prefix=orders").await,
        json!([counts])
    );

    let listed = items(&host, "sns/subscriptions?prefix=orders:").await;
    let listed = listed.as_array().expect("a list");
    let of = |protocol: &str| {
        let mut listed = listed.iter();
        listed
            .find(|shown| shown["Protocol"] == protocol)
            .expect("it is there")
    };
    let filtered = of("sqs");
    assert_eq!(filtered["FilterPolicy"], json!(r#"{"kind":["book"]}"#));
    assert_eq!(filtered["FilterPolicyScope"], json!("MessageAttributes"));
    assert_eq!(filtered["RawMessageDelivery"], json!(true));
    assert_eq!(
        (&filtered["Confirmed"], filtered.get("Token")),
        (&json!(true), None)
    );
    let pending = of("email");
    assert_eq!(pending["Confirmed"], json!(false));
    let token = pending["Token"].as_str().expect("a token");
    sns(
        &host,
        &format!("Action=ConfirmSubscription&TopicArn={topic}&Token={token}"),
    )
    .await;
    let counts = items(&host, "sns/topics?prefix=orders").await;
    assert_eq!(
        (&counts[0]["Confirmed"], &counts[0]["Pending"]),
        (&json!(2), &json!(0))
    );

    let first = look(&host, "sns/subscriptions?limit=1").await.value();
    let next = first["Next"].as_str().expect("another page");
    let rest = look(&host, &format!("sns/subscriptions?after={next}"))
        .await
        .value();
    let names: Vec<_> = [&first, &rest]
        .iter()
        .map(|page| page["Items"][0]["Name"].clone())
        .collect();
    assert_eq!(names.len(), 2);
    assert_ne!(names[0], names[1]);
    assert_eq!(rest.get("Next"), None);
}

#[tokio::test]
async fn rules_show_their_targets_and_when_they_run_next() {
    let host = Host::start().await;
    events(&host, "CreateEventBus", &json!({"Name": "orders"})).await;
    let hourly = json!({"Name": "hourly", "ScheduleExpression": "rate(1 hour)"});
    events(&host, "PutRule", &hourly).await;
    let placed = json!({"Name": "placed", "EventBusName": "orders", "EventPattern": r#"{"source":["shop"]}"#});
    events(&host, "PutRule", &placed).await;
    let target = json!({
        "Id": "q", "Arn": "arn:aws:sqs:us-east-1:000000000000:q",
        "DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:000000000000:dead"},
    });
    let targets = json!({"Rule": "placed", "EventBusName": "orders", "Targets": [target]});
    events(&host, "PutTargets", &targets).await;

    let buses = items(&host, "events/buses").await;
    let names: Vec<_> = buses
        .as_array()
        .expect("a list")
        .iter()
        .map(|bus| (bus["Name"].clone(), bus["Rules"].clone()))
        .collect();
    assert_eq!(
        names,
        [(json!("default"), json!(1)), (json!("orders"), json!(1))]
    );
    let hourly = json!({
        "Name": "default/hourly",
        "Arn": "arn:aws:events:us-east-1:000000000000:rule/hourly",
        "BusArn": "arn:aws:events:us-east-1:000000000000:event-bus/default",
        "State": "ENABLED",
        "ScheduleExpression": "rate(1 hour)",
        "NextRun": "2026-01-02T04:04:05.678Z",
        "Targets": [],
    });
    assert_eq!(
        items(&host, "events/rules?prefix=default/").await,
        json!([hourly])
    );
    let placed = json!({
        "Name": "orders/placed",
        "EventPattern": r#"{"source":["shop"]}"#,
        "Targets": [{
            "Id": "q", "Arn": "arn:aws:sqs:us-east-1:000000000000:q",
            "DeadLetterArn": "arn:aws:sqs:us-east-1:000000000000:dead",
        }],
    });
    assert_has(&host, "events/rules?after=default/hourly", &placed).await;
}
