//! SNS's errors: each is its operation's own variant, with AWS's code, status and text.

use aws_sdk_sns::operation::publish::PublishError;
use aws_sdk_sns::operation::publish_batch::PublishBatchError;
use aws_sdk_sns::operation::tag_resource::TagResourceError;
use aws_sdk_sns::types::{MessageAttributeValue, PublishBatchRequestEntry, Tag};
use topiq_compat_tests::{Refusal, World, facts, refusal, scenario};

#[tokio::test]
async fn missing_topic() {
    scenario(async |world| {
        let topic = world.topic().await + "-missing";
        let refused = refusal(
            world
                .sns
                .publish()
                .topic_arn(&topic)
                .message("m")
                .send()
                .await,
        );
        let error = facts(refused, "NotFound", 404, "Topic does not exist");
        assert!(matches!(error, PublishError::NotFoundException(_)));
        let tag = Tag::builder().key("k").value("v").build().unwrap();
        let refused = refusal(
            world
                .sns
                .tag_resource()
                .resource_arn(topic)
                .tags(tag)
                .send()
                .await,
        );
        let error = facts(refused, "ResourceNotFound", 404, "Resource does not exist");
        assert!(matches!(
            error,
            TagResourceError::ResourceNotFoundException(_)
        ));
    })
    .await;
}

#[tokio::test]
async fn invalid_parameter() {
    scenario(async |world| {
        let refused = refusal(
            world
                .sns
                .publish()
                .topic_arn(world.topic().await)
                .message("")
                .send()
                .await,
        );
        let error = facts(
            refused,
            "InvalidParameter",
            400,
            "Invalid parameter: Empty message",
        );
        assert!(matches!(error, PublishError::InvalidParameterException(_)));
    })
    .await;
}

#[tokio::test]
async fn invalid_parameter_value() {
    scenario(async |world| {
        let value = MessageAttributeValue::builder()
            .data_type("String")
            .string_value("v")
            .build()
            .unwrap();
        let call = world
            .sns
            .publish()
            .topic_arn(world.topic().await)
            .message("m");
        let refused = refusal(call.message_attributes("a^", value).send().await);
        assert_eq!(
            (refused.code.as_str(), refused.status),
            ("ParameterValueInvalid", 400)
        );
        assert!(matches!(
            refused.error,
            PublishError::InvalidParameterValueException(_)
        ));
    })
    .await;
}

#[tokio::test]
async fn too_many_tags() {
    scenario(async |world| {
        let tag = |n: usize| {
            Tag::builder()
                .key(n.to_string())
                .value("v")
                .build()
                .unwrap()
        };
        let call = world.sns.tag_resource().resource_arn(world.topic().await);
        let refused = refusal(call.set_tags(Some((0..51).map(tag).collect())).send().await);
        assert_eq!(
            (refused.code.as_str(), refused.status),
            ("TagLimitExceeded", 400)
        );
        assert!(matches!(
            refused.error,
            TagResourceError::TagLimitExceededException(_)
        ));
    })
    .await;
}

async fn publish_batch(world: &World, ids: &[&str], text: &str) -> Refusal<PublishBatchError> {
    let entry = |id: &&str| {
        PublishBatchRequestEntry::builder()
            .id(*id)
            .message(text)
            .build()
            .unwrap()
    };
    let entries = ids.iter().map(entry).collect();
    let call = world.sns.publish_batch().topic_arn(world.topic().await);
    refusal(
        call.set_publish_batch_request_entries(Some(entries))
            .send()
            .await,
    )
}

#[tokio::test]
async fn bad_batches() {
    scenario(async |world| {
        let refused = publish_batch(world, &[], "m").await;
        assert_eq!(
            (refused.code.as_str(), refused.status),
            ("EmptyBatchRequest", 400)
        );
        assert!(matches!(
            refused.error,
            PublishBatchError::EmptyBatchRequestException(_)
        ));

        let eleven = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        let words = "The batch request contains more entries than permissible.";
        let error = facts(
            publish_batch(world, &eleven, "m").await,
            "TooManyEntriesInBatchRequest",
            400,
            words,
        );
        assert!(matches!(
            error,
            PublishBatchError::TooManyEntriesInBatchRequestException(_)
        ));

        let words = "Two or more batch entries in the request have the same Id.";
        let error = facts(
            publish_batch(world, &["a", "a"], "m").await,
            "BatchEntryIdsNotDistinct",
            400,
            words,
        );
        assert!(matches!(
            error,
            PublishBatchError::BatchEntryIdsNotDistinctException(_)
        ));

        let words =
            "The Id of a batch entry in the batch request contains an impermissible character: a b";
        let error = facts(
            publish_batch(world, &["a b"], "m").await,
            "InvalidBatchEntryId",
            400,
            words,
        );
        assert!(matches!(
            error,
            PublishBatchError::InvalidBatchEntryIdException(_)
        ));

        let words = "The length of all the messages put together is more than the limit.";
        let refused = publish_batch(world, &["a", "b", "c"], &"x".repeat(100_000)).await;
        let error = facts(refused, "BatchRequestTooLong", 400, words);
        assert!(matches!(
            error,
            PublishBatchError::BatchRequestTooLongException(_)
        ));
    })
    .await;
}
