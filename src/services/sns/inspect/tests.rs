//! SNS's routes, over a stand-in for the service.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::{Inspect, routes};
use crate::aws::{AccountId, Home, Region};
use crate::clock::Timestamp;
use crate::delivery::captured::testing::delivery;
use crate::delivery::captured::{Attribute, CapturedDelivery, CapturedLog};
use crate::ids::RequestId;
use crate::routes::{Answer, Question, Table};
use crate::wire::DateTime;

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";
const SUBSCRIPTION: &str =
    "arn:aws:sns:us-east-1:000000000000:t:c3ab47f3-b964-461d-84eb-903d8765b0c8";
const ENDPOINT: &str =
    "arn:aws:sns:us-east-1:000000000000:endpoint/APNS/app/c25f353e-856b-4b02-a725-6bde35e6e944";
const CERTIFICATE: &str = "/SimpleNotificationService-00112233445566778899aabbccddeeff.pem";
const MESSAGE_ID: &str = "9ce56934-dcc4-45f5-ba40-13691329fc67";

/// A stand-in for the service, with only what the routes see.
#[derive(Debug, Default)]
struct Seen(CapturedLog);

impl Inspect for Seen {
    fn captured(&self) -> &CapturedLog {
        &self.0
    }

    fn confirmation_token(&self, subscription_arn: &str) -> Option<String> {
        (subscription_arn == SUBSCRIPTION).then(|| "2336412f37fb".to_owned())
    }

    fn certificate(&self, path: &str) -> Option<String> {
        (path == CERTIFICATE).then(|| "-----BEGIN CERTIFICATE-----\n".to_owned())
    }
}

impl Seen {
    fn with(deliveries: impl IntoIterator<Item = CapturedDelivery>) -> Self {
        let seen = Self::default();
        for delivery in deliveries {
            seen.0.keep(delivery);
        }
        seen
    }

    async fn ask(&self, method: &str, target: &str) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let question = Question {
            method: &method.parse().unwrap(),
            path,
            query,
            accept: "",
            body: b"",
            request_id: RequestId::from_u128(0),
            home: Home::default(),
        };
        Table::new(routes()).answer(self, &question).await
    }

    /// A successful response, which has the shape that its route declares.
    async fn get(&self, target: &str) -> Value {
        let answer = self.ask("GET", target).await;
        assert_eq!(
            (answer.status, answer.content_type),
            (200, Some("application/json")),
            "{target}"
        );
        let value: Value = serde_json::from_str(&answer.body).unwrap();
        let table = Table::<Self>::new(routes());
        let mut descriptions = table.descriptions();
        let start = |path: &'static str| path.split('{').next().unwrap();
        let description = descriptions
            .find(|one| one.method == Method::GET && target.starts_with(start(one.path)))
            .unwrap();
        assert!(description.media[0].schema.has(&value), "{value}");
        value
    }

    /// The messages that `/_topiq/sns/deliveries` lists for a query.
    async fn listed(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("/_topiq/sns/deliveries?{query}")).await;
        let entries = answer["Deliveries"].as_array().unwrap();
        let messages = entries
            .iter()
            .map(|entry| entry["Message"].as_str().unwrap().to_owned());
        messages.collect()
    }
}

#[tokio::test]
async fn a_developer_endpoint_shows_no_more_than_its_bound() {
    let text = "m".repeat(1 << 20);
    let to = |number: &str, count: usize| {
        let one = delivery("sms", number, &text);
        std::iter::repeat_n(one, count).collect::<Vec<_>>()
    };
    let seen = Seen::with([to("+1", 3), to("+2", 3)].concat());
    let answer = seen.ask("GET", "/_aws/sns/sms-messages").await;
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert!(answer.body.contains("/_topiq/sns/deliveries"));
    let answer = seen.get("/_aws/sns/sms-messages?phoneNumber=%2B2").await;
    let messages = answer["sms_messages"]["+2"].as_array().unwrap();
    assert_eq!(messages.len(), 3);
    let answer = seen.ask("DELETE", "/_aws/sns/sms-messages").await;
    assert_eq!(answer.status, 204);
}

fn of_topic(protocol: &'static str, topic: &str, at_secs: u64, message: &str) -> CapturedDelivery {
    CapturedDelivery {
        at: DateTime(Timestamp::from_secs(1_767_312_000 + at_secs)),
        source_arn: Some(topic.into()),
        ..delivery(protocol, "x", message)
    }
}

#[tokio::test]
async fn deliveries_are_listed_by_topic_protocol_and_time() {
    let other = "arn:aws:sns:us-east-1:000000000000:other";
    let seen = Seen::with([
        of_topic("email", TOPIC, 0, "a"),
        of_topic("lambda", TOPIC, 10, "b"),
        of_topic("email", other, 20, "c"),
        delivery("sms", "+1", "d"),
    ]);
    assert_eq!(seen.listed("").await, ["a", "b", "c", "d"]);
    assert_eq!(seen.listed("protocol=email").await, ["a", "c"]);
    assert_eq!(seen.listed(&format!("topic={TOPIC}")).await, ["a", "b"]);
    assert_eq!(seen.listed("topic=other").await, ["c"]);
    assert_eq!(seen.listed("topic=ther").await, Vec::<String>::new());
    assert_eq!(seen.listed("topic=t&protocol=lambda").await, ["b"]);
    assert_eq!(seen.listed("since=2").await, ["c", "d"]);
    assert_eq!(
        seen.listed("since=2026-01-02T00:00:10Z").await,
        ["b", "c", "d"]
    );
    let whole = seen.get("/_topiq/sns/deliveries?protocol=firehose").await;
    assert_eq!(
        whole,
        json!({ "Deliveries": [], "LastSequence": 4, "Dropped": 0 })
    );
    for wrong in ["since=soon", "protocol=none"] {
        let target = format!("/_topiq/sns/deliveries?{wrong}");
        assert_eq!(seen.ask("GET", &target).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn long_lists_come_in_parts() {
    let long = |start: &str| start.repeat(1 << 20);
    let entries = ["aa", "bb", "cc", "dd"].map(|text| of_topic("email", TOPIC, 0, &long(text)));
    let seen = Seen::with(entries);
    let mut since = 0;
    let mut parts = Vec::new();
    loop {
        let part = seen
            .get(&format!("/_topiq/sns/deliveries?since={since}"))
            .await;
        let listed = part["Deliveries"].as_array().unwrap();
        parts.push(listed.len());
        since = part["LastSequence"].as_u64().unwrap();
        if part["More"] != true {
            break;
        }
    }
    assert_eq!((parts, since), (vec![1, 1, 1, 1], 4));
}

#[tokio::test]
async fn deliveries_are_deleted_by_the_same_filters() {
    let seen = Seen::with([
        of_topic("email", TOPIC, 0, "a"),
        of_topic("lambda", TOPIC, 10, "b"),
    ]);
    let deleted = seen
        .ask("DELETE", "/_topiq/sns/deliveries?protocol=email")
        .await;
    assert_eq!((deleted.status, &*deleted.body), (200, r#"{"Deleted":1}"#));
    assert_eq!(seen.listed("").await, ["b"]);
    let deleted = seen.ask("DELETE", "/_topiq/sns/deliveries").await;
    assert_eq!(&*deleted.body, r#"{"Deleted":1}"#);
    assert_eq!(seen.listed("").await, Vec::<String>::new());
}

#[tokio::test]
async fn platform_messages_are_shown_as_published() {
    let published = r#"{"APNS":"{\"aps\":{}}","default":"x"}"#;
    let seen = Seen::with([CapturedDelivery {
        published_message: published.into(),
        message_structure: Some("json".into()),
        ..delivery("application", ENDPOINT, r#"{"aps":{}}"#)
    }]);
    let path = "/_aws/sns/platform-endpoint-messages";
    let message = json!({
        "TargetArn": ENDPOINT, "TopicArn": null, "SubscriptionArn": null, "Message": published,
        "MessageAttributes": null, "MessageStructure": "json", "Subject": null, "MessageId": MESSAGE_ID,
    });
    let expected =
        json!({ "platform_endpoint_messages": { ENDPOINT: [message] }, "region": "us-east-1" });
    assert_eq!(seen.get(path).await, expected);
    assert_eq!(
        seen.get(&format!("{path}?endpointArn={ENDPOINT}")).await,
        expected
    );
    let none = json!({ "platform_endpoint_messages": { "x": [] }, "region": "us-east-1" });
    assert_eq!(seen.get(&format!("{path}?endpointArn=x")).await, none);

    let deleted = seen.ask("DELETE", &format!("{path}?endpointArn=x")).await;
    assert_eq!(
        (deleted.status, deleted.content_type, &*deleted.body),
        (204, None, "")
    );
    assert_eq!(seen.get(path).await, expected);
    seen.ask("DELETE", path).await;
    assert_eq!(
        seen.get(path).await,
        json!({ "platform_endpoint_messages": {}, "region": "us-east-1" })
    );
}

#[tokio::test]
async fn sms_messages_are_shown_by_phone_number_account_and_region() {
    let value = Attribute {
        data_type: "String".to_owned(),
        string_value: Some("Transactional".to_owned()),
        binary_value: None,
    };
    let attributes = BTreeMap::from([("AWS.SNS.SMS.SMSType".to_owned(), value)]);
    let seen = Seen::with([
        CapturedDelivery {
            message_attributes: Arc::new(attributes),
            ..delivery("sms", "+123123123", "Hello World")
        },
        delivery("sms", "+2", "second"),
        CapturedDelivery {
            region: Region::parse("eu-west-1").unwrap(),
            account: AccountId::parse("000000000042").unwrap(),
            ..delivery("sms", "+3", "elsewhere")
        },
        delivery("email", "+2", "no sms"),
    ]);
    let path = "/_aws/sns/sms-messages";
    let first = json!({ "sms_messages": { "+123123123": [{
        "PhoneNumber": "+123123123", "TopicArn": null, "SubscriptionArn": null, "MessageId": MESSAGE_ID,
        "Message": "Hello World", "MessageStructure": null, "Subject": null,
        "MessageAttributes": { "AWS.SNS.SMS.SMSType": { "DataType": "String", "StringValue": "Transactional" } },
    }] }, "region": "us-east-1" });
    assert_eq!(
        seen.get(&format!("{path}?phoneNumber=+123123123")).await,
        first
    );
    assert_eq!(
        seen.get(&format!("{path}?phoneNumber=%2B123123123")).await,
        first
    );
    let numbers = async |query: &str| {
        let answer = seen.get(&format!("{path}?{query}")).await;
        let numbers = answer["sms_messages"].as_object().unwrap().keys().cloned();
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(numbers("").await, ["+123123123", "+2"]);
    assert_eq!(
        seen.get(path).await["sms_messages"]["+2"][0]["MessageAttributes"],
        json!({})
    );
    assert_eq!(
        numbers("region=eu-west-1&accountId=000000000042").await,
        ["+3"]
    );
    assert_eq!(numbers("region=eu-west-1").await, Vec::<String>::new());
    seen.ask("DELETE", &format!("{path}?phoneNumber=+2")).await;
    assert_eq!(numbers("").await, ["+123123123"]);
    assert_eq!(
        seen.ask("GET", &format!("{path}?accountId=1")).await.status,
        400
    );
}

#[tokio::test]
async fn confirmation_tokens_are_shown_by_subscription() {
    let seen = Seen::default();
    let expected =
        json!({ "subscription_token": "2336412f37fb", "subscription_arn": SUBSCRIPTION });
    let path = "/_aws/sns/subscription-tokens/";
    assert_eq!(seen.get(&format!("{path}{SUBSCRIPTION}")).await, expected);
    assert_eq!(
        seen.get(&format!("{path}{}", SUBSCRIPTION.replace(':', "%3A")))
            .await,
        expected
    );
    let missing = seen.ask("GET", &format!("{path}{TOPIC}")).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn certificates_are_shown_by_their_path() {
    let seen = Seen::default();
    let answer = seen.ask("GET", CERTIFICATE).await;
    assert_eq!(
        (answer.status, answer.content_type),
        (200, Some("application/x-pem-file"))
    );
    assert_eq!(answer.body, "-----BEGIN CERTIFICATE-----\n");
    assert_eq!(
        seen.ask("GET", "/SimpleNotificationService-x.pem")
            .await
            .status,
        404
    );
}

#[test]
fn captured_protocols_are_those_whose_targets_are_elsewhere() {
    let delivered = ["http", "https", "sqs"];
    let captured = super::protocol_names().filter(|name| !delivered.contains(name));
    assert_eq!(
        captured.collect::<Vec<_>>(),
        super::deliveries::CAPTURED_PROTOCOLS
    );
}
