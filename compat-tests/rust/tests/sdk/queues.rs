//! A queue's life.

use aws_sdk_sqs::types::QueueAttributeName;
use topiq_compat_tests::{
    attributes, bodies, counts, delete, eventually, new_name, receive, receive_one, scenario, send,
};

#[tokio::test]
async fn queue_is_created_used_emptied_and_deleted() {
    scenario(async |world| {
        let sqs = &world.sqs;
        let name = new_name(false);
        let created = sqs
            .create_queue()
            .queue_name(&name)
            .tags("team", "orders")
            .send()
            .await
            .unwrap();
        let url = created.queue_url().unwrap();
        assert!(url.ends_with(&format!("/{name}")));
        assert_eq!(
            sqs.get_queue_url()
                .queue_name(&name)
                .send()
                .await
                .unwrap()
                .queue_url(),
            Some(url)
        );
        let listed = sqs
            .list_queues()
            .queue_name_prefix(&name)
            .send()
            .await
            .unwrap();
        assert_eq!(listed.queue_urls(), [url]);

        let timeout = QueueAttributeName::VisibilityTimeout;
        sqs.set_queue_attributes()
            .queue_url(url)
            .attributes(timeout.clone(), "40")
            .send()
            .await
            .unwrap();
        let shown = sqs
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(timeout.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(
            shown.attributes().unwrap().iter().collect::<Vec<_>>(),
            [(&timeout, &"40".to_owned())]
        );

        sqs.tag_queue()
            .queue_url(url)
            .tags("stage", "test")
            .send()
            .await
            .unwrap();
        sqs.untag_queue()
            .queue_url(url)
            .tag_keys("team")
            .send()
            .await
            .unwrap();
        let tags = sqs.list_queue_tags().queue_url(url).send().await.unwrap();
        assert_eq!(
            tags.tags().unwrap().iter().collect::<Vec<_>>(),
            [(&"stage".to_owned(), &"test".to_owned())]
        );

        let sent = sqs
            .send_message()
            .queue_url(url)
            .message_body("hello")
            .send()
            .await
            .unwrap();
        assert_eq!(
            sent.md5_of_message_body(),
            Some("5d41402abc4b2a76b9719d911017c592")
        );
        assert_eq!(sent.sequence_number(), None);
        let message = receive_one(world, url).await;
        assert_eq!(
            (message.message_id(), message.body()),
            (sent.message_id(), Some("hello"))
        );
        for _ in 0..2 {
            delete(world, url, &message).await; // twice is no error
        }
        assert_eq!(receive(world, url, 0).await, []);

        send(world, url, "to be purged").await;
        sqs.purge_queue().queue_url(url).send().await.unwrap();
        eventually(async || (counts(world, url).await.0 == "0").then_some(())).await;

        sqs.delete_queue().queue_url(url).send().await.unwrap();
        let gone = async || sqs.get_queue_url().queue_name(&name).send().await.err();
        assert!(
            eventually(gone)
                .await
                .into_service_error()
                .is_queue_does_not_exist()
        );
    })
    .await;
}

#[tokio::test]
async fn new_queue_shows_awss_defaults() {
    scenario(async |world| {
        let url = world.queue().await;
        let shown = attributes(world, &url).await;
        let defaults = [
            (QueueAttributeName::ApproximateNumberOfMessages, "0"),
            (QueueAttributeName::ApproximateNumberOfMessagesDelayed, "0"),
            (
                QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
                "0",
            ),
            (QueueAttributeName::DelaySeconds, "0"),
            (QueueAttributeName::MaximumMessageSize, "1048576"),
            (QueueAttributeName::MessageRetentionPeriod, "345600"),
            (QueueAttributeName::ReceiveMessageWaitTimeSeconds, "0"),
            (QueueAttributeName::SqsManagedSseEnabled, "true"),
            (QueueAttributeName::VisibilityTimeout, "30"),
        ];
        for (name, value) in defaults {
            assert_eq!(shown[&name], value, "{name}");
        }
        // Besides its ARN and its two times.
        assert_eq!(shown.len(), 12, "{shown:?}");
    })
    .await;
}

#[tokio::test]
async fn creating_a_queue_again_returns_the_same() {
    scenario(async |world| {
        let url = world.queue_with([("VisibilityTimeout", "45")]).await;
        let again = world
            .sqs
            .create_queue()
            .queue_name(topiq_compat_tests::name_of(&url))
            .attributes(QueueAttributeName::VisibilityTimeout, "45");
        assert_eq!(again.send().await.unwrap().queue_url(), Some(url.as_str()));
    })
    .await;
}

#[tokio::test]
async fn delayed_message_comes_when_its_delay_is_over() {
    scenario(async |world| {
        let url = world.queue().await;
        let call = world
            .sqs
            .send_message()
            .queue_url(&url)
            .message_body("late")
            .delay_seconds(1);
        call.send().await.unwrap();
        assert_eq!(receive(world, &url, 0).await, []);
        assert_eq!(bodies(&[receive_one(world, &url).await]), ["late"]);
    })
    .await;
}
