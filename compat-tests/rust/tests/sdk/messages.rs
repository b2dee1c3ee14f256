//! The contents of a message.

use std::collections::HashMap;

use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeName, MessageSystemAttributeNameForSends,
    MessageSystemAttributeValue,
};
use topiq_compat_tests::{receive_one, scenario, send, system};

fn text(kind: &str, value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder()
        .data_type(kind)
        .string_value(value)
        .build()
        .unwrap()
}

fn bytes(kind: &str, value: Vec<u8>) -> MessageAttributeValue {
    MessageAttributeValue::builder()
        .data_type(kind)
        .binary_value(Blob::new(value))
        .build()
        .unwrap()
}

#[tokio::test]
async fn attributes_of_every_type_come_back() {
    scenario(async |world| {
        let url = world.queue().await;
        let attributes = HashMap::from([
            ("text".to_owned(), text("String", "Zürich €😀")),
            (
                "labelled".to_owned(),
                text("String.json", "{\"a\": \"<&>\\r\\n\"}"),
            ),
            ("number".to_owned(), text("Number", "-00012.500")),
            (
                "big".to_owned(),
                text("Number.bigint", "12345678901234567890123456789012345678"),
            ),
            ("bytes".to_owned(), bytes("Binary", (0..=255).collect())),
            ("a.b-c_d".to_owned(), bytes("Binary.png", vec![0x89])),
        ]);
        let call = world
            .sqs
            .send_message()
            .queue_url(&url)
            .message_body("typed");
        let sent = call
            .set_message_attributes(Some(attributes.clone()))
            .send()
            .await
            .unwrap();
        let message = receive_one(world, &url).await;
        assert_eq!(message.message_attributes(), Some(&attributes));
        assert_eq!(
            message.md5_of_message_attributes(),
            sent.md5_of_message_attributes()
        );
    })
    .await;
}

#[tokio::test]
async fn digest_of_attributes_is_awss() {
    scenario(async |world| {
        let url = world.queue().await;
        let call = world.sqs.send_message().queue_url(&url).message_body("x");
        let sent = call
            .message_attributes("color", text("String", "blue"))
            .send()
            .await
            .unwrap();
        assert_eq!(
            sent.md5_of_message_attributes(),
            Some("da1b33cc3cbfe8b1630921e78e6b9880")
        );
    })
    .await;
}

#[tokio::test]
async fn only_attributes_that_were_asked_for_come() {
    scenario(async |world| {
        let url = world.queue().await;
        let call = world.sqs.send_message().queue_url(&url).message_body("x");
        let call = call
            .message_attributes("big", text("Number", "1"))
            .message_attributes("bold", text("Number", "2"));
        call.message_attributes("other", text("Number", "3"))
            .send()
            .await
            .unwrap();
        let call = world
            .sqs
            .receive_message()
            .queue_url(&url)
            .wait_time_seconds(20);
        let answer = call.message_attribute_names("b.*").send().await.unwrap();
        let attributes = answer.messages()[0].message_attributes().unwrap();
        let mut names: Vec<_> = attributes.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["big", "bold"]);
        assert!(answer.messages()[0].attributes().is_none());
    })
    .await;
}

#[tokio::test]
async fn system_attributes_come_when_asked_for() {
    scenario(async |world| {
        let url = world.queue().await;
        send(world, &url, "x").await;
        let message = receive_one(world, &url).await;
        assert_eq!(
            system(
                &message,
                MessageSystemAttributeName::ApproximateReceiveCount
            ),
            "1"
        );
        assert_eq!(
            system(&message, MessageSystemAttributeName::SentTimestamp).len(),
            13,
            "milliseconds"
        );
        let shown = message.attributes().unwrap();
        assert!(shown.contains_key(&MessageSystemAttributeName::SenderId));
        assert!(shown.contains_key(&MessageSystemAttributeName::ApproximateFirstReceiveTimestamp));
        assert_eq!(shown.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn trace_header_travels_with_its_message() {
    scenario(async |world| {
        let url = world.queue().await;
        let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        let value = MessageSystemAttributeValue::builder()
            .data_type("String")
            .string_value(header)
            .build()
            .unwrap();
        let call = world.sqs.send_message().queue_url(&url).message_body("x");
        let name = MessageSystemAttributeNameForSends::AwsTraceHeader;
        let sent = call
            .message_system_attributes(name, value)
            .send()
            .await
            .unwrap();
        assert_eq!(
            sent.md5_of_message_system_attributes(),
            Some("5ae4d5d7636402d80f4eb6d213245a88")
        );
        let message = receive_one(world, &url).await;
        assert_eq!(
            system(&message, MessageSystemAttributeName::AwsTraceHeader),
            header
        );
    })
    .await;
}
