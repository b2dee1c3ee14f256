"""Dead-letter queues and redrive."""

import json

import pytest
from scenario import (
    attributes,
    bodies,
    dead_letter_pair,
    eventually,
    make_dead_letters,
    queue_arn,
    receive,
    receive_count,
    receive_one,
    refused,
)


@pytest.fixture
def pair(sqs, create_queue):
    return dead_letter_pair(sqs, create_queue)


def tasks(sqs, dead_letters, count=10):
    return sqs.list_message_move_tasks(SourceArn=queue_arn(sqs, dead_letters), MaxResults=count).get("Results", [])


def finished(sqs, dead_letters):
    newest = tasks(sqs, dead_letters)[0]
    return newest if newest["Status"] in ("COMPLETED", "CANCELLED", "FAILED") else None


def test_message_moves_after_its_last_receive(sqs, create_queue):
    source, dead_letters = dead_letter_pair(sqs, create_queue, max_receive_count=2)
    attribute = {"kept": {"DataType": "String", "StringValue": "yes"}}
    sent = sqs.send_message(QueueUrl=source, MessageBody="poison", MessageAttributes=attribute)
    first = receive_one(sqs, source, VisibilityTimeout=0)
    second = receive_one(sqs, source, VisibilityTimeout=0)
    assert [m["Attributes"]["ApproximateReceiveCount"] for m in (first, second)] == ["1", "2"]
    assert receive(sqs, dead_letters) == [], "it moves at the next receive, not before"
    assert receive(sqs, source, wait=1) == []

    dead = receive_one(sqs, dead_letters)
    assert dead["MessageId"] == sent["MessageId"]
    assert dead["Body"] == "poison"
    assert dead["MessageAttributes"] == attribute
    system = dead["Attributes"]
    assert system["DeadLetterQueueSourceArn"] == queue_arn(sqs, source)
    assert system["ApproximateReceiveCount"] == "3"
    for kept in ("SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"):
        assert system[kept] == first["Attributes"][kept]


def test_fifo_move_unblocks_the_group(sqs, create_queue):
    source, dead_letters = dead_letter_pair(sqs, create_queue, fifo=True, ContentBasedDeduplication="true")
    for text in ("poison", "next"):
        sqs.send_message(QueueUrl=source, MessageBody=text, MessageGroupId="g")
    assert receive_one(sqs, source, VisibilityTimeout=0)["Body"] == "poison"
    assert receive_one(sqs, source)["Body"] == "next"
    dead = receive_one(sqs, dead_letters)
    assert dead["Body"] == "poison"
    assert dead["Attributes"]["MessageGroupId"] == "g"
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == queue_arn(sqs, source)


def test_sources_of_a_dead_letter_queue_are_listed_in_pages(sqs, create_queue):
    dead_letters = create_queue()
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead_letters).get("queueUrls", []) == []
    policy = json.dumps({"deadLetterTargetArn": queue_arn(sqs, dead_letters), "maxReceiveCount": 1})
    sources = sorted(create_queue(RedrivePolicy=policy) for _ in range(3))
    assert sorted(sqs.list_dead_letter_source_queues(QueueUrl=dead_letters)["queueUrls"]) == sources
    paginator = sqs.get_paginator("list_dead_letter_source_queues")
    pages = list(paginator.paginate(QueueUrl=dead_letters, PaginationConfig={"PageSize": 2}))
    assert [len(page["queueUrls"]) for page in pages] == [2, 1]
    assert sorted(url for page in pages for url in page["queueUrls"]) == sources


def test_task_moves_messages_back_to_their_source(sqs, pair):
    source, dead_letters = pair
    make_dead_letters(sqs, source, dead_letters, "a", "b", "c")
    (old_id, *_) = (m["MessageId"] for m in receive(sqs, dead_letters, VisibilityTimeout=0))
    assert sqs.start_message_move_task(SourceArn=queue_arn(sqs, dead_letters))["TaskHandle"]

    task = eventually(lambda: finished(sqs, dead_letters))
    assert isinstance(task.pop("StartedTimestamp"), int)
    assert task == {
        "Status": "COMPLETED",
        "SourceArn": queue_arn(sqs, dead_letters),
        "ApproximateNumberOfMessagesMoved": 3,
        "ApproximateNumberOfMessagesToMove": 3,
    }
    messages = receive_count(sqs, source, 3)
    assert sorted(bodies(messages)) == ["a", "b", "c"]
    for message in messages:
        assert message["MessageId"] != old_id, "a redriven message is a new one"
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert "DeadLetterQueueSourceArn" not in message["Attributes"]
    assert receive(sqs, dead_letters) == []


def test_task_moves_messages_to_another_queue(sqs, pair, queue):
    source, dead_letters = pair
    make_dead_letters(sqs, source, dead_letters, "a")
    sqs.start_message_move_task(SourceArn=queue_arn(sqs, dead_letters), DestinationArn=queue_arn(sqs, queue))
    assert receive_one(sqs, queue)["Body"] == "a"
    task = eventually(lambda: finished(sqs, dead_letters))
    assert task["DestinationArn"] == queue_arn(sqs, queue)


def test_task_with_a_rate_can_be_cancelled(sqs, pair):
    source, dead_letters = pair
    make_dead_letters(sqs, source, dead_letters, *"abcdefgh")
    arn = queue_arn(sqs, dead_letters)
    handle = sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    (running,) = tasks(sqs, dead_letters)
    assert running["Status"] == "RUNNING"
    assert running["TaskHandle"] == handle
    assert running["MaxNumberOfMessagesPerSecond"] == 1
    assert running["ApproximateNumberOfMessagesToMove"] == 8
    with refused("InvalidParameterValue"):
        sqs.start_message_move_task(SourceArn=arn)

    moved = sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"]
    assert 0 <= moved < 8
    task = eventually(lambda: finished(sqs, dead_letters))
    assert task["Status"] == "CANCELLED"
    assert "TaskHandle" not in task
    with refused("InvalidParameterValue", message="Only active tasks can be cancelled."):
        sqs.cancel_message_move_task(TaskHandle=handle)
    left = attributes(sqs, dead_letters)["ApproximateNumberOfMessages"]
    assert int(left) == 8 - task["ApproximateNumberOfMessagesMoved"]


def test_impossible_tasks_are_refused(sqs, pair, queue):
    source, dead_letters = pair
    arn, missing = queue_arn(sqs, dead_letters), queue_arn(sqs, queue) + "-missing"
    not_found = {"exception": sqs.exceptions.ResourceNotFoundException}
    assert tasks(sqs, dead_letters) == []
    with refused("InvalidParameterValue", message="Source queue must be configured as a Dead Letter Queue."):
        sqs.start_message_move_task(SourceArn=queue_arn(sqs, queue))
    with refused("InvalidParameterValue"):
        sqs.start_message_move_task(SourceArn="no arn")
    with refused("InvalidParameterValue"):
        sqs.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=501)
    with refused("ResourceNotFoundException", 404, **not_found):
        sqs.start_message_move_task(SourceArn=missing)
    with refused("ResourceNotFoundException", 404, **not_found):
        sqs.start_message_move_task(SourceArn=arn, DestinationArn=missing)
    with refused("ResourceNotFoundException", 404, **not_found):
        sqs.list_message_move_tasks(SourceArn=missing)
    with refused("InvalidParameterValue", message="Value for parameter TaskHandle is invalid."):
        sqs.cancel_message_move_task(TaskHandle="garbage")
