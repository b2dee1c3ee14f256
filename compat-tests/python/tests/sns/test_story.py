"""A shop: its services publish events to one topic, and each gets those that concern it."""

import json

import pytest
from notifications import envelope
from scenario import receive, receive_count

CONCERNS = {
    "inventory": ["OrderCreated", "PaymentFailed"],
    "payment": ["ItemReserved"],
    "delivery": ["PaymentMade"],
    "notification": ["PaymentMade", "PaymentFailed", "ItemNotAvailable"],
}

HAPPENED = ["OrderCreated", "ItemReserved", "PaymentMade", "PaymentFailed", "ItemNotAvailable"]


def event(kind, key):
    return json.dumps({"type": kind, "idempotency-key": key, "order": {"id": 7, "items": ["é", "b"]}})


def subscribe_services(topic, subscribed_queue, *, fifo):
    return {
        service: subscribed_queue(
            topic, fifo=fifo, FilterPolicyScope="MessageBody", FilterPolicy=json.dumps({"type": kinds})
        )
        for service, kinds in CONCERNS.items()
    }


def heard(sqs, url, count):
    """Takes this many messages from a queue, and makes sure that no others come."""
    kinds = []
    while len(kinds) < count:
        for message in receive_count(sqs, url, 1):
            kinds.append(json.loads(envelope(message)["Message"])["type"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert receive(sqs, url, wait=1) == []
    return kinds


def test_services_get_the_events_that_concern_them(sns, sqs, topic, subscribed_queue):
    queues = subscribe_services(topic, subscribed_queue, fifo=False)
    for number, kind in enumerate(HAPPENED):
        sns.publish(TopicArn=topic, Message=event(kind, f"key-{number}"))
    for service, url in queues.items():
        assert sorted(heard(sqs, url, len(CONCERNS[service]))) == sorted(CONCERNS[service]), service


def test_standard_topic_delivers_a_repeated_message_twice(sns, sqs, topic, subscribed_queue):
    queues = subscribe_services(topic, subscribed_queue, fifo=False)
    ids = [sns.publish(TopicArn=topic, Message=event("OrderCreated", "same"))["MessageId"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert heard(sqs, queues["inventory"], 2) == ["OrderCreated"] * 2


def test_fifo_topic_delivers_it_once(sns, sqs, fifo_topic, subscribed_queue):
    queues = subscribe_services(fifo_topic, subscribed_queue, fifo=True)
    for kind in ["OrderCreated", "PaymentFailed"]:
        answers = [
            sns.publish(
                TopicArn=fifo_topic,
                Message=event(kind, f"{kind}-1"),
                MessageGroupId="order-7",
                MessageDeduplicationId=f"{kind}-1",
            )
            for _ in range(2)
        ]
        assert answers[0]["MessageId"] == answers[1]["MessageId"]
        assert answers[0]["SequenceNumber"] == answers[1]["SequenceNumber"]
    assert heard(sqs, queues["inventory"], 2) == ["OrderCreated", "PaymentFailed"]
    assert heard(sqs, queues["notification"], 1) == ["PaymentFailed"]


@pytest.mark.topiq
def test_queue_counts_show_it_at_once(sns, sqs, topic, fifo_topic, subscribed_queue):
    name = "ApproximateNumberOfMessages"

    def count(url):
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]

    for arn, fifo, expected in [(topic, False, "2"), (fifo_topic, True, "1")]:
        url = subscribe_services(arn, subscribed_queue, fifo=fifo)["inventory"]
        ids = {"MessageGroupId": "order-7", "MessageDeduplicationId": "key"} if fifo else {}
        for _ in range(2):
            sns.publish(TopicArn=arn, Message=event("OrderCreated", "key"), **ids)
        assert count(url) == expected
