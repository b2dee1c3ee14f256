//! From a topic to queues: contents, recipients and order.

use aws_sdk_sns::primitives::Blob;
use aws_sdk_sns::types::{MessageAttributeValue, PublishBatchRequestEntry};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use serde_json::{Value, json};
use topiq_compat_tests::{
    bodies, consume, enforcing_scenario, queue_arn, receive, receive_count, receive_one, scenario,
    sorted_bodies, system,
};

const RAW: (&str, &str) = ("RawMessageDelivery", "true");
const FIFO_BY_CONTENT: [(&str, &str); 2] =
    [("FifoTopic", "true"), ("ContentBasedDeduplication", "true")];
const ODD: &str = "é€😀 <a href=\"x\">&amp;</a> \\ \" \t\r\n\u{2028} {\"json\":[1]}";

fn text(kind: &str, value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder()
        .data_type(kind)
        .string_value(value)
        .build()
        .unwrap()
}

fn envelope(message: &Message) -> Value {
    serde_json::from_str(message.body().unwrap()).unwrap()
}

#[tokio::test]
async fn envelope_has_awss_fields() {
    scenario(async |world| {
        let (topic, queue) = (world.topic().await, world.queue().await);
        world.subscribe(&topic, &queue, []).await;
        let bytes = MessageAttributeValue::builder()
            .data_type("Binary")
            .binary_value(Blob::new([0, 255]));
        let call = world
            .sns
            .publish()
            .topic_arn(&topic)
            .message(ODD)
            .subject("Über");
        let call = call
            .message_attributes("text", text("String", "é😀"))
            .message_attributes("bytes", bytes.build().unwrap());
        let sent = call.send().await.unwrap();
        let got = envelope(&receive_one(world, &queue).await);
        assert_eq!(got["Type"], "Notification");
        assert_eq!(got["MessageId"].as_str(), sent.message_id());
        assert_eq!(got["TopicArn"], topic);
        assert_eq!(
            (&got["Subject"], &got["Message"]),
            (&json!("Über"), &json!(ODD))
        );
        let attributes = json!({
            "text": { "Type": "String", "Value": "é😀" },
            "bytes": { "Type": "Binary", "Value": "AP8=" },
        });
        assert_eq!(got["MessageAttributes"], attributes);
        for field in [
            "Timestamp",
            "SignatureVersion",
            "Signature",
            "SigningCertURL",
            "UnsubscribeURL",
        ] {
            assert!(got[field].is_string(), "{field}");
        }
    })
    .await;
}

#[tokio::test]
async fn raw_message_is_the_text_and_its_attributes() {
    scenario(async |world| {
        let (topic, queue) = (world.topic().await, world.queue().await);
        world.subscribe(&topic, &queue, [RAW]).await;
        let call = world
            .sns
            .publish()
            .topic_arn(&topic)
            .message(ODD)
            .message_attributes("n", text("Number.int", "1.50"));
        call.send().await.unwrap();
        let message = receive_one(world, &queue).await;
        assert_eq!(message.body(), Some(ODD));
        let attribute = &message.message_attributes().unwrap()["n"];
        assert_eq!(
            (attribute.data_type(), attribute.string_value()),
            ("Number.int", Some("1.50"))
        );
    })
    .await;
}

#[tokio::test]
async fn queues_get_what_their_policies_let_through() {
    scenario(async |world| {
        let topic = world.topic().await;
        let (by_attribute, by_body, everything) = (
            world.queue().await,
            world.queue().await,
            world.queue().await,
        );
        let policy = (
            "FilterPolicy",
            r#"{"kind":["order"],"size":[{"numeric":[">=",10]}]}"#,
        );
        world.subscribe(&topic, &by_attribute, [RAW, policy]).await;
        let policy = (
            "FilterPolicy",
            r#"{"user":{"tier":["gold"]},"total":[{"numeric":[">",5]}]}"#,
        );
        world
            .subscribe(
                &topic,
                &by_body,
                [RAW, ("FilterPolicyScope", "MessageBody"), policy],
            )
            .await;
        world.subscribe(&topic, &everything, [RAW]).await;

        let gold = r#"{"user":{"tier":"gold"},"total":6}"#;
        let poor = r#"{"user":{"tier":"gold"},"total":5}"#;
        for (body, kind, size) in [
            ("no json", "order", "10"),
            ("small", "order", "9"),
            (gold, "parcel", "100"),
            (poor, "order", "11"),
        ] {
            let call = world.sns.publish().topic_arn(&topic).message(body);
            let call = call.message_attributes("kind", text("String", kind));
            call.message_attributes("size", text("Number", size))
                .send()
                .await
                .unwrap();
        }
        assert_eq!(receive_count(world, &everything, 4).await.len(), 4);
        assert_eq!(
            sorted_bodies(&receive_count(world, &by_attribute, 2).await),
            ["no json", poor]
        );
        assert_eq!(bodies(&receive_count(world, &by_body, 1).await), [gold]);
        assert_eq!(receive(world, &by_attribute, 0).await, []);
        assert_eq!(receive(world, &by_body, 0).await, []);
    })
    .await;
}

#[tokio::test]
async fn ten_messages_are_published_at_once() {
    scenario(async |world| {
        let (topic, queue) = (world.topic().await, world.queue().await);
        world.subscribe(&topic, &queue, [RAW]).await;
        let entry = |n| {
            PublishBatchRequestEntry::builder()
                .id(format!("id-{n}"))
                .message(format!("text {n}"))
                .build()
        };
        let entries = (0..10).map(|n| entry(n).unwrap()).collect();
        let call = world
            .sns
            .publish_batch()
            .topic_arn(&topic)
            .set_publish_batch_request_entries(Some(entries));
        let answer = call.send().await.unwrap();
        assert_eq!((answer.successful().len(), answer.failed().len()), (10, 0));
        let messages = receive_count(world, &queue, 10).await;
        assert_eq!(
            sorted_bodies(&messages),
            (0..10).map(|n| format!("text {n}")).collect::<Vec<_>>()
        );
    })
    .await;
}

#[tokio::test]
async fn fifo_topic_keeps_order_and_drops_duplicates() {
    scenario(async |world| {
        let topic = world.topic_with(FIFO_BY_CONTENT).await;
        let queue = world.fifo_queue().await;
        world.subscribe(&topic, &queue, []).await;
        let publish = async |text: &str| {
            let call = world
                .sns
                .publish()
                .topic_arn(&topic)
                .message(text)
                .message_group_id("g");
            let answer = call.send().await.unwrap();
            (answer.message_id.unwrap(), answer.sequence_number.unwrap())
        };
        let texts: Vec<_> = (0..12).map(|n| n.to_string()).collect();
        let mut sent = Vec::new();
        for text in &texts {
            sent.push(publish(text).await);
        }
        assert_eq!(publish("3").await, sent[3]);
        assert!(sent.is_sorted_by_key(|(_, number)| number));

        let messages = consume(world, &queue, 12).await;
        let got: Vec<_> = messages.iter().map(envelope).collect();
        assert_eq!(
            got.iter()
                .map(|it| it["Message"].as_str().unwrap())
                .collect::<Vec<_>>(),
            texts
        );
        let numbers = got.iter().map(|it| it["SequenceNumber"].as_str().unwrap());
        assert_eq!(
            numbers.collect::<Vec<_>>(),
            sent.iter().map(|(_, number)| number).collect::<Vec<_>>()
        );
        assert!(
            messages
                .iter()
                .all(|it| system(it, MessageSystemAttributeName::MessageGroupId) == "g")
        );
        assert_eq!(receive(world, &queue, 1).await, []);
    })
    .await;
}

#[tokio::test]
async fn queue_takes_what_its_policy_allows() {
    enforcing_scenario(async |world| {
        let (allowed, other, queue) = (
            world.topic().await,
            world.topic().await,
            world.queue().await,
        );
        let endpoint = queue_arn(world, &queue).await;
        world
            .sns
            .subscribe()
            .topic_arn(&other)
            .protocol("sqs")
            .endpoint(endpoint)
            .send()
            .await
            .unwrap();
        world.subscribe(&allowed, &queue, [RAW]).await;
        for (topic, text) in [(&other, "denied"), (&allowed, "allowed")] {
            world
                .sns
                .publish()
                .topic_arn(topic)
                .message(text)
                .send()
                .await
                .unwrap();
        }
        assert_eq!(receive_one(world, &queue).await.body(), Some("allowed"));
        assert_eq!(receive(world, &queue, 1).await, []);
    })
    .await;
}
