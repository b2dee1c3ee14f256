"""SQS by the AWS CLI."""

import json
import threading
import time

import pytest
from conftest import ACCOUNT
from scenario import attributes, bodies, dead_letter_pair, make_dead_letters, receive_count


def test_queue_lives_from_its_creation_to_its_deletion(aws, aws_refuses, new_name):
    name = new_name()
    given = ["--attributes", "VisibilityTimeout=40", "--tags", "team=orders,stage=test"]
    url = aws("create-queue", "--queue-name", name, *given)["QueueUrl"]
    assert aws("get-queue-url", "--queue-name", name) == {"QueueUrl": url}
    assert aws("list-queues", "--queue-name-prefix", name)["QueueUrls"] == [url]
    assert aws("untag-queue", "--queue-url", url, "--tag-keys", "stage") is None
    assert aws("list-queue-tags", "--queue-url", url) == {"Tags": {"team": "orders"}}
    assert aws("set-queue-attributes", "--queue-url", url, "--attributes", "DelaySeconds=1") is None
    shown = aws("get-queue-attributes", "--queue-url", url, "--attribute-names", "VisibilityTimeout", "DelaySeconds")
    assert shown == {"Attributes": {"VisibilityTimeout": "40", "DelaySeconds": "1"}}
    assert aws("delete-queue", "--queue-url", url) is None
    assert aws_refuses("get-queue-url", "--queue-name", name) == (
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
    )


def test_first_message(aws, queue):
    sent = aws("send-message", "--queue-url", queue, "--message-body", "hello")
    assert sent["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592"
    (message,) = aws("receive-message", "--queue-url", queue)["Messages"]
    assert message["Body"] == "hello"
    assert message["MessageId"] == sent["MessageId"]
    assert aws("delete-message", "--queue-url", queue, "--receipt-handle", message["ReceiptHandle"]) is None
    assert aws("receive-message", "--queue-url", queue) is None


@pytest.mark.topiq  # exact counters
def test_purge_takes_all_messages(aws, sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    assert aws("purge-queue", "--queue-url", queue) is None
    assert attributes(sqs, queue)["ApproximateNumberOfMessages"] == "0"


def test_hidden_message_comes_back_when_asked_to(aws, sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    (message,) = receive_count(sqs, queue, 1)
    words = ["--receipt-handle", message["ReceiptHandle"], "--visibility-timeout", "0"]
    assert aws("change-message-visibility", "--queue-url", queue, *words) is None
    names = ["--attribute-names", "ApproximateReceiveCount"]
    (again,) = aws("receive-message", "--queue-url", queue, "--wait-time-seconds", "5", *names)["Messages"]
    assert (again["MessageId"], again["Attributes"]) == (message["MessageId"], {"ApproximateReceiveCount": "2"})


def test_fifo_queue_takes_the_same_deduplication_id_once(aws, sqs, create_queue):
    url = create_queue(fifo=True)
    send = ["send-message", "--queue-url", url, "--message-group-id", "g", "--message-deduplication-id", "d"]
    first = aws(*send, "--message-body", "first")
    again = aws(*send, "--message-body", "again")
    assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
    assert bodies(receive_count(sqs, url, 1)) == ["first"]


def test_message_becomes_a_dead_letter_and_is_brought_back(aws, sqs, create_queue, arn_of):
    url, dead_letters = dead_letter_pair(sqs, create_queue)
    make_dead_letters(sqs, url, dead_letters, "poison")
    words = ["--visibility-timeout", "0", "--attribute-names", "All"]
    (dead,) = aws("receive-message", "--queue-url", dead_letters, *words)["Messages"]
    assert dead["Body"] == "poison"
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == arn_of(url)
    assert aws("list-dead-letter-source-queues", "--queue-url", dead_letters)["queueUrls"] == [url]

    arn = arn_of(dead_letters)
    assert aws("start-message-move-task", "--source-arn", arn)["TaskHandle"]
    assert bodies(receive_count(sqs, url, 1)) == ["poison"]
    (task,) = aws("list-message-move-tasks", "--source-arn", arn)["Results"]
    assert (task["SourceArn"], task["Status"]) == (arn, "COMPLETED")


def test_long_poll_wakes(aws, sqs, queue):
    answers = []
    words = ["receive-message", "--queue-url", queue, "--wait-time-seconds", "20"]
    poller = threading.Thread(target=lambda: answers.append(aws(*words)))
    poller.start()
    time.sleep(2)  # the poll's process needs a moment to start
    sqs.send_message(QueueUrl=queue, MessageBody="wake up")
    poller.join()
    assert bodies(answers[0]["Messages"]) == ["wake up"]


def test_message_attributes_and_batches_by_json(aws, queue):
    attribute = {"count": {"DataType": "Number", "StringValue": "3"}}
    entries = [
        {"Id": "a", "MessageBody": "é€😀\r\n", "MessageAttributes": attribute},
        {"Id": "b", "MessageBody": "b"},
        {"Id": "late", "MessageBody": "c", "DelaySeconds": 901},
    ]
    sent = aws("send-message-batch", "--queue-url", queue, "--entries", json.dumps(entries))
    assert [entry["Id"] for entry in sent["Successful"]] == ["a", "b"]
    (failed,) = sent["Failed"]
    assert (failed["Id"], failed["Code"], failed["SenderFault"]) == ("late", "InvalidParameterValue", True)

    names = ["--message-attribute-names", "All", "--max-number-of-messages", "10"]
    messages = aws("receive-message", "--queue-url", queue, *names)["Messages"]
    assert {message["Body"]: message.get("MessageAttributes") for message in messages} == {
        "é€😀\r\n": attribute,
        "b": None,
    }
    handles = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    deleted = aws("delete-message-batch", "--queue-url", queue, "--entries", json.dumps(handles))
    assert deleted == {"Successful": [{"Id": "0"}, {"Id": "1"}]}


def test_largest_body_comes_from_a_file(aws, sqs, queue, tmp_path):
    body = "é" * 524_288
    (tmp_path / "body").write_text(body)
    aws("send-message", "--queue-url", queue, "--message-body", f"file://{tmp_path}/body")
    (message,) = aws("receive-message", "--queue-url", queue)["Messages"]
    assert message["Body"] == body


def test_list_is_read_page_by_page(aws, sqs, new_name):
    prefix = new_name("-")
    urls = [sqs.create_queue(QueueName=f"{prefix}{number}")["QueueUrl"] for number in range(3)]
    try:
        listed = aws("list-queues", "--queue-name-prefix", prefix, "--page-size", "2")
        assert sorted(listed["QueueUrls"]) == urls
    finally:
        for url in urls:
            sqs.delete_queue(QueueUrl=url)


def test_errors_show_awss_code_and_words(aws_refuses, queue):
    assert aws_refuses("delete-message", "--queue-url", queue, "--receipt-handle", "garbage") == (
        "ReceiptHandleIsInvalid",
        'The input receipt handle "garbage" is not a valid receipt handle.',
    )
    assert aws_refuses("receive-message", "--queue-url", queue, "--max-number-of-messages", "11") == (
        "InvalidParameterValue",
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    )


@pytest.mark.topiq
def test_caller_is_the_account_of_the_key(aws):
    assert aws("get-caller-identity", service="sts")["Account"] == ACCOUNT
