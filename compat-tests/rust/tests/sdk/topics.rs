//! A topic's life, its subscriptions, and lists in pages.

use aws_sdk_sns::types::Tag;
use futures_util::future::join_all;
use topiq_compat_tests::{new_name, queue_arn, scenario};

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

#[tokio::test]
async fn topic_is_created_changed_tagged_and_deleted() {
    scenario(async |world| {
        let sns = &world.sns;
        let name = new_name(false);
        let create = async || {
            let created = sns
                .create_topic()
                .name(&name)
                .tags(tag("team", "orders"))
                .send()
                .await
                .unwrap();
            created.topic_arn.unwrap()
        };
        let arn = create().await;
        assert!(
            arn.starts_with("arn:aws:sns:us-east-1:") && arn.ends_with(&name),
            "{arn}"
        );
        assert_eq!(create().await, arn, "the same again");

        let change = sns
            .set_topic_attributes()
            .topic_arn(&arn)
            .attribute_name("DisplayName");
        change.attribute_value("Orders <&> é").send().await.unwrap();
        let shown = sns
            .get_topic_attributes()
            .topic_arn(&arn)
            .send()
            .await
            .unwrap()
            .attributes
            .unwrap();
        assert_eq!(shown["DisplayName"], "Orders <&> é");
        assert_eq!(shown["SubscriptionsConfirmed"], "0");

        sns.tag_resource()
            .resource_arn(&arn)
            .tags(tag("stage", "test"))
            .send()
            .await
            .unwrap();
        sns.untag_resource()
            .resource_arn(&arn)
            .tag_keys("team")
            .send()
            .await
            .unwrap();
        let tags = sns
            .list_tags_for_resource()
            .resource_arn(&arn)
            .send()
            .await
            .unwrap();
        assert_eq!(tags.tags(), [tag("stage", "test")]);

        for _ in 0..2 {
            sns.delete_topic().topic_arn(&arn).send().await.unwrap(); // twice is no error
        }
        let gone = sns
            .get_topic_attributes()
            .topic_arn(&arn)
            .send()
            .await
            .unwrap_err();
        assert!(gone.into_service_error().is_not_found_exception());
    })
    .await;
}

#[tokio::test]
async fn subscription_is_made_changed_and_ended() {
    scenario(async |world| {
        let sns = &world.sns;
        let (topic, queue) = (world.topic().await, world.queue().await);
        let arn = world.subscribe(&topic, &queue, []).await;
        assert_eq!(
            world.subscribe(&topic, &queue, []).await,
            arn,
            "the same again"
        );
        let change = sns
            .set_subscription_attributes()
            .subscription_arn(&arn)
            .attribute_name("RawMessageDelivery");
        change.attribute_value("true").send().await.unwrap();
        let shown = sns
            .get_subscription_attributes()
            .subscription_arn(&arn)
            .send()
            .await
            .unwrap()
            .attributes
            .unwrap();
        assert_eq!(shown["RawMessageDelivery"], "true");
        assert_eq!(shown["Endpoint"], queue_arn(world, &queue).await);
        sns.unsubscribe()
            .subscription_arn(&arn)
            .send()
            .await
            .unwrap();
        let left = sns
            .list_subscriptions_by_topic()
            .topic_arn(&topic)
            .send()
            .await
            .unwrap();
        assert_eq!(left.subscriptions(), []);
    })
    .await;
}

#[tokio::test]
async fn topics_and_subscriptions_are_listed_in_pages() {
    scenario(async |world| {
        let sns = &world.sns;
        let mut created = join_all((0..101).map(async |_| world.topic().await)).await;
        let topic = created[0].clone();
        let account = topic.split(':').nth(4).unwrap();
        let subscribe = async |n| {
            let endpoint = format!("arn:aws:sqs:us-east-1:{account}:queue-{n}"); // which need not exist
            let call = sns
                .subscribe()
                .topic_arn(&topic)
                .protocol("sqs")
                .endpoint(endpoint);
            call.send().await.unwrap().subscription_arn.unwrap()
        };
        let mut subscribed = join_all((0..101).map(subscribe)).await;

        let topics = sns
            .list_topics()
            .into_paginator()
            .items()
            .send()
            .try_collect()
            .await
            .unwrap();
        let topics: Vec<_> = topics
            .into_iter()
            .map(|topic| topic.topic_arn.unwrap())
            .collect();
        created.retain(|arn| !topics.contains(arn));
        assert_eq!(created, [""; 0], "all are listed");

        let mut pages = sns
            .list_subscriptions_by_topic()
            .topic_arn(&topic)
            .into_paginator()
            .send();
        let (mut sizes, mut listed) = (Vec::new(), Vec::new());
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            sizes.push(page.subscriptions().len());
            listed.extend(
                page.subscriptions()
                    .iter()
                    .map(|it| it.subscription_arn().unwrap().to_owned()),
            );
        }
        assert_eq!(sizes, [100, 1]);
        listed.sort();
        subscribed.sort();
        assert_eq!(listed, subscribed);

        let all = sns
            .list_subscriptions()
            .into_paginator()
            .items()
            .send()
            .try_collect()
            .await
            .unwrap();
        subscribed.retain(|arn| !all.iter().any(|it| it.subscription_arn() == Some(arn)));
        assert_eq!(subscribed, [""; 0], "all are listed");
    })
    .await;
}
