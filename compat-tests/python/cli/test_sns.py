"""SNS by the AWS CLI."""

import json

import pytest


@pytest.fixture
def sns(aws):
    return lambda *words: aws(*words, service="sns")


@pytest.fixture
def create_topic(sns, new_name):
    """Creates a topic that is deleted after the test."""
    arns = []

    def run(suffix="", **attributes):
        words = ["--attributes", json.dumps(attributes)] if attributes else []
        arns.append(sns("create-topic", "--name", new_name(suffix), *words)["TopicArn"])
        return arns[-1]

    yield run
    for arn in arns:
        assert sns("delete-topic", "--topic-arn", arn) is None


@pytest.fixture
def create_queue(aws, new_name):
    """Creates a queue that is deleted after the test; returns its URL and its ARN."""
    urls = []

    def run(suffix="", **attributes):
        words = ["--attributes", json.dumps(attributes)] if attributes else []
        url = aws("create-queue", "--queue-name", new_name(suffix), *words)["QueueUrl"]
        urls.append(url)
        shown = aws("get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn")
        return url, shown["Attributes"]["QueueArn"]

    yield run
    for url in urls:
        aws("delete-queue", "--queue-url", url)


def received(aws, url):
    words = ["--max-number-of-messages", "10", "--wait-time-seconds", "1", "--message-attribute-names", "All"]
    answer = aws("receive-message", "--queue-url", url, *words)
    return answer["Messages"] if answer else []


@pytest.mark.topiq
def test_first_notification(aws, sns, create_topic, create_queue):
    topic = create_topic()
    url, arn = create_queue()
    subscription = sns("subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", arn)
    assert subscription["SubscriptionArn"].startswith(topic)
    sent = sns("publish", "--topic-arn", topic, "--subject", "s", "--message", "hello é")
    (message,) = received(aws, url)
    got = json.loads(message["Body"])
    assert (got["Message"], got["Subject"], got["MessageId"]) == ("hello é", "s", sent["MessageId"])
    listed = sns("list-subscriptions-by-topic", "--topic-arn", topic)["Subscriptions"]
    assert [item["Endpoint"] for item in listed] == [arn]
    assert sns("unsubscribe", "--subscription-arn", subscription["SubscriptionArn"]) is None
    sns("publish", "--topic-arn", topic, "--message", "to nobody")
    assert received(aws, url) == []


@pytest.mark.topiq
def test_raw_filtered_subscription(aws, sns, create_topic, create_queue):
    topic = create_topic()
    url, arn = create_queue()
    attributes = {"RawMessageDelivery": "true", "FilterPolicy": '{"color":["blue"]}'}
    sns(
        *["subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", arn],
        *["--attributes", json.dumps(attributes)],
    )
    for color in ["red", "blue"]:
        attribute = {"color": {"DataType": "String", "StringValue": color}}
        sns("publish", "--topic-arn", topic, "--message", color, "--message-attributes", json.dumps(attribute))
    (message,) = received(aws, url)
    assert message["Body"] == "blue"
    assert message["MessageAttributes"] == {"color": {"DataType": "String", "StringValue": "blue"}}


@pytest.mark.topiq
def test_fifo_batch(aws, sns, create_topic, create_queue):
    topic = create_topic(".fifo", FifoTopic="true", ContentBasedDeduplication="true")
    url, arn = create_queue(".fifo", FifoQueue="true")
    sns("subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", arn)
    entries = [{"Id": str(n), "Message": text, "MessageGroupId": "g"} for n, text in enumerate("aab")]
    words = ["--publish-batch-request-entries", json.dumps(entries)]
    successful = sns("publish-batch", "--topic-arn", topic, *words)["Successful"]
    assert successful[0]["SequenceNumber"] == successful[1]["SequenceNumber"]
    assert [json.loads(message["Body"])["Message"] for message in received(aws, url)] == ["a", "b"]


def test_attributes_and_tags(sns, create_topic):
    topic = create_topic(DisplayName="shown")
    sns("set-topic-attributes", "--topic-arn", topic, "--attribute-name", "DisplayName", "--attribute-value", "é")
    assert sns("get-topic-attributes", "--topic-arn", topic)["Attributes"]["DisplayName"] == "é"
    sns("tag-resource", "--resource-arn", topic, "--tags", "Key=a,Value=1")
    tags = sns("list-tags-for-resource", "--resource-arn", topic)["Tags"]
    assert tags == [{"Key": "a", "Value": "1"}]


def test_errors_show_awss_code_and_words(aws_refuses, create_topic):
    topic = create_topic()
    assert aws_refuses("publish", "--topic-arn", topic + "-missing", "--message", "m", service="sns") == (
        "NotFound",
        "Topic does not exist",
    )
    attribute = json.dumps({"a..b": {"DataType": "String", "StringValue": "v"}})
    words = ["publish", "--topic-arn", topic, "--message", "m", "--message-attributes", attribute]
    assert aws_refuses(*words, service="sns") == (
        "ParameterValueInvalid",
        "Message attribute name can not have successive '.' character.",
    )
