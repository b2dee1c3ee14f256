"""The AWS CLI as a user types it: each call is a process of its own."""

import json
import threading
import time

import pytest
from conftest import ACCOUNT


@pytest.fixture
def create(aws, new_name):
    """Creates a queue that is deleted after the test."""
    urls = []

    def run(suffix="", **attributes):
        words = ["--attributes", json.dumps(attributes)] if attributes else []
        urls.append(aws("create-queue", "--queue-name", new_name(suffix), *words)["QueueUrl"])
        return urls[-1]

    yield run
    for url in urls:
        aws("delete-queue", "--queue-url", url)


def arn_of(aws, url):
    return aws("get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn")["Attributes"]["QueueArn"]


def test_first_message(aws, create):
    url = create()
    sent = aws("send-message", "--queue-url", url, "--message-body", "hello")
    assert sent["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592"
    (message,) = aws("receive-message", "--queue-url", url)["Messages"]
    assert message["Body"] == "hello"
    assert message["MessageId"] == sent["MessageId"]
    assert aws("delete-message", "--queue-url", url, "--receipt-handle", message["ReceiptHandle"]) is None
    assert aws("receive-message", "--queue-url", url) is None


def test_fifo_queue_takes_the_same_deduplication_id_once(aws, create):
    url = create(".fifo", FifoQueue="true")
    send = ["send-message", "--queue-url", url, "--message-group-id", "g", "--message-deduplication-id", "d"]
    first = aws(*send, "--message-body", "first")
    again = aws(*send, "--message-body", "again")
    assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
    received = aws("receive-message", "--queue-url", url, "--max-number-of-messages", "10")["Messages"]
    assert [message["Body"] for message in received] == ["first"]


def test_message_becomes_a_dead_letter(aws, create):
    dead_letters = create()
    policy = {"deadLetterTargetArn": arn_of(aws, dead_letters), "maxReceiveCount": 2}
    url = create(RedrivePolicy=json.dumps(policy))
    aws("send-message", "--queue-url", url, "--message-body", "poison")
    receive = ["receive-message", "--visibility-timeout", "0", "--queue-url"]
    for _ in range(2):
        assert aws(*receive, url)["Messages"][0]["Body"] == "poison"
    assert aws(*receive, url) is None
    (dead,) = aws(*receive, dead_letters, "--attribute-names", "All")["Messages"]
    assert dead["Body"] == "poison"
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(aws, url)


def test_long_poll_wakes(aws, create):
    url = create()
    received = {}

    def poll():
        started = time.monotonic()
        answer = aws("receive-message", "--queue-url", url, "--wait-time-seconds", "20")
        received.update(body=answer["Messages"][0]["Body"] if answer else None, seconds=time.monotonic() - started)

    poller = threading.Thread(target=poll)
    poller.start()
    time.sleep(2)  # the poll's process needs a moment to start
    aws("send-message", "--queue-url", url, "--message-body", "wake up")
    poller.join()
    assert received["body"] == "wake up"
    assert received["seconds"] < 20, "it waited to the end"


def test_message_attributes_and_batches_by_json(aws, create):
    url = create()
    entries = [{"Id": "a", "MessageBody": "é€😀\r\n"}, {"Id": "b", "MessageBody": "b"}]
    attribute = {"count": {"DataType": "Number", "StringValue": "3"}}
    entries[0]["MessageAttributes"] = attribute
    sent = aws("send-message-batch", "--queue-url", url, "--entries", json.dumps(entries))
    assert [entry["Id"] for entry in sent["Successful"]] == ["a", "b"]
    names = ["--message-attribute-names", "All", "--max-number-of-messages", "10"]
    messages = aws("receive-message", "--queue-url", url, *names)["Messages"]
    assert {message["Body"]: message.get("MessageAttributes") for message in messages} == {
        "é€😀\r\n": attribute,
        "b": None,
    }


def test_list_is_read_page_by_page(aws, create):
    prefix = create().rsplit("/", 1)[1]
    urls = [
        aws("create-queue", "--queue-name", f"{prefix}-{number}")["QueueUrl"] for number in range(3)
    ]
    try:
        listed = aws("list-queues", "--queue-name-prefix", f"{prefix}-", "--page-size", "2")
        assert sorted(listed["QueueUrls"]) == urls
    finally:
        for url in urls:
            aws("delete-queue", "--queue-url", url)


def test_errors_show_awss_code_and_words(aws_refuses, create):
    url = create()
    assert aws_refuses("get-queue-url", "--queue-name", "never-made") == (
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
    )
    assert aws_refuses("delete-message", "--queue-url", url, "--receipt-handle", "garbage") == (
        "ReceiptHandleIsInvalid",
        'The input receipt handle "garbage" is not a valid receipt handle.',
    )
    assert aws_refuses("receive-message", "--queue-url", url, "--max-number-of-messages", "11") == (
        "InvalidParameterValue",
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    )


@pytest.mark.topiq
def test_caller_is_the_account_of_the_key(aws):
    assert aws("get-caller-identity", service="sts")["Account"] == ACCOUNT
