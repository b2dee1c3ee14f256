//! Topics as targets: what their subscribers get.

use serde_json::{Value, json};

use super::{ok, put};
use crate::support::{Host, Request};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:t";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:q";

async fn sns(host: &Host, form: &str) {
    let authorization = "AWS4-HMAC-SHA256 Credential=111122223333/20260102/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=0";
    let request = Request::query(form).header("Authorization", authorization);
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
}

#[tokio::test]
async fn subscribers_get_a_notification_without_subject() {
    let host = Host::start().await;
    ok(&host, "AmazonSQS.CreateQueue", &json!({"QueueName": "q"})).await;
    sns(&host, "Action=CreateTopic&Name=t").await;
    sns(
        &host,
        &format!("Action=Subscribe&TopicArn={TOPIC}&Protocol=sqs&Endpoint={QUEUE}"),
    )
    .await;
    let rule = json!({"Name": "r", "EventPattern": r#"{"source":["s"]}"#});
    ok(&host, "AWSEvents.PutRule", &rule).await;
    let targets = json!({"Rule": "r", "Targets": [{"Id": "t", "Arn": TOPIC}]});
    ok(&host, "AWSEvents.PutTargets", &targets).await;
    let header = "Root=1-5759e988-bd862e3fe1be46a994272793";
    let entry = json!({"Source": "s", "DetailType": "t", "Detail": "{}", "TraceHeader": header});
    let output = put(&host, &json!([entry])).await.value();

    let receive = json!({
        "QueueUrl": "http://localhost:4566/111122223333/q",
        "MessageSystemAttributeNames": ["AWSTraceHeader"],
    });
    let received = ok(&host, "AmazonSQS.ReceiveMessage", &receive).await;
    let message = &received["Messages"][0];
    assert_eq!(message["Attributes"]["AWSTraceHeader"], header);
    let body = message["Body"].as_str().expect("a body");
    let notification: Value = serde_json::from_str(body).expect("JSON");
    let members: Vec<_> = notification.as_object().expect("members").keys().collect();
    let expected = [
        "Type",
        "MessageId",
        "TopicArn",
        "Message",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertURL",
        "UnsubscribeURL",
    ];
    let mut sorted = expected.to_vec();
    sorted.sort_unstable();
    let mut found = members.clone();
    found.sort_unstable();
    assert_eq!(found, sorted);
    assert_eq!(notification["Type"], "Notification");
    let event: Value =
        serde_json::from_str(notification["Message"].as_str().expect("a text")).expect("an event");
    assert_eq!(event["id"], output["Entries"][0]["EventId"]);
}
