//! SQS's tables of queue attributes and of digests, checked whole through a socket.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::support::{Answer, Host};

#[derive(Deserialize)]
struct Attributes {
    attributes: Vec<Attribute>,
}

#[derive(Debug, Deserialize)]
struct Attribute {
    name: String,
    value_type: String,
    default: Option<String>,
    range: Option<Vec<Value>>,
    create: bool,
    set: bool,
    queue_types: String,
    #[serde(rename = "returned_by_All")]
    returned_by_all: String,
}

impl Attribute {
    fn is_of_fifo_queues_only(&self) -> bool {
        self.queue_types == "fifo"
    }

    /// Valid values, and invalid ones.
    fn values(&self) -> (Vec<String>, Vec<String>) {
        match (self.value_type.as_str(), &self.range) {
            ("integer", Some(range)) => {
                let ends: Vec<_> = range
                    .iter()
                    .map(|end| end.as_i64().expect("a number"))
                    .collect();
                let beyond = [ends[0] - 1, ends[1] + 1].map(|number| number.to_string());
                let wrong = ["", "x", "1.5", " 1", "1 "].map(str::to_owned);
                (
                    ends.iter().map(ToString::to_string).collect(),
                    [&beyond[..], &wrong].concat(),
                )
            }
            ("enum", Some(words)) => {
                let words = words
                    .iter()
                    .map(|word| word.as_str().expect("a word").to_owned());
                (words.collect(), vec!["other".into()])
            }
            ("boolean", None) => (
                ["true", "false", "True"].map(str::to_owned).into(),
                ["", "yes", "1"].map(str::to_owned).into(),
            ),
            _ => (Vec::new(), Vec::new()),
        }
    }
}

fn attributes() -> Vec<Attribute> {
    let table: Attributes =
        serde_json::from_str(include_str!("../../fixtures/sqs-queue-attributes.json"))
            .expect("the table");
    table.attributes
}

async fn create(host: &Host, name: &str, attributes: Value) -> Answer {
    host.json(
        "CreateQueue",
        &json!({"QueueName": name, "Attributes": attributes}).to_string(),
    )
    .await
}

async fn all(host: &Host, queue: &str) -> Map<String, Value> {
    let answer = host
        .json(
            "GetQueueAttributes",
            &json!({"QueueUrl": queue, "AttributeNames": ["All"]}).to_string(),
        )
        .await;
    answer.value()["Attributes"]
        .as_object()
        .expect("attributes")
        .clone()
}

#[tokio::test]
async fn fresh_queues_have_the_tables_attributes_and_defaults() {
    let host = Host::start().await;
    create(&host, "q", json!({})).await;
    create(&host, "q.fifo", json!({"FifoQueue": "true"})).await;
    for queue in ["q", "q.fifo"] {
        let mut shown = all(&host, queue).await;
        for attribute in attributes() {
            let is_had = queue == "q.fifo" || !attribute.is_of_fifo_queues_only();
            let is_shown = is_had && attribute.returned_by_all == "always";
            let value = shown.remove(&attribute.name);
            assert_eq!(value.is_some(), is_shown, "{queue}: {attribute:?}");
            if let (Some(value), Some(default)) = (value, &attribute.default) {
                assert_eq!(value.as_str(), Some(&**default), "{queue}: {attribute:?}");
            }
        }
        assert!(shown.is_empty(), "{queue}: {shown:?}");
    }
}

#[tokio::test]
async fn valid_values_are_accepted_and_shown() {
    let host = Host::start().await;
    for (number, attribute) in attributes().iter().enumerate() {
        let name = attribute.name.as_str();
        for (index, value) in attribute.values().0.iter().enumerate() {
            // perMessageGroupId needs the scope of the group; other attributes do not care.
            let mut asked = json!({"FifoQueue": "true", "DeduplicationScope": "messageGroup", "KmsMasterKeyId": "k"});
            if name == "SqsManagedSseEnabled" {
                asked = json!({"FifoQueue": "true"});
            }
            asked[name] = json!(value);
            let queue = format!("q{number}-{index}.fifo");
            let created = create(&host, &queue, asked).await;
            assert_eq!(created.status(), 200, "{name}={value} {created:?}");
            let shown = all(&host, &queue).await;
            let shown = shown[name].as_str().expect("text").to_owned();
            let is_boolean = attribute.value_type == "boolean";
            assert_eq!(
                shown,
                if is_boolean {
                    value.to_lowercase()
                } else {
                    value.clone()
                },
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn invalid_values_and_names_that_cannot_be_set_are_refused() {
    let host = Host::start().await;
    create(&host, "q.fifo", json!({"FifoQueue": "true"})).await;
    for attribute in attributes() {
        let name = attribute.name.as_str();
        let set = async |value: &str| {
            let input = json!({"QueueUrl": "q.fifo", "Attributes": {name: value}});
            host.json("SetQueueAttributes", &input.to_string()).await
        };
        for value in attribute.values().1 {
            let refused = set(&value).await;
            let message = format!("Invalid value for the parameter {name}.");
            assert_eq!(refused.value()["message"], message, "{value:?}");
            assert_eq!(
                refused.value()["__type"],
                "com.amazonaws.sqs#InvalidAttributeValue"
            );
        }
        if !attribute.set {
            assert_eq!(set("false").await.status(), 400, "{name}");
        }
        if !attribute.create {
            let unknown = json!({"__type": "com.amazonaws.sqs#InvalidAttributeName", "message": format!("Unknown Attribute {name}.")});
            assert_eq!(
                create(&host, "other", json!({name: "1"})).await.value(),
                unknown
            );
            assert_eq!(set("1").await.value(), unknown);
        }
    }
}

#[derive(Deserialize)]
struct Vectors {
    #[serde(rename = "message_body")]
    bodies: Vec<BodyVector>,
    #[serde(rename = "message_attributes")]
    user: Vec<AttributesVector>,
    #[serde(rename = "message_system_attributes")]
    system: Vec<AttributesVector>,
}

#[derive(Deserialize)]
struct BodyVector {
    body: String,
    md5: String,
    sha256_dedup_id: String,
}

#[derive(Deserialize)]
struct AttributesVector {
    attributes: Map<String, Value>,
    md5: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../fixtures/sqs-md5-vectors.json")).expect("the vectors")
}

#[tokio::test]
async fn bodies_have_the_digests_of_the_vectors_in_both_protocols() {
    let host = Host::start().await;
    let asked = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    create(&host, "q.fifo", asked).await;
    for vector in vectors().bodies {
        let input =
            json!({"QueueUrl": "q.fifo", "MessageBody": vector.body, "MessageGroupId": "g"});
        let sent = host.json("SendMessage", &input.to_string()).await.value();
        assert_eq!(sent["MD5OfMessageBody"], vector.md5);
        let body = percent_encoded(&vector.body);
        let form =
            format!("Action=SendMessage&QueueUrl=q.fifo&MessageGroupId=g&MessageBody={body}");
        let again = host.query(&form).await;
        assert_eq!(again.element("MD5OfMessageBody"), Some(&*vector.md5));
        // The second is the first one's duplicate: its id is the hash of the same bytes.
        assert_eq!(again.element("MessageId"), sent["MessageId"].as_str());

        let receive = json!({"QueueUrl": "q.fifo", "AttributeNames": ["MessageDeduplicationId"]});
        let received = host
            .json("ReceiveMessage", &receive.to_string())
            .await
            .value();
        let message = &received["Messages"][0];
        assert_eq!(message["Body"], vector.body);
        assert_eq!(message["MD5OfBody"], vector.md5);
        assert_eq!(
            message["Attributes"]["MessageDeduplicationId"],
            vector.sha256_dedup_id
        );
        let delete = json!({"QueueUrl": "q.fifo", "ReceiptHandle": message["ReceiptHandle"]});
        assert_eq!(
            host.json("DeleteMessage", &delete.to_string())
                .await
                .status(),
            200
        );
    }
}

#[tokio::test]
async fn attributes_have_the_digests_of_the_vectors_in_both_protocols() {
    let host = Host::start().await;
    create(&host, "q", json!({})).await;
    let vectors = vectors();
    let user = ("MessageAttribute", vectors.user);
    let system = ("MessageSystemAttribute", vectors.system);
    for (member, vectors) in [user, system] {
        for vector in vectors {
            let digest = format!("MD5Of{member}s");
            let mut input = json!({"QueueUrl": "q", "MessageBody": "x"});
            input[format!("{member}s")] = json!(vector.attributes);
            let sent = host.json("SendMessage", &input.to_string()).await.value();
            assert_eq!(sent[&digest], vector.md5, "{:?}", vector.attributes);

            let mut form = "Action=SendMessage&QueueUrl=q&MessageBody=x".to_owned();
            for (index, (name, value)) in vector.attributes.iter().enumerate() {
                let member = format!("{member}.{}", index + 1);
                form.extend(["&", &member, ".Name=", name]);
                for (part, value) in value.as_object().expect("an attribute") {
                    let value = percent_encoded(value.as_str().expect("text"));
                    form.extend(["&", &member, ".Value.", part, "=", &value]);
                }
            }
            let sent = host.query(&form).await;
            assert_eq!(sent.element(&digest), Some(&*vector.md5), "{form}");
        }
    }
}

fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
