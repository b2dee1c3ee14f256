//! Replays that take more than one turn.

use serde_json::{Value, json};

use super::ok;
use crate::support::{Host, settle};

const BUS: &str = "arn:aws:events:eu-west-1:111122223333:event-bus/default";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:q";

/// An archive of so many events, and a queue for them, when they come again, behind one of this many rules.
async fn archived(host: &Host, events: usize, rules: usize) {
    ok(host, "AmazonSQS.CreateQueue", &json!({"QueueName": "q"})).await;
    let archive = json!({"ArchiveName": "a", "EventSourceArn": BUS});
    ok(host, "AWSEvents.CreateArchive", &archive).await;
    for number in 0..events {
        let detail = format!(r#"{{"n":{number}}}"#);
        let entry = json!({"Source": "s", "DetailType": "t", "Detail": detail});
        ok(host, "AWSEvents.PutEvents", &json!({"Entries": [entry]})).await;
    }
    for number in 0..rules {
        let rule = json!({"Name": format!("r{number}"), "EventPattern": r#"{"source":["s"]}"#});
        ok(host, "AWSEvents.PutRule", &rule).await;
    }
    let targets = json!({"Rule": "r0", "Targets": [{"Id": "t", "Arn": QUEUE}]});
    ok(host, "AWSEvents.PutTargets", &targets).await;
}

async fn replay(host: &Host) {
    let replay = json!({
        "ReplayName": "again",
        "EventSourceArn": "arn:aws:events:eu-west-1:111122223333:archive/a",
        "EventStartTime": 0,
        "EventEndTime": 4_000_000_000_u64,
        "Destination": {"Arn": BUS},
    });
    ok(host, "AWSEvents.StartReplay", &replay).await;
    let name = json!({"ReplayName": "again"});
    while ok(host, "AWSEvents.DescribeReplay", &name).await["State"] != "COMPLETED" {
        settle().await;
    }
}

/// The numbers of the events that have arrived.
async fn arrived(host: &Host) -> Vec<usize> {
    let queue = json!({
        "QueueUrl": "http://localhost:4566/111122223333/q",
        "MaxNumberOfMessages": 10,
    });
    let mut numbers = Vec::new();
    loop {
        let answer = ok(host, "AmazonSQS.ReceiveMessage", &queue).await;
        let Some(messages) = answer["Messages"].as_array() else {
            return numbers;
        };
        for message in messages {
            let body = message["Body"].as_str().expect("a body");
            let event: Value = serde_json::from_str(body).expect("an event");
            assert_eq!(event["replay-name"], "again");
            let number = event["detail"]["n"].as_u64().expect("a number");
            numbers.push(usize::try_from(number).expect("small"));
        }
    }
}

#[tokio::test]
async fn every_event_comes_again_once_however_many_there_are() {
    let host = Host::start().await;
    archived(&host, 250, 1).await;
    replay(&host).await;
    assert_eq!(arrived(&host).await, (0..250).collect::<Vec<_>>());
}

/// A turn ends after 500 of them.
#[tokio::test]
async fn every_event_comes_again_once_however_many_rules_get_it() {
    let host = Host::start().await;
    archived(&host, 5, 300).await;
    replay(&host).await;
    assert_eq!(arrived(&host).await, (0..5).collect::<Vec<_>>());
}
