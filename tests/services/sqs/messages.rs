//! `/_aws/sqs/messages`: looking at a queue changes nothing.

use std::time::Duration;

use serde_json::{Value, json};

use super::waiting::done;
use crate::support::{Answer, Host, Request};

const PATH: &str = "/_aws/sqs/messages";

async fn look(host: &Host, target: &str, accept: &str) -> Answer {
    let request = Request::new(&format!("GET {PATH}{target}")).header("Accept", accept);
    host.ask(&request).await
}

/// The result in JSON.
async fn result(host: &Host, target: &str) -> Value {
    let answer = look(host, target, "application/json").await;
    let kind = (answer.status(), answer.header("content-type"));
    assert_eq!(kind, (200, Some("application/json")), "{answer:?}");
    let response = answer.value()["ReceiveMessageResponse"].take();
    assert_eq!(
        response["ResponseMetadata"]["RequestId"],
        answer.request_id()
    );
    response["ReceiveMessageResult"].clone()
}

/// The bodies of the messages that a look shows.
async fn bodies(host: &Host, target: &str) -> Vec<String> {
    let result = result(host, target).await;
    let messages = match &result["Message"] {
        Value::Array(messages) => messages.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let body = |message: &Value| message["Body"].as_str().unwrap_or_default().to_owned();
    messages.iter().map(body).collect()
}

async fn send(host: &Host, body: &str, more: Value) {
    let mut input = json!({"QueueUrl": "q", "MessageBody": body});
    let members = more.as_object().expect("members").clone();
    input.as_object_mut().expect("members").extend(members);
    done(host, "SendMessage", input).await;
}

/// A server whose queue has a message in flight, a visible one and a delayed one.
async fn host() -> Host {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    send(&host, "received", json!({})).await;
    done(&host, "ReceiveMessage", json!({"QueueUrl": "q"})).await;
    send(&host, "visible", json!({})).await;
    send(&host, "delayed", json!({"DelaySeconds": 60})).await;
    host
}

#[tokio::test]
async fn visible_messages_are_listed_and_others_if_asked_for() {
    let host = host().await;
    let url = "?QueueUrl=http://localhost:4566/000000000000/q";
    for target in [url, "?QueueUrl=q", "/us-east-1/000000000000/q"] {
        let all = format!(
            "{target}{}ShowInvisible=true&ShowDelayed=True",
            if target.contains('?') { '&' } else { '?' }
        );
        assert_eq!(bodies(&host, target).await, ["visible"]);
        assert_eq!(
            bodies(&host, &all).await,
            ["received", "visible", "delayed"]
        );
    }
    let in_flight = format!("{url}&ShowInvisible=true&ShowDelayed=false");
    assert_eq!(bodies(&host, &in_flight).await, ["received", "visible"]);
    let shown = result(&host, &in_flight).await["Message"][0]["Attribute"].clone();
    let attribute = |name: &str| {
        let mut all = shown.as_array().into_iter().flatten();
        let found = all.find(|attribute| attribute["Name"] == name);
        found.map(|attribute| attribute["Value"].clone())
    };
    assert_eq!(attribute("IsVisible"), Some("false".into()));
    assert_eq!(attribute("IsDelayed"), Some("false".into()));
    assert_eq!(attribute("ApproximateReceiveCount"), Some("1".into()));
}

#[tokio::test]
async fn looking_changes_nothing() {
    let host = host().await;
    let all = "?QueueUrl=q&ShowInvisible=true&ShowDelayed=true";
    for _ in 0..5 {
        assert_eq!(bodies(&host, all).await.len(), 3);
    }
    let input = json!({"QueueUrl": "q", "AttributeNames": ["ApproximateReceiveCount"]});
    let received = done(&host, "ReceiveMessage", input).await["Messages"][0].clone();
    assert_eq!(received["Body"], "visible");
    assert_eq!(received["Attributes"]["ApproximateReceiveCount"], "1");
    // What has become visible, and what is over, is so without another call.
    host.advance(Duration::from_mins(1)).await;
    assert_eq!(bodies(&host, "?QueueUrl=q").await.len(), 3);
    host.advance(Duration::from_hours(24 * 4)).await;
    assert_eq!(result(&host, all).await, Value::Null);
}

#[tokio::test]
async fn answers_have_the_shapes_that_suites_read() {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    let empty = look(&host, "?QueueUrl=q", "*/*").await;
    assert_eq!(empty.header("content-type"), Some("text/xml"));
    assert!(empty.body.contains("<ReceiveMessageResult/>"), "{empty:?}");
    assert_eq!(result(&host, "?QueueUrl=q").await, Value::Null);

    let kind = json!({"DataType": "String", "StringValue": "a"});
    send(&host, "one", json!({"MessageAttributes": {"kind": kind}})).await;
    let message = result(&host, "?QueueUrl=q").await["Message"].clone();
    assert_eq!(message["Body"], "one");
    assert_eq!(message["MD5OfBody"], "f97c5d29941bfb1b2fdab0874906ab82");
    assert_eq!(message["ReceiptHandle"], "SQS/BACKDOOR/ACCESS");
    let shown = json!({"Name": "kind", "Value": {"StringValue": "a", "DataType": "String"}});
    assert_eq!(message["MessageAttribute"], shown);
    let names: Vec<_> = message["Attribute"]
        .as_array()
        .expect("several")
        .iter()
        .map(|attribute| attribute["Name"].as_str().expect("a name"))
        .collect();
    let expected = [
        "SenderId",
        "SentTimestamp",
        "ApproximateReceiveCount",
        "ApproximateFirstReceiveTimestamp",
    ];
    assert_eq!(names, expected);

    let xml = look(&host, "?QueueUrl=q", "").await;
    let id = xml.request_id().to_owned();
    assert_eq!(xml.element("RequestId"), Some(&*id));
    assert_eq!(xml.element("Body"), Some("one"));
    let attribute = "<MessageAttribute><Name>kind</Name><Value><StringValue>a</StringValue>";
    assert!(xml.body.contains(attribute), "{xml:?}");
    let sent = "<Attribute><Name>SentTimestamp</Name><Value>1767323045678</Value></Attribute>";
    assert!(xml.body.contains(sent), "{xml:?}");

    // An SDK's client whose endpoint is the path.
    let input = r#"{"QueueUrl":"http://localhost:4566/000000000000/q","MaxNumberOfMessages":1}"#;
    // Some SDKs end it with a slash.
    for path in [PATH, &format!("{PATH}/")] {
        let call = Request::new(&format!("POST {path}"))
            .header("X-Amz-Target", "AmazonSQS.ReceiveMessage")
            .body(input);
        let answer = host.ask(&call).await;
        let content_type = answer.header("content-type");
        assert_eq!(content_type, Some("application/x-amz-json-1.0"), "{path}");
        let message = answer.value()["Messages"][0].clone();
        assert_eq!(message["Attributes"]["ApproximateReceiveCount"], "0");
        assert_eq!(message["MessageAttributes"]["kind"], kind);
    }
}

#[tokio::test]
async fn long_queues_are_listed_whole_and_in_order() {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    let mut expected = Vec::new();
    for batch in 0..60 {
        let bodies: Vec<_> = (0..10).map(|entry| format!("{batch}-{entry}")).collect();
        let entries = bodies.iter();
        let entries = entries.map(|body| json!({"Id": body, "MessageBody": body}));
        let entries: Vec<_> = entries.collect();
        let input = json!({"QueueUrl": "q", "Entries": entries});
        done(&host, "SendMessageBatch", input).await;
        expected.extend(bodies);
    }
    assert_eq!(bodies(&host, "?QueueUrl=q").await, expected);
}

#[tokio::test]
async fn what_names_no_queue_is_refused() {
    let host = host().await;
    for (target, status, message) in [
        ("", 400, "QueueUrl is missing."),
        ("?QueueUrl=nothing", 404, "The queue does not exist."),
        (
            "?QueueUrl=q&ShowDelayed=yes",
            400,
            "ShowDelayed is true or false, not yes.",
        ),
        (
            "?queueUrl=q",
            400,
            "Unknown parameter queueUrl: did you mean QueueUrl?",
        ),
        ("/q", 400, "q is not of the form region/account/name."),
        (
            "/eu-west-1/000000000000/q",
            404,
            "The queue does not exist.",
        ),
    ] {
        let answer = look(&host, target, "application/json").await;
        let refused = (answer.status(), answer.value());
        assert_eq!(refused, (status, json!({ "Message": message })), "{target}");
    }
    let bad = Request::new(&format!("POST {PATH}")).body("Action=ReceiveMessage");
    assert_eq!(host.ask(&bad).await.status(), 400);
}

#[tokio::test]
async fn more_than_64_mib_are_not_shown() {
    let host = Host::start().await;
    done(&host, "CreateQueue", json!({"QueueName": "q"})).await;
    // Attributes count as bodies do.
    let value = json!({"DataType": "String", "StringValue": "v".repeat(1 << 19)});
    let attributes = json!({"MessageAttributes": {"a": value}});
    for _ in 0..65 {
        send(&host, &"b".repeat((1 << 19) - 16), attributes.clone()).await;
    }
    let answer = look(&host, "?QueueUrl=q", "application/json").await;
    assert_eq!(answer.status(), 413, "{}", answer.body.len());
    let message = "The queue has more than 64 MiB to show.";
    assert_eq!(answer.value(), json!({ "Message": message }));
}
