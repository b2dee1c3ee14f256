//! The admin paths, over an SNS that is made up of what they see.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::aws::{AccountId, Home, Region};
use crate::clock::Timestamp;
use crate::delivery::captured::testing::delivery;
use crate::delivery::captured::{Attribute, CapturedDelivery, CapturedLog};
use crate::export::{Held, Inventory};
use crate::services::sns::inspect::{DescribedTopic, Inspect};
use crate::wire::DateTime;

use super::{Answer, Question, answer, is_path};

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";
const SUBSCRIPTION: &str =
    "arn:aws:sns:us-east-1:000000000000:t:c3ab47f3-b964-461d-84eb-903d8765b0c8";
const ENDPOINT: &str =
    "arn:aws:sns:us-east-1:000000000000:endpoint/APNS/app/c25f353e-856b-4b02-a725-6bde35e6e944";
const CERTIFICATE: &str = "/SimpleNotificationService-00112233445566778899aabbccddeeff.pem";
const MESSAGE_ID: &str = "9ce56934-dcc4-45f5-ba40-13691329fc67";

/// What the admin API sees, and nothing else.
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

impl Inventory for Seen {
    fn held(&self, account: AccountId, region: Region) -> Held {
        Held {
            account,
            region,
            queues: Vec::new(),
            topics: vec![DescribedTopic {
                name: "t".to_owned(),
                arn: format!("arn:aws:sns:{region}:{account}:t"),
                attributes: vec![("DisplayName", "Tea".to_owned())],
                tags: BTreeMap::new(),
                data_protection_policy: None,
                subscriptions: Vec::new(),
            }],
        }
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

    fn ask(&self, method: &str, target: &str) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        answer(
            &Question {
                method,
                path,
                query,
                home: Home::default(),
            },
            self,
            self,
        )
    }

    fn get(&self, target: &str) -> Value {
        let answer = self.ask("GET", target);
        assert_eq!(
            (answer.status, answer.content_type),
            (200, Some("application/json")),
            "{target}"
        );
        serde_json::from_str(&answer.body).unwrap()
    }

    /// The messages that `/_topiq/sns/deliveries` lists for a query.
    fn listed(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("/_topiq/sns/deliveries?{query}"));
        let entries = answer["Deliveries"].as_array().unwrap();
        let messages = entries
            .iter()
            .map(|entry| entry["Message"].as_str().unwrap().to_owned());
        messages.collect()
    }
}

fn of_topic(protocol: &'static str, topic: &str, at_secs: u64, message: &str) -> CapturedDelivery {
    CapturedDelivery {
        at: DateTime(Timestamp::from_secs(1_767_312_000 + at_secs)),
        source_arn: Some(topic.into()),
        ..delivery(protocol, "x", message)
    }
}

#[test]
fn only_paths_that_no_queue_has_are_taken() {
    for path in [
        "/_topiq",
        "/_topiq/",
        "/_topiq/x",
        "/_aws/sns/sms-messages",
        CERTIFICATE,
    ] {
        assert!(is_path(path), "{path}");
    }
    for path in [
        "/",
        "/_topiqx",
        "/_awsome",
        "/000000000000/_topiq",
        "/health",
    ] {
        assert!(!is_path(path), "{path}");
    }
}

#[test]
fn deliveries_are_listed_by_topic_protocol_and_time() {
    let other = "arn:aws:sns:us-east-1:000000000000:other";
    let seen = Seen::with([
        of_topic("email", TOPIC, 0, "a"),
        of_topic("lambda", TOPIC, 10, "b"),
        of_topic("email", other, 20, "c"),
        delivery("sms", "+1", "d"),
    ]);
    assert_eq!(seen.listed(""), ["a", "b", "c", "d"]);
    assert_eq!(seen.listed("protocol=email"), ["a", "c"]);
    assert_eq!(seen.listed(&format!("topic={TOPIC}")), ["a", "b"]);
    assert_eq!(seen.listed("topic=other"), ["c"]);
    assert_eq!(seen.listed("topic=ther"), Vec::<String>::new());
    assert_eq!(seen.listed("topic=t&protocol=lambda"), ["b"]);
    assert_eq!(seen.listed("since=2"), ["c", "d"]);
    assert_eq!(seen.listed("since=2026-01-02T00:00:10Z"), ["b", "c", "d"]);
    let whole = seen.get("/_topiq/sns/deliveries?protocol=none");
    assert_eq!(
        whole,
        json!({ "Deliveries": [], "LastSequence": 4, "Dropped": 0 })
    );
    let refused = seen.ask("GET", "/_topiq/sns/deliveries?since=soon");
    assert_eq!(refused.status, 400);
}

#[test]
fn deliveries_are_deleted_by_the_same_filters() {
    let seen = Seen::with([
        of_topic("email", TOPIC, 0, "a"),
        of_topic("lambda", TOPIC, 10, "b"),
    ]);
    let deleted = seen.ask("DELETE", "/_topiq/sns/deliveries?protocol=email");
    assert_eq!((deleted.status, &*deleted.body), (200, r#"{"Deleted":1}"#));
    assert_eq!(seen.listed(""), ["b"]);
    let deleted = seen.ask("DELETE", "/_topiq/sns/deliveries");
    assert_eq!(&*deleted.body, r#"{"Deleted":1}"#);
    assert_eq!(seen.listed(""), Vec::<String>::new());
}

#[test]
fn platform_messages_are_shown_as_published() {
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
    assert_eq!(seen.get(path), expected);
    assert_eq!(
        seen.get(&format!("{path}?endpointArn={ENDPOINT}")),
        expected
    );
    let none = json!({ "platform_endpoint_messages": { "x": [] }, "region": "us-east-1" });
    assert_eq!(seen.get(&format!("{path}?endpointArn=x")), none);

    let deleted = seen.ask("DELETE", &format!("{path}?endpointArn=x"));
    assert_eq!(
        (deleted.status, deleted.content_type, &*deleted.body),
        (204, None, "")
    );
    assert_eq!(seen.get(path), expected);
    seen.ask("DELETE", path);
    assert_eq!(
        seen.get(path),
        json!({ "platform_endpoint_messages": {}, "region": "us-east-1" })
    );
}

#[test]
fn sms_messages_are_shown_by_phone_number_account_and_region() {
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
    assert_eq!(seen.get(&format!("{path}?phoneNumber=+123123123")), first);
    assert_eq!(seen.get(&format!("{path}?phoneNumber=%2B123123123")), first);
    let numbers = |query: &str| {
        let answer = seen.get(&format!("{path}?{query}"));
        let numbers = answer["sms_messages"].as_object().unwrap().keys().cloned();
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(numbers(""), ["+123123123", "+2"]);
    assert_eq!(
        seen.get(path)["sms_messages"]["+2"][0]["MessageAttributes"],
        json!({})
    );
    assert_eq!(numbers("region=eu-west-1&accountId=000000000042"), ["+3"]);
    assert_eq!(numbers("region=eu-west-1"), Vec::<String>::new());
    seen.ask("DELETE", &format!("{path}?phoneNumber=+2"));
    assert_eq!(numbers(""), ["+123123123"]);
    assert_eq!(seen.ask("GET", &format!("{path}?accountId=1")).status, 400);
}

#[test]
fn confirmation_tokens_are_shown_by_subscription() {
    let seen = Seen::default();
    let expected =
        json!({ "subscription_token": "2336412f37fb", "subscription_arn": SUBSCRIPTION });
    let path = "/_aws/sns/subscription-tokens/";
    assert_eq!(seen.get(&format!("{path}{SUBSCRIPTION}")), expected);
    assert_eq!(
        seen.get(&format!("{path}{}", SUBSCRIPTION.replace(':', "%3A"))),
        expected
    );
    let missing = seen.ask("GET", &format!("{path}{TOPIC}"));
    assert_eq!(missing.status, 404);
}

#[test]
fn certificates_are_shown_by_their_path() {
    let seen = Seen::default();
    let answer = seen.ask("GET", CERTIFICATE);
    assert_eq!(
        (answer.status, answer.content_type),
        (200, Some("application/x-pem-file"))
    );
    assert_eq!(answer.body, "-----BEGIN CERTIFICATE-----\n");
    assert_eq!(
        seen.ask("GET", "/SimpleNotificationService-x.pem").status,
        404
    );
}

#[test]
fn other_paths_and_methods_are_refused_in_json() {
    let seen = Seen::default();
    for path in [
        "/_topiq",
        "/_topiq/sns",
        "/_aws/sqs/messages",
        "/_topiq/sns/deliveries/",
    ] {
        let answer = seen.ask("GET", path);
        assert_eq!(
            (answer.status, answer.content_type),
            (404, Some("application/json"))
        );
        assert_eq!(
            answer.body,
            format!(r#"{{"Message":"There is nothing at {path}."}}"#)
        );
    }
    let answer = seen.ask("POST", "/_topiq/sns/deliveries");
    assert_eq!((answer.status, answer.allow), (405, Some("GET, DELETE")));
    let answer = seen.ask("DELETE", CERTIFICATE);
    assert_eq!((answer.status, answer.allow), (405, Some("GET")));
    assert_eq!(seen.ask("HEAD", "/_topiq/sns/deliveries").status, 200);
    assert_eq!(seen.ask("GET", "/_topiq/%ff").status, 400);
    assert_eq!(
        seen.ask("GET", "/_topiq/sns/deliveries?topic=%ff").status,
        400
    );
}

#[test]
fn exports_have_a_format_and_an_output() {
    let seen = Seen::default();
    let export = |query: &str| seen.ask("GET", &format!("/_topiq/export?{query}"));
    let yaml = export("format=topiq");
    assert_eq!(yaml.content_type, Some("application/yaml"));
    assert_eq!(yaml.body, "topics:\n  t:\n    DisplayName: Tea\n");
    let json = export("output=json&region=eu-west-1");
    assert_eq!(json.content_type, Some("application/json"));
    let template: Value = serde_json::from_str(&json.body).unwrap();
    let properties = &template["Resources"]["TTopic"]["Properties"];
    assert_eq!(
        *properties,
        json!({ "TopicName": "t", "DisplayName": "Tea" })
    );
    for wrong in ["format=x", "output=x", "account=1", "region=EU"] {
        assert_eq!(export(wrong).status, 400, "{wrong}");
    }
}
