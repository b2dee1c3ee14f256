"""Dead letters and their redrive."""

import json

import pytest
from async_scenario import eventually, queue_arn, receive, receive_count, receive_one
from scenario import bodies


@pytest.fixture
async def pair(sqs, create_queue):
    """A queue that gives up after two receives, and its dead-letter queue."""
    dead_letters = await create_queue()
    policy = {"deadLetterTargetArn": await queue_arn(sqs, dead_letters), "maxReceiveCount": 2}
    return await create_queue(RedrivePolicy=json.dumps(policy)), dead_letters


async def test_message_dies_after_its_last_receive_and_is_brought_back(sqs, pair):
    source, dead_letters = pair
    sent = await sqs.send_message(QueueUrl=source, MessageBody="poison")
    for count in ("1", "2"):
        message = await receive_one(sqs, source, VisibilityTimeout=0)
        assert message["Attributes"]["ApproximateReceiveCount"] == count
    assert await receive(sqs, source, wait=1) == []
    dead = await receive_one(sqs, dead_letters, VisibilityTimeout=0)
    assert (dead["MessageId"], dead["Body"]) == (sent["MessageId"], "poison")
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == await queue_arn(sqs, source)
    assert (await sqs.list_dead_letter_source_queues(QueueUrl=dead_letters))["queueUrls"] == [source]

    arn = await queue_arn(sqs, dead_letters)
    await sqs.start_message_move_task(SourceArn=arn)

    async def finished():
        (task,) = (await sqs.list_message_move_tasks(SourceArn=arn))["Results"]
        return task["Status"] == "COMPLETED" and task

    assert (await eventually(finished))["ApproximateNumberOfMessagesMoved"] == 1
    assert bodies(await receive_count(sqs, source, 1)) == ["poison"]
    assert await receive(sqs, dead_letters) == []


async def test_running_task_is_cancelled(sqs, pair):
    source, dead_letters = pair
    entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(10)]
    await sqs.send_message_batch(QueueUrl=source, Entries=entries)
    for _ in range(2):
        await receive_count(sqs, source, 10, VisibilityTimeout=0)
    assert await receive(sqs, source) == []
    await receive_count(sqs, dead_letters, 10, VisibilityTimeout=0)
    arn = await queue_arn(sqs, dead_letters)
    handle = (await sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=1))["TaskHandle"]
    assert (await sqs.cancel_message_move_task(TaskHandle=handle))["ApproximateNumberOfMessagesMoved"] < 10
    with pytest.raises(sqs.exceptions.ResourceNotFoundException):
        await sqs.list_message_move_tasks(SourceArn=arn + "-missing")
