"""Steps that many scenarios share, in a user's words."""

import json
import threading
import time
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

# A process may take long to start on a busy machine.
PATIENCE_SECONDS = 60


def queue_arn(sqs, url):
    return attributes(sqs, url, "QueueArn")["QueueArn"]


def attributes(sqs, url, *names):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"]).get("Attributes", {})


def receive(sqs, url, wait=0, **parameters):
    """Receives up to ten messages with all their attributes; the wait is the queue's own if it is None."""
    request = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]} | parameters
    if wait is not None:
        request["WaitTimeSeconds"] = wait
    return sqs.receive_message(QueueUrl=url, **request).get("Messages", [])


def receive_one(sqs, url, **parameters):
    """Waits for one message and returns it."""
    messages = receive(sqs, url, wait=10, MaxNumberOfMessages=1, **parameters)
    assert len(messages) == 1, "no message came"
    return messages[0]


def receive_count(sqs, url, count, **parameters):
    """Receives until `count` messages have come, and returns them in the order of arrival."""
    messages = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(messages) < count:
        assert time.monotonic() < deadline, f"{len(messages)} of {count} messages came"
        messages += receive(sqs, url, wait=1, **parameters)
    return messages


def bodies(messages):
    return [message["Body"] for message in messages]


def delete_all(sqs, url, messages):
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def dead_letter_pair(sqs, create_queue, max_receive_count=1, **parameters):
    """Creates a queue and its dead-letter queue; returns both URLs."""
    dead_letters = create_queue(**parameters)
    policy = {"deadLetterTargetArn": queue_arn(sqs, dead_letters), "maxReceiveCount": max_receive_count}
    source = create_queue(RedrivePolicy=json.dumps(policy), **parameters)
    return source, dead_letters


def make_dead_letters(sqs, source, dead_letters, *texts):
    """Sends messages to a queue with a maxReceiveCount of 1 and lets each fail once."""
    for text in texts:
        sqs.send_message(QueueUrl=source, MessageBody=text)
    receive_count(sqs, source, len(texts), VisibilityTimeout=0)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while int(attributes(sqs, dead_letters, "ApproximateNumberOfMessages")["ApproximateNumberOfMessages"]) < len(texts):
        assert time.monotonic() < deadline, "the messages did not become dead letters"
        assert receive(sqs, source) == []


def eventually(question):
    """Polls until the answer is true, and returns it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := question()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)
    return answer


@contextmanager
def after(seconds, call, **parameters):
    """Makes a call in another thread some time after the block was entered."""
    failures = []

    def run():
        time.sleep(seconds)
        try:
            call(**parameters)
        except Exception as failure:  # shown by the thread that waits
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    assert not failures, failures


@contextmanager
def refused(code, status=400, *, exception=ClientError, message=None):
    """Expects AWS's error code and HTTP status, as a typed exception if one is named."""
    with pytest.raises(exception) as caught:
        yield caught
    response = caught.value.response
    shown = (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"])
    assert shown == (code, status), response
    if message is not None:
        assert response["Error"]["Message"] == message
