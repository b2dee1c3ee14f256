"""Undeliverable messages go to the subscription's dead-letter queue, as they would have been delivered."""

import json

import pytest
from notifications import envelope, verify
from scenario import queue_arn, receive, receive_count, receive_one

ATTRIBUTE = {"color": {"DataType": "String", "StringValue": "blue"}}


@pytest.fixture
def redrive(sqs):
    def policy(url):
        return json.dumps({"deadLetterTargetArn": queue_arn(sqs, url)})

    return policy


@pytest.mark.topiq
def test_deleted_queues_messages_are_kept(sns, sqs, topic, create_queue, subscribe, redrive):
    gone, dead_letters = create_queue(), create_queue()
    arn = queue_arn(sqs, gone)
    subscription = subscribe(topic, arn, RedrivePolicy=redrive(dead_letters))
    sns.publish(TopicArn=topic, Message="delivered")
    assert envelope(receive_one(sqs, gone))["Message"] == "delivered"

    sqs.delete_queue(QueueUrl=gone)
    sent = sns.publish(TopicArn=topic, Message="dead", Subject="s", MessageAttributes=ATTRIBUTE)
    message = receive_one(sqs, dead_letters)
    got = envelope(message)
    assert (got["Message"], got["MessageId"], got["Subject"]) == ("dead", sent["MessageId"], "s")
    assert got["MessageAttributes"] == {"color": {"Type": "String", "Value": "blue"}}
    assert subscription in got["UnsubscribeURL"]
    verify(got)
    assert "MessageAttributes" not in message, "nothing is added"
    assert sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["Endpoint"] == arn


@pytest.mark.topiq
def test_raw_dead_letters_are_raw(sns, sqs, topic, create_queue, subscribe, redrive):
    dead_letters = create_queue()
    nowhere = queue_arn(sqs, dead_letters) + "-missing"
    subscribe(topic, nowhere, RedrivePolicy=redrive(dead_letters), RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="raw", MessageAttributes=ATTRIBUTE)
    message = receive_one(sqs, dead_letters)
    assert message["Body"] == "raw"
    assert message["MessageAttributes"] == ATTRIBUTE


@pytest.mark.topiq
def test_fifo_dead_letters_keep_group_and_order(sns, sqs, fifo_topic, create_queue, subscribe, redrive):
    dead_letters = create_queue(fifo=True)
    nowhere = queue_arn(sqs, dead_letters).replace(".fifo", "-missing.fifo")
    subscribe(fifo_topic, nowhere, RedrivePolicy=redrive(dead_letters))
    for number in range(3):
        sns.publish(
            TopicArn=fifo_topic, Message=str(number), MessageGroupId="g", MessageDeduplicationId=f"d{number}"
        )
    messages = receive_count(sqs, dead_letters, 3)
    assert [envelope(message)["Message"] for message in messages] == ["0", "1", "2"]
    assert [message["Attributes"]["MessageDeduplicationId"] for message in messages] == ["d0", "d1", "d2"]
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"g"}


@pytest.mark.topiq
def test_raw_message_with_eleven_attributes_is_lost(sns, sqs, topic, create_queue, subscribe, redrive):
    """No queue can hold it, so the dead-letter queue refuses it too."""
    url, dead_letters = create_queue(), create_queue()
    subscribe(topic, queue_arn(sqs, url), RedrivePolicy=redrive(dead_letters), RawMessageDelivery="true")
    many = {f"a{number}": ATTRIBUTE["color"] for number in range(11)}
    sns.publish(TopicArn=topic, Message="too many", MessageAttributes=many)
    sns.publish(TopicArn=topic, Message="after it")
    assert receive_one(sqs, url)["Body"] == "after it"
    assert receive(sqs, url) == []
    assert receive(sqs, dead_letters) == []


@pytest.mark.topiq
def test_message_too_large_for_its_queue_is_dead(sns, sqs, topic, create_queue, subscribe, redrive):
    url, dead_letters = create_queue(MaximumMessageSize=1024), create_queue()
    subscribe(topic, queue_arn(sqs, url), RedrivePolicy=redrive(dead_letters), RawMessageDelivery="true")
    for size in 1024, 1025:
        sns.publish(TopicArn=topic, Message="x" * size)
    assert receive_one(sqs, dead_letters)["Body"] == "x" * 1025
    assert receive_one(sqs, url)["Body"] == "x" * 1024
    assert receive(sqs, url) == []


@pytest.mark.topiq
def test_filtered_message_is_no_dead_letter(sns, sqs, topic, create_queue, subscribe, redrive):
    dead_letters = create_queue()
    nowhere = queue_arn(sqs, dead_letters) + "-missing"
    subscribe(topic, nowhere, RedrivePolicy=redrive(dead_letters), FilterPolicy='{"color":["red"]}')
    sns.publish(TopicArn=topic, Message="blue", MessageAttributes=ATTRIBUTE)
    assert receive(sqs, dead_letters, wait=1) == []
