"""SNS by the AWS CLI."""

import json

import pytest
from notifications import envelope, texts
from scenario import receive_count


@pytest.fixture
def sns(aws):
    return lambda *words: aws(*words, service="sns")


@pytest.fixture
def subscribed_queue(sns, create_queue, arn_of):
    """Creates a queue that subscribes a topic; returns its URL."""

    def run(topic, *, fifo=False, **attributes):
        url = create_queue(fifo=fifo)
        words = ["--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", arn_of(url)]
        subscription = sns("subscribe", *words, "--attributes", json.dumps(attributes))["SubscriptionArn"]
        assert subscription.startswith(topic)
        return url

    return run


def test_topic_lives_from_its_creation_to_its_deletion(sns, aws_refuses, new_name):
    words = ["--attributes", "DisplayName=shown", "--tags", "Key=a,Value=1"]
    topic = sns("create-topic", "--name", new_name(), *words)["TopicArn"]
    sns("set-topic-attributes", "--topic-arn", topic, "--attribute-name", "DisplayName", "--attribute-value", "é")
    assert sns("get-topic-attributes", "--topic-arn", topic)["Attributes"]["DisplayName"] == "é"
    assert sns("list-tags-for-resource", "--resource-arn", topic) == {"Tags": [{"Key": "a", "Value": "1"}]}
    assert sns("delete-topic", "--topic-arn", topic) is None
    assert aws_refuses("publish", "--topic-arn", topic, "--message", "m", service="sns") == (
        "NotFound",
        "Topic does not exist",
    )


@pytest.mark.topiq  # AWS requires a policy on the queue
def test_notification_reaches_a_queue_until_it_unsubscribes(sns, sqs, topic, subscribed_queue, arn_of):
    url = subscribed_queue(topic)
    sent = sns("publish", "--topic-arn", topic, "--subject", "s", "--message", "hello é")
    (message,) = receive_count(sqs, url, 1)
    got = envelope(message)
    assert (got["Message"], got["Subject"], got["MessageId"]) == ("hello é", "s", sent["MessageId"])
    (listed,) = sns("list-subscriptions-by-topic", "--topic-arn", topic)["Subscriptions"]
    assert listed["Endpoint"] == arn_of(url)
    assert sns("unsubscribe", "--subscription-arn", listed["SubscriptionArn"]) is None
    assert sns("list-subscriptions-by-topic", "--topic-arn", topic) == {"Subscriptions": []}


@pytest.mark.topiq
def test_raw_filtered_subscription(sns, sqs, topic, subscribed_queue):
    url = subscribed_queue(topic, RawMessageDelivery="true", FilterPolicy='{"color":["blue"]}')
    for color in ["red", "blue"]:
        attribute = {"color": {"DataType": "String", "StringValue": color}}
        sns("publish", "--topic-arn", topic, "--message", color, "--message-attributes", json.dumps(attribute))
    (message,) = receive_count(sqs, url, 1)
    assert message["Body"] == "blue"
    assert message["MessageAttributes"] == {"color": {"DataType": "String", "StringValue": "blue"}}


@pytest.mark.topiq
def test_fifo_batch(sns, sqs, new_name, subscribed_queue):
    fifo = ["--attributes", "FifoTopic=true,ContentBasedDeduplication=true"]
    topic = sns("create-topic", "--name", new_name(".fifo"), *fifo)["TopicArn"]
    url = subscribed_queue(topic, fifo=True)
    entries = [{"Id": str(n), "Message": text, "MessageGroupId": "g"} for n, text in enumerate("aab")]
    words = ["--publish-batch-request-entries", json.dumps(entries)]
    successful = sns("publish-batch", "--topic-arn", topic, *words)["Successful"]
    assert successful[0]["SequenceNumber"] == successful[1]["SequenceNumber"]
    assert texts(receive_count(sqs, url, 2)) == ["a", "b"]
    sns("delete-topic", "--topic-arn", topic)


def test_errors_show_awss_code_and_words(aws_refuses, topic):
    attribute = json.dumps({"a..b": {"DataType": "String", "StringValue": "v"}})
    words = ["publish", "--topic-arn", topic, "--message", "m", "--message-attributes", attribute]
    assert aws_refuses(*words, service="sns") == (
        "ParameterValueInvalid",
        "Message attribute name can not have successive '.' character.",
    )
