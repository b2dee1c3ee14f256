//! Each error is its operation's own variant, with AWS's code, status and text.

use aws_sdk_sqs::operation::add_permission::AddPermissionError;
use aws_sdk_sqs::operation::create_queue::CreateQueueError;
use aws_sdk_sqs::operation::delete_message::DeleteMessageError;
use aws_sdk_sqs::operation::list_message_move_tasks::ListMessageMoveTasksError;
use aws_sdk_sqs::operation::purge_queue::PurgeQueueError;
use aws_sdk_sqs::operation::send_message::SendMessageError;
use aws_sdk_sqs::operation::send_message_batch::{SendMessageBatchError, SendMessageBatchOutput};
use aws_sdk_sqs::operation::set_queue_attributes::SetQueueAttributesError;
use aws_sdk_sqs::types::{MessageAttributeValue, QueueAttributeName, SendMessageBatchRequestEntry};
use topiq_compat_tests::{
    Refusal, World, facts, name_of, new_name, queue_arn, refusal, scenario, strict_scenario,
};

const PREFIX: &str = "AWS.SimpleQueueService.";

#[tokio::test]
async fn queue_does_not_exist() {
    scenario(async |world| {
        let url = world.queue().await + "-missing";
        let refused = refusal(
            world
                .sqs
                .send_message()
                .queue_url(url)
                .message_body("x")
                .send()
                .await,
        );
        let code = PREFIX.to_owned() + "NonExistentQueue";
        let error = facts(refused, &code, 400, "The specified queue does not exist.");
        assert!(matches!(error, SendMessageError::QueueDoesNotExist(_)));
    })
    .await;
}

#[tokio::test]
async fn queue_name_exists() {
    scenario(async |world| {
        let url = world.queue().await;
        let call = world.sqs.create_queue().queue_name(name_of(&url));
        let refused = refusal(call.attributes(QueueAttributeName::DelaySeconds, "1").send().await);
        let words = "A queue already exists with the same name and a different value for attribute DelaySeconds";
        let error = facts(refused, "QueueAlreadyExists", 400, words);
        assert!(matches!(error, CreateQueueError::QueueNameExists(_)));
    })
    .await;
}

#[tokio::test]
async fn queue_deleted_recently() {
    strict_scenario(async |world| {
        let name = new_name(false);
        let url = world.sqs.create_queue().queue_name(&name).send().await.unwrap().queue_url.unwrap();
        world.sqs.delete_queue().queue_url(url).send().await.unwrap();
        let refused = refusal(world.sqs.create_queue().queue_name(&name).send().await);
        let words = "You must wait 60 seconds after deleting a queue before you can create another with the same name.";
        let error = facts(refused, &(PREFIX.to_owned() + "QueueDeletedRecently"), 400, words);
        assert!(matches!(error, CreateQueueError::QueueDeletedRecently(_)));
    })
    .await;
}

#[tokio::test]
async fn purge_queue_in_progress() {
    strict_scenario(async |world| {
        let url = world.queue().await;
        world
            .sqs
            .purge_queue()
            .queue_url(&url)
            .send()
            .await
            .unwrap();
        let refused = refusal(world.sqs.purge_queue().queue_url(&url).send().await);
        let words = format!(
            "Only one PurgeQueue operation on {} is allowed every 60 seconds.",
            name_of(&url)
        );
        let error = facts(
            refused,
            &(PREFIX.to_owned() + "PurgeQueueInProgress"),
            403,
            &words,
        );
        assert!(matches!(error, PurgeQueueError::PurgeQueueInProgress(_)));
    })
    .await;
}

#[tokio::test]
async fn invalid_attributes() {
    scenario(async |world| {
        let url = world.queue().await;
        let set = async |name: QueueAttributeName, value| {
            refusal(
                world
                    .sqs
                    .set_queue_attributes()
                    .queue_url(&url)
                    .attributes(name, value)
                    .send()
                    .await,
            )
        };
        let unknown = set("Bogus".into(), "1").await;
        let error = facts(
            unknown,
            "InvalidAttributeName",
            400,
            "Unknown Attribute Bogus.",
        );
        assert!(matches!(
            error,
            SetQueueAttributesError::InvalidAttributeName(_)
        ));
        let too_long = set(QueueAttributeName::DelaySeconds, "901").await;
        let error = facts(
            too_long,
            "InvalidAttributeValue",
            400,
            "Invalid value for the parameter DelaySeconds.",
        );
        assert!(matches!(
            error,
            SetQueueAttributesError::InvalidAttributeValue(_)
        ));
    })
    .await;
}

#[tokio::test]
async fn receipt_handle_is_invalid() {
    scenario(async |world| {
        let url = world.queue().await;
        let refused = refusal(
            world
                .sqs
                .delete_message()
                .queue_url(url)
                .receipt_handle("garbage")
                .send()
                .await,
        );
        let words = "The input receipt handle \"garbage\" is not a valid receipt handle.";
        let error = facts(refused, "ReceiptHandleIsInvalid", 404, words);
        assert!(matches!(
            error,
            DeleteMessageError::ReceiptHandleIsInvalid(_)
        ));
    })
    .await;
}

#[tokio::test]
async fn over_limit() {
    scenario(async |world| {
        let url = world.queue().await;
        let account = queue_arn(world, &url)
            .await
            .split(':')
            .nth(4)
            .unwrap()
            .to_owned();
        let mut call = world
            .sqs
            .add_permission()
            .queue_url(url)
            .label("eight")
            .aws_account_ids(account);
        for action in [
            "SendMessage",
            "ReceiveMessage",
            "DeleteMessage",
            "ChangeMessageVisibility",
            "GetQueueAttributes",
            "GetQueueUrl",
            "PurgeQueue",
            "ListDeadLetterSourceQueues",
        ] {
            call = call.actions(action);
        }
        let refused = refusal(call.send().await);
        let error = facts(
            refused,
            "OverLimit",
            403,
            "8 Actions were found, maximum allowed is 7.",
        );
        assert!(matches!(error, AddPermissionError::OverLimit(_)));
    })
    .await;
}

#[tokio::test]
async fn unsupported_operation() {
    scenario(async |world| {
        let list = MessageAttributeValue::builder()
            .data_type("String")
            .string_list_values("a")
            .build()
            .unwrap();
        let call = world
            .sqs
            .send_message()
            .queue_url(world.queue().await)
            .message_body("x");
        let refused = refusal(call.message_attributes("list", list).send().await);
        let words = "Message attribute list values in SendMessage operation are not supported.";
        let error = facts(
            refused,
            &(PREFIX.to_owned() + "UnsupportedOperation"),
            400,
            words,
        );
        assert!(matches!(error, SendMessageError::UnsupportedOperation(_)));
    })
    .await;
}

#[tokio::test]
async fn resource_not_found() {
    scenario(async |world| {
        let arn = queue_arn(world, &world.queue().await).await + "-missing";
        let refused = refusal(
            world
                .sqs
                .list_message_move_tasks()
                .source_arn(arn)
                .send()
                .await,
        );
        let words = "The resource that you specified for the SourceArn parameter doesn't exist.";
        let error = facts(refused, "ResourceNotFoundException", 404, words);
        assert!(matches!(
            error,
            ListMessageMoveTasksError::ResourceNotFoundException(_)
        ));
    })
    .await;
}

async fn send_batch(world: &World, ids: &[&str], body: &str) -> Refusal<SendMessageBatchError> {
    let entry = |id: &&str| {
        SendMessageBatchRequestEntry::builder()
            .id(*id)
            .message_body(body)
            .build()
            .unwrap()
    };
    let entries = ids.iter().map(entry).collect();
    let call = world
        .sqs
        .send_message_batch()
        .queue_url(world.queue().await)
        .set_entries(Some(entries));
    refusal::<SendMessageBatchOutput, _>(call.send().await)
}

#[tokio::test]
async fn bad_batches() {
    scenario(async |world| {
        let code = |name: &str| PREFIX.to_owned() + name;
        let words = "There should be at least one SendMessageBatchRequestEntry in the request.";
        let error = facts(
            send_batch(world, &[], "x").await,
            &code("EmptyBatchRequest"),
            400,
            words,
        );
        assert!(matches!(error, SendMessageBatchError::EmptyBatchRequest(_)));

        let eleven = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        let words = "Maximum number of entries per request are 10. You have sent 11.";
        let error = facts(
            send_batch(world, &eleven, "x").await,
            &code("TooManyEntriesInBatchRequest"),
            400,
            words,
        );
        assert!(matches!(
            error,
            SendMessageBatchError::TooManyEntriesInBatchRequest(_)
        ));

        let refused = send_batch(world, &["a", "a"], "x").await;
        let error = facts(
            refused,
            &code("BatchEntryIdsNotDistinct"),
            400,
            "Id a repeated.",
        );
        assert!(matches!(
            error,
            SendMessageBatchError::BatchEntryIdsNotDistinct(_)
        ));

        let refused = send_batch(world, &["a b"], "x").await;
        assert_eq!(
            (refused.code, refused.status),
            (code("InvalidBatchEntryId"), 400)
        );
        assert!(matches!(
            refused.error,
            SendMessageBatchError::InvalidBatchEntryId(_)
        ));

        let words =
            "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.";
        let refused = send_batch(world, &["a"], &"x".repeat(1_048_577)).await;
        let error = facts(refused, &code("BatchRequestTooLong"), 400, words);
        assert!(matches!(
            error,
            SendMessageBatchError::BatchRequestTooLong(_)
        ));
    })
    .await;
}

#[tokio::test]
async fn error_that_is_not_modelled_has_its_code() {
    scenario(async |world| {
        let call = world
            .sqs
            .send_message()
            .queue_url(world.fifo_queue().await)
            .message_body("x");
        let words = "The request must contain the parameter MessageGroupId.";
        facts(refusal(call.send().await), "MissingParameter", 400, words);
    })
    .await;
}
