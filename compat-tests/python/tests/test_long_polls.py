"""Long polls: they wait, and wake as soon as there is a message."""

import time

from scenario import after, bodies, receive, receive_one

WAIT_SECONDS = 20


def woken(sqs, url, wait=WAIT_SECONDS, **parameters):
    """A long poll that must be woken well before its wait is over."""
    started = time.monotonic()
    messages = receive(sqs, url, wait=wait, **parameters)
    assert messages, "the poll was not woken"
    assert time.monotonic() - started < WAIT_SECONDS - 2
    return messages


def test_empty_poll_waits_its_time(sqs, queue):
    started = time.monotonic()
    assert receive(sqs, queue, wait=1) == []
    assert time.monotonic() - started >= 1


def test_queues_own_wait_counts_when_the_call_names_none(sqs, create_queue):
    url = create_queue(ReceiveMessageWaitTimeSeconds=1)
    started = time.monotonic()
    assert receive(sqs, url, wait=None) == []
    assert time.monotonic() - started >= 1


def test_calls_wait_of_zero_overrides_the_queues(sqs, create_queue):
    url = create_queue(ReceiveMessageWaitTimeSeconds=20)
    started = time.monotonic()
    assert receive(sqs, url, wait=0) == []
    assert time.monotonic() - started < WAIT_SECONDS - 2


def test_send_wakes_a_poll_by_call(sqs, queue):
    with after(0.5, sqs.send_message, QueueUrl=queue, MessageBody="wake"):
        assert bodies(woken(sqs, queue)) == ["wake"]


def test_send_wakes_a_poll_by_attribute(sqs, create_queue):
    url = create_queue(ReceiveMessageWaitTimeSeconds=WAIT_SECONDS)
    with after(0.5, sqs.send_message, QueueUrl=url, MessageBody="wake"):
        assert bodies(woken(sqs, url, wait=None)) == ["wake"]


def test_batch_wakes_a_poll(sqs, queue):
    entries = [{"Id": "a", "MessageBody": "wake"}]
    with after(0.5, sqs.send_message_batch, QueueUrl=queue, Entries=entries):
        assert bodies(woken(sqs, queue)) == ["wake"]


def test_end_of_a_visibility_timeout_wakes_a_poll(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="again")
    started = time.monotonic()
    receive_one(sqs, queue, VisibilityTimeout=1)
    assert bodies(woken(sqs, queue)) == ["again"]
    assert time.monotonic() - started >= 1


def test_end_of_a_delay_wakes_a_poll(sqs, queue):
    started = time.monotonic()
    sqs.send_message(QueueUrl=queue, MessageBody="late", DelaySeconds=1)
    assert bodies(woken(sqs, queue)) == ["late"]
    assert time.monotonic() - started >= 1


def test_visibility_of_zero_wakes_a_poll(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="again")
    handle = receive_one(sqs, queue)["ReceiptHandle"]
    change = {"QueueUrl": queue, "ReceiptHandle": handle, "VisibilityTimeout": 0}
    with after(0.5, sqs.change_message_visibility, **change):
        assert bodies(woken(sqs, queue)) == ["again"]


def test_delete_in_a_group_wakes_a_poll(sqs, create_queue):
    url = create_queue(fifo=True, ContentBasedDeduplication="true")
    for text in ("first", "second"):
        sqs.send_message(QueueUrl=url, MessageBody=text, MessageGroupId="g")
    handle = receive_one(sqs, url)["ReceiptHandle"]
    with after(0.5, sqs.delete_message, QueueUrl=url, ReceiptHandle=handle):
        assert bodies(woken(sqs, url)) == ["second"]


def test_poll_answers_at_once_with_visible_messages(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="only")
    assert bodies(woken(sqs, queue, MaxNumberOfMessages=10)) == ["only"]
