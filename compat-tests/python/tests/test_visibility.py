"""Visibility timeouts, and the uses of a receipt handle."""

import time

from scenario import bodies, receive, receive_count, receive_one, refused


def test_message_returns_with_a_new_handle_when_its_timeout_ends(sqs, create_queue):
    url = create_queue(VisibilityTimeout=1)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    first = receive_one(sqs, url)
    second = receive_one(sqs, url, VisibilityTimeout=30)
    assert second["MessageId"] == first["MessageId"]
    assert second["ReceiptHandle"] != first["ReceiptHandle"]
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"
    assert (
        second["Attributes"]["ApproximateFirstReceiveTimestamp"]
        == first["Attributes"]["ApproximateFirstReceiveTimestamp"]
    )


def test_change_shows_or_hides_a_message(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = receive_one(sqs, queue, VisibilityTimeout=1)["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=60)
    assert receive(sqs, queue, wait=2) == []
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
    assert bodies(receive(sqs, queue, wait=5)) == ["x"]


def test_batch_changes_each_message_by_its_own_time(sqs, queue):
    for text in ("show", "hide"):
        sqs.send_message(QueueUrl=queue, MessageBody=text)
    messages = receive_count(sqs, queue, 2)
    entries = [
        {
            "Id": message["Body"],
            "ReceiptHandle": message["ReceiptHandle"],
            "VisibilityTimeout": 0 if message["Body"] == "show" else 60,
        }
        for message in messages
    ]
    answer = sqs.change_message_visibility_batch(QueueUrl=queue, Entries=entries)
    assert len(answer["Successful"]) == 2
    assert bodies(receive(sqs, queue, wait=5)) == ["show"]
    assert receive(sqs, queue, wait=1) == []


def test_expired_handle_of_a_standard_queue_still_works(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = receive_one(sqs, queue, VisibilityTimeout=0)["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=1)
    time.sleep(1.2)
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)
    assert receive(sqs, queue, wait=1) == []


def test_change_of_a_deleted_message_is_refused(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = receive_one(sqs, queue)["ReceiptHandle"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)
    with refused(
        "InvalidParameterValue",
        message=f"Value {handle} for parameter ReceiptHandle is invalid. "
        "Reason: Message does not exist or is not available for visibility timeout change.",
    ):
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=1)


def test_twelve_hours_from_the_receive_are_the_most(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = receive_one(sqs, queue)["ReceiptHandle"]
    time.sleep(0.1)
    with refused(
        "InvalidParameterValue",
        message="Value 43200 for parameter VisibilityTimeout is invalid. "
        "Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].",
    ):
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=43200)
    for seconds in (-1, 43201):
        with refused("InvalidParameterValue"):
            sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=seconds)


def test_handle_is_of_one_queue(sqs, create_queue):
    one, other = create_queue(), create_queue()
    sqs.send_message(QueueUrl=one, MessageBody="x")
    handle = receive_one(sqs, one)["ReceiptHandle"]
    with refused("ReceiptHandleIsInvalid", 404, exception=sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=other, ReceiptHandle=handle)


def test_expired_handle_of_a_fifo_queue_is_dead(sqs, create_queue):
    url = create_queue(fifo=True, ContentBasedDeduplication="true", VisibilityTimeout=1)
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g")
    handle = receive_one(sqs, url)["ReceiptHandle"]
    time.sleep(1.2)
    with refused(
        "InvalidParameterValue",
        message=f"Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
    ):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    assert receive_one(sqs, url)["Body"] == "x"
