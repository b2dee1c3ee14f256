//! FIFO queues: order, groups, deduplication.

use aws_sdk_sqs::operation::send_message::SendMessageOutput;
use aws_sdk_sqs::types::MessageSystemAttributeName;
use topiq_compat_tests::{World, bodies, consume, delete, receive, receive_one, scenario, system};

const BY_CONTENT: [(&str, &str); 2] =
    [("FifoQueue", "true"), ("ContentBasedDeduplication", "true")];

async fn send_to(
    world: &World,
    url: &str,
    group: &str,
    text: &str,
    id: Option<&str>,
) -> SendMessageOutput {
    let call = world
        .sqs
        .send_message()
        .queue_url(url)
        .message_body(text)
        .message_group_id(group);
    call.set_message_deduplication_id(id.map(str::to_owned))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn messages_of_a_group_come_in_the_order_of_sending() {
    scenario(async |world| {
        let url = world.queue_with(BY_CONTENT).await;
        let texts: Vec<_> = (0..25).map(|n| n.to_string()).collect();
        let mut numbers = Vec::new();
        for text in &texts {
            numbers.push(
                send_to(world, &url, "g", text, None)
                    .await
                    .sequence_number
                    .unwrap(),
            );
        }
        assert!(numbers.iter().all(|number| number.len() == 20));
        assert!(numbers.is_sorted_by(|a, b| a < b));
        let messages = consume(world, &url, 25).await;
        assert_eq!(bodies(&messages), texts);
        let shown = messages
            .iter()
            .map(|message| system(message, MessageSystemAttributeName::SequenceNumber));
        assert_eq!(shown.collect::<Vec<_>>(), numbers);
    })
    .await;
}

#[tokio::test]
async fn group_waits_for_its_message_in_flight_other_groups_do_not() {
    scenario(async |world| {
        let url = world.queue_with(BY_CONTENT).await;
        send_to(world, &url, "a", "a1", None).await;
        let first = receive_one(world, &url).await;
        send_to(world, &url, "a", "a2", None).await;
        send_to(world, &url, "b", "b1", None).await;
        assert_eq!(bodies(&[receive_one(world, &url).await]), ["b1"]);
        assert_eq!(receive(world, &url, 0).await, []);
        delete(world, &url, &first).await;
        assert_eq!(bodies(&[receive_one(world, &url).await]), ["a2"]);
    })
    .await;
}

#[tokio::test]
async fn same_deduplication_id_is_sent_once() {
    scenario(async |world| {
        let url = world.fifo_queue().await;
        let first = send_to(world, &url, "g", "one", Some("same")).await;
        let again = send_to(world, &url, "g", "two", Some("same")).await;
        assert_eq!(first.message_id(), again.message_id());
        assert_eq!(first.sequence_number(), again.sequence_number());
        assert_eq!(bodies(&consume(world, &url, 1).await), ["one"]);
        send_to(world, &url, "g", "three", Some("same")).await;
        assert_eq!(
            receive(world, &url, 1).await,
            [],
            "deleting does not end the five minutes"
        );
    })
    .await;
}

#[tokio::test]
async fn same_content_is_sent_once() {
    scenario(async |world| {
        let url = world.queue_with(BY_CONTENT).await;
        let first = send_to(world, &url, "g", "same", None).await;
        let again = send_to(world, &url, "g", "same", None).await;
        let other = send_to(world, &url, "g", "same", Some("explicit")).await;
        assert_eq!(first.message_id(), again.message_id());
        assert_eq!(first.sequence_number(), again.sequence_number());
        assert_ne!(first.message_id(), other.message_id());
        let messages = consume(world, &url, 2).await;
        let ids = messages
            .iter()
            .map(|message| system(message, MessageSystemAttributeName::MessageDeduplicationId));
        let hash = "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5";
        assert_eq!(ids.collect::<Vec<_>>(), [hash, "explicit"]);
    })
    .await;
}
