//! Lists in pages, by the SDK's paginators.

use futures_util::future::join_all;
use serde_json::json;
use topiq_compat_tests::{new_name, queue_arn, scenario};

#[tokio::test]
async fn queues_are_listed_in_pages() {
    scenario(async |world| {
        let prefix = new_name(false);
        let create = async |n| {
            world
                .sqs
                .create_queue()
                .queue_name(format!("{prefix}-{n}"))
                .send()
                .await
                .unwrap()
        };
        let created = join_all((0..5).map(create)).await;
        let urls: Vec<_> = created
            .iter()
            .map(|answer| answer.queue_url().unwrap())
            .collect();

        let mut paginator = world
            .sqs
            .list_queues()
            .queue_name_prefix(&prefix)
            .into_paginator()
            .page_size(2)
            .send();
        let (mut sizes, mut listed) = (Vec::new(), Vec::new());
        while let Some(page) = paginator.next().await {
            let page = page.unwrap();
            sizes.push(page.queue_urls().len());
            listed.extend(page.queue_urls.unwrap_or_default());
        }
        listed.sort();
        for url in &urls {
            world
                .sqs
                .delete_queue()
                .queue_url(*url)
                .send()
                .await
                .unwrap();
        }
        assert_eq!(sizes, [2, 2, 1]);
        assert_eq!(listed, urls);
    })
    .await;
}

#[tokio::test]
async fn sources_of_a_dead_letter_queue_are_listed_in_pages() {
    scenario(async |world| {
        let dead_letters = world.queue().await;
        let arn = queue_arn(world, &dead_letters).await;
        let policy = json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 1 }).to_string();
        let mut sources =
            join_all((0..3).map(async |_| world.queue_with([("RedrivePolicy", &policy)]).await))
                .await;
        let call = world
            .sqs
            .list_dead_letter_source_queues()
            .queue_url(&dead_letters);
        let listed = call
            .into_paginator()
            .page_size(2)
            .items()
            .send()
            .try_collect()
            .await
            .unwrap();
        sources.sort();
        let mut listed = listed;
        listed.sort();
        assert_eq!(listed, sources);
    })
    .await;
}
