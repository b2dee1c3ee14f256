"""Errors are raised as the client's own exceptions, with AWS's code and status."""

from types import SimpleNamespace

import pytest
from async_scenario import queue_arn
from scenario import refused

PREFIX = "AWS.SimpleQueueService."


@pytest.fixture
async def shop(strict_sqs, sns, create_queue, topic):
    """The resources that the calls below use."""
    url = await create_queue(strict_sqs)
    arn = await queue_arn(strict_sqs, url)
    return SimpleNamespace(sqs=strict_sqs, sns=sns, url=url, name=url.rsplit("/", 1)[1], arn=arn, topic=topic)


async def deleted_recently(shop):
    await shop.sqs.delete_queue(QueueUrl=shop.url)
    await shop.sqs.create_queue(QueueName=shop.name)


async def purged_twice(shop):
    await shop.sqs.purge_queue(QueueUrl=shop.url)
    await shop.sqs.purge_queue(QueueUrl=shop.url)


def entries(*ids, **parameters):
    return [{"Id": id} | parameters for id in ids]


# exception, code, status, how to provoke it
SQS = [
    (
        "QueueDoesNotExist",
        PREFIX + "NonExistentQueue",
        400,
        lambda s: s.sqs.get_queue_url(QueueName=s.name + "-missing"),
    ),
    (
        "QueueNameExists",
        "QueueAlreadyExists",
        400,
        lambda s: s.sqs.create_queue(QueueName=s.name, Attributes={"DelaySeconds": "1"}),
    ),
    ("QueueDeletedRecently", PREFIX + "QueueDeletedRecently", 400, deleted_recently),
    ("PurgeQueueInProgress", PREFIX + "PurgeQueueInProgress", 403, purged_twice),
    (
        "InvalidAttributeName",
        "InvalidAttributeName",
        400,
        lambda s: s.sqs.set_queue_attributes(QueueUrl=s.url, Attributes={"Bogus": "1"}),
    ),
    (
        "InvalidAttributeValue",
        "InvalidAttributeValue",
        400,
        lambda s: s.sqs.set_queue_attributes(QueueUrl=s.url, Attributes={"DelaySeconds": "901"}),
    ),
    (
        "InvalidMessageContents",
        "InvalidMessageContents",
        400,
        lambda s: s.sqs.send_message(QueueUrl=s.url, MessageBody="\ufffe"),
    ),
    (
        "ReceiptHandleIsInvalid",
        "ReceiptHandleIsInvalid",
        404,
        lambda s: s.sqs.delete_message(QueueUrl=s.url, ReceiptHandle="garbage"),
    ),
    (
        "OverLimit",
        "OverLimit",
        403,
        lambda s: s.sqs.add_permission(
            QueueUrl=s.url, Label="l", AWSAccountIds=["123456789012"], Actions=["SendMessage"] * 8
        ),
    ),
    (
        "UnsupportedOperation",
        PREFIX + "UnsupportedOperation",
        400,
        lambda s: s.sqs.send_message(
            QueueUrl=s.url,
            MessageBody="x",
            MessageAttributes={"list": {"DataType": "String", "StringListValues": ["a"]}},
        ),
    ),
    (
        "ResourceNotFoundException",
        "ResourceNotFoundException",
        404,
        lambda s: s.sqs.list_message_move_tasks(SourceArn=s.arn + "-missing"),
    ),
    (
        "EmptyBatchRequest",
        PREFIX + "EmptyBatchRequest",
        400,
        lambda s: s.sqs.send_message_batch(QueueUrl=s.url, Entries=[]),
    ),
    (
        "TooManyEntriesInBatchRequest",
        PREFIX + "TooManyEntriesInBatchRequest",
        400,
        lambda s: s.sqs.send_message_batch(QueueUrl=s.url, Entries=entries(*"abcdefghijk", MessageBody="x")),
    ),
    (
        "BatchEntryIdsNotDistinct",
        PREFIX + "BatchEntryIdsNotDistinct",
        400,
        lambda s: s.sqs.delete_message_batch(QueueUrl=s.url, Entries=entries("a", "a", ReceiptHandle="x")),
    ),
    (
        "InvalidBatchEntryId",
        PREFIX + "InvalidBatchEntryId",
        400,
        lambda s: s.sqs.delete_message_batch(QueueUrl=s.url, Entries=entries("a b", ReceiptHandle="x")),
    ),
    (
        "BatchRequestTooLong",
        PREFIX + "BatchRequestTooLong",
        400,
        lambda s: s.sqs.send_message_batch(QueueUrl=s.url, Entries=entries("a", "b", MessageBody="x" * 524_289)),
    ),
]

SNS = [
    ("NotFoundException", "NotFound", 404, lambda s: s.sns.publish(TopicArn=s.topic + "-missing", Message="m")),
    ("InvalidParameterException", "InvalidParameter", 400, lambda s: s.sns.publish(TopicArn=s.topic, Message="")),
    (
        "InvalidParameterValueException",
        "ParameterValueInvalid",
        400,
        lambda s: s.sns.publish(
            TopicArn=s.topic, Message="m", MessageAttributes={"a^": {"DataType": "String", "StringValue": "v"}}
        ),
    ),
    (
        "ResourceNotFoundException",
        "ResourceNotFound",
        404,
        lambda s: s.sns.tag_resource(ResourceArn=s.topic + "-missing", Tags=[{"Key": "k", "Value": "v"}]),
    ),
    (
        "EmptyBatchRequestException",
        "EmptyBatchRequest",
        400,
        lambda s: s.sns.publish_batch(TopicArn=s.topic, PublishBatchRequestEntries=[]),
    ),
    (
        "TooManyEntriesInBatchRequestException",
        "TooManyEntriesInBatchRequest",
        400,
        lambda s: s.sns.publish_batch(
            TopicArn=s.topic, PublishBatchRequestEntries=entries(*"abcdefghijk", Message="m")
        ),
    ),
    (
        "BatchEntryIdsNotDistinctException",
        "BatchEntryIdsNotDistinct",
        400,
        lambda s: s.sns.publish_batch(TopicArn=s.topic, PublishBatchRequestEntries=entries("a", "a", Message="m")),
    ),
]


@pytest.mark.parametrize(("name", "code", "status", "provoke"), SQS, ids=[case[0] for case in SQS])
async def test_sqs_error_is_typed(shop, name, code, status, provoke):
    with refused(code, status, exception=getattr(shop.sqs.exceptions, name)):
        await provoke(shop)


@pytest.mark.parametrize(("name", "code", "status", "provoke"), SNS, ids=[case[0] for case in SNS])
async def test_sns_error_is_typed(shop, name, code, status, provoke):
    with refused(code, status, exception=getattr(shop.sns.exceptions, name)):
        await provoke(shop)
