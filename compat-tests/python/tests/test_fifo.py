"""FIFO queues: order, groups, deduplication."""

import time

import pytest
from scenario import bodies, delete_all, receive, receive_one, refused


def send(sqs, url, text, group="g", **parameters):
    return sqs.send_message(QueueUrl=url, MessageBody=text, MessageGroupId=group, **parameters)


@pytest.fixture
def by_content(create_queue):
    return create_queue(fifo=True, ContentBasedDeduplication="true")


def test_messages_of_a_group_come_in_the_order_of_sending(sqs, by_content):
    sequence = [send(sqs, by_content, str(number))["SequenceNumber"] for number in range(25)]
    assert all(len(number) == 20 for number in sequence)
    assert sequence == sorted(set(sequence))
    received = []
    while len(received) < 25:
        messages = receive(sqs, by_content, wait=2)
        assert messages
        received += messages
        delete_all(sqs, by_content, messages)
    assert bodies(received) == [str(number) for number in range(25)]
    assert [message["Attributes"]["SequenceNumber"] for message in received] == sequence
    assert received[0]["Attributes"]["MessageGroupId"] == "g"


def test_batch_keeps_its_order(sqs, by_content):
    entries = [{"Id": str(n), "MessageBody": str(n), "MessageGroupId": "g"} for n in range(10)]
    answer = sqs.send_message_batch(QueueUrl=by_content, Entries=entries)
    assert all("SequenceNumber" in entry for entry in answer["Successful"])
    assert bodies(receive(sqs, by_content, wait=2)) == [str(n) for n in range(10)]


def test_same_deduplication_id_is_sent_once(sqs, fifo_queue):
    first = send(sqs, fifo_queue, "one", MessageDeduplicationId="d")
    again = send(sqs, fifo_queue, "two", MessageDeduplicationId="d")
    assert again["MessageId"] == first["MessageId"]
    assert again["SequenceNumber"] == first["SequenceNumber"]
    message = receive_one(sqs, fifo_queue)
    assert message["Body"] == "one"
    assert message["Attributes"]["MessageDeduplicationId"] == "d"
    sqs.delete_message(QueueUrl=fifo_queue, ReceiptHandle=message["ReceiptHandle"])
    send(sqs, fifo_queue, "three", MessageDeduplicationId="d")
    assert receive(sqs, fifo_queue, wait=1) == [], "deleting does not end the five minutes"


def test_same_content_is_sent_once(sqs, by_content):
    first = send(sqs, by_content, "same")
    attribute = {"other": {"DataType": "String", "StringValue": "attributes do not count"}}
    assert send(sqs, by_content, "same", MessageAttributes=attribute)["MessageId"] == first["MessageId"]
    assert send(sqs, by_content, "same", MessageDeduplicationId="explicit")["MessageId"] != first["MessageId"]
    messages = receive(sqs, by_content, wait=2)
    assert [message["Attributes"]["MessageDeduplicationId"] for message in messages] == [
        "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5",
        "explicit",
    ]


def test_scope_decides_whether_other_groups_count(sqs, create_queue, fifo_queue):
    per_group = create_queue(fifo=True, DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    for url, expected in ((fifo_queue, ["a"]), (per_group, ["a", "b"])):
        send(sqs, url, "a", group="g1", MessageDeduplicationId="d")
        send(sqs, url, "b", group="g2", MessageDeduplicationId="d")
        assert bodies(receive(sqs, url, wait=2)) == expected


@pytest.mark.topiq
def test_purge_forgets_deduplication_ids(sqs, fifo_queue):
    send(sqs, fifo_queue, "one", MessageDeduplicationId="d")
    sqs.purge_queue(QueueUrl=fifo_queue)
    send(sqs, fifo_queue, "two", MessageDeduplicationId="d")
    assert receive_one(sqs, fifo_queue)["Body"] == "two"


def test_group_waits_while_one_of_it_is_in_flight(sqs, by_content):
    for text in ("first", "second"):
        send(sqs, by_content, text)
    first = receive_one(sqs, by_content)
    assert receive(sqs, by_content, wait=1) == []
    sqs.delete_message(QueueUrl=by_content, ReceiptHandle=first["ReceiptHandle"])
    assert receive_one(sqs, by_content)["Body"] == "second"


def test_other_groups_do_not_wait(sqs, by_content):
    for text, group in (("a1", "a"), ("a2", "a"), ("b1", "b")):
        send(sqs, by_content, text, group)
    assert receive_one(sqs, by_content)["Body"] == "a1"
    assert receive_one(sqs, by_content)["Body"] == "b1"
    assert receive(sqs, by_content, wait=1) == []


def test_receive_takes_one_group_before_the_next(sqs, by_content):
    for text, group in (("a1", "a"), ("b1", "b"), ("a2", "a"), ("a3", "a")):
        send(sqs, by_content, text, group)
    assert bodies(receive(sqs, by_content, wait=2)) == ["a1", "a2", "a3", "b1"]


def test_same_order_returns_after_the_timeout(sqs, by_content):
    for text in ("1", "2", "3"):
        send(sqs, by_content, text)
    assert bodies(receive(sqs, by_content, wait=2, VisibilityTimeout=1)) == ["1", "2", "3"]
    time.sleep(1.2)
    assert bodies(receive(sqs, by_content, wait=5)) == ["1", "2", "3"]


def test_message_put_back_comes_before_its_group(sqs, by_content):
    for text in ("1", "2"):
        send(sqs, by_content, text)
    first = receive_one(sqs, by_content)
    sqs.change_message_visibility(QueueUrl=by_content, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    assert bodies(receive(sqs, by_content, wait=2)) == ["1", "2"]


def test_queues_delay_holds_for_all_messages(sqs, create_queue):
    url = create_queue(fifo=True, ContentBasedDeduplication="true", DelaySeconds=1)
    started = time.monotonic()
    send(sqs, url, "late")
    assert receive_one(sqs, url)["Body"] == "late"
    assert time.monotonic() - started >= 1
    with refused("InvalidParameterValue"):
        send(sqs, url, "x", DelaySeconds=2)


def test_receive_attempt_can_be_repeated(sqs, by_content):
    send(sqs, by_content, "x")
    attempt = {"ReceiveRequestAttemptId": "attempt-1", "wait": 2}
    first = receive(sqs, by_content, **attempt)
    again = receive(sqs, by_content, **attempt)
    assert [m["ReceiptHandle"] for m in first] == [m["ReceiptHandle"] for m in again]
    assert again[0]["Attributes"]["ApproximateReceiveCount"] == "1"


def test_required_ids(sqs, fifo_queue, queue):
    with refused("MissingParameter", message="The request must contain the parameter MessageGroupId."):
        sqs.send_message(QueueUrl=fifo_queue, MessageBody="x", MessageDeduplicationId="d")
    with refused(
        "InvalidParameterValue",
        message="The queue should either have ContentBasedDeduplication enabled "
        "or MessageDeduplicationId provided explicitly",
    ):
        send(sqs, fifo_queue, "x")
    with refused("InvalidParameterValue"):  # a batch answers the other code: recorded so
        entries = [{"Id": "a", "MessageBody": "x", "MessageDeduplicationId": "d"}]
        sqs.send_message_batch(QueueUrl=fifo_queue, Entries=entries)
    with refused("InvalidParameterValue"):
        sqs.send_message(QueueUrl=queue, MessageBody="x", MessageDeduplicationId="d")
    for bad in ("", "a b", "ä", "x" * 129):
        with refused("InvalidParameterValue"):
            send(sqs, fifo_queue, "x", group=bad, MessageDeduplicationId="d")
        with refused("InvalidParameterValue"):
            send(sqs, fifo_queue, "x", MessageDeduplicationId=bad)
