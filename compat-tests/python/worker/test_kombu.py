"""Kombu by itself: messages without Celery, and fanout by an SNS topic."""

import pytest
from kombu import Connection, Consumer, Exchange, Producer, Queue
from scenario import PATIENCE_SECONDS


@pytest.fixture
def connect(broker, prefix):
    """Connects to the broker, with options of the transport."""
    connections = []

    def run(**transport_options):
        url, options = broker
        options = options | {"queue_name_prefix": prefix, "wait_time_seconds": 1} | transport_options
        connections.append(Connection(url, transport_options=options))
        return connections[-1]

    yield run
    for connection in connections:
        connection.release()


@pytest.fixture
def news(make_client, prefix):
    """A fanout exchange, whose topic is deleted after the test."""
    yield Exchange("news", type="fanout")
    sns = make_client("sns")
    (topic,) = (arn for arn in topics(sns) if arn.endswith(f":{prefix}news"))
    sns.delete_topic(TopicArn=topic)


def topics(sns):
    pages = sns.get_paginator("list_topics").paginate()
    return [topic["TopicArn"] for page in pages for topic in page["Topics"]]


def test_simple_queue(connect):
    with connect().SimpleQueue("simple") as queue:
        for body in ("é€😀", {"n": [1, None]}):
            queue.put(body)
        messages = [queue.get(timeout=PATIENCE_SECONDS) for _ in range(2)]
        for message in messages:
            message.ack()
        assert sorted((message.payload for message in messages), key=str) == [{"n": [1, None]}, "é€😀"]
        with pytest.raises(queue.Empty):
            queue.get(timeout=1)


def test_requeued_message_comes_again(connect):
    with connect().SimpleQueue("simple") as queue:
        queue.put("again")
        queue.get(timeout=PATIENCE_SECONDS).requeue()
        message = queue.get(timeout=PATIENCE_SECONDS)
        assert message.payload == "again"
        message.ack()


def test_fanout_reaches_every_queue_by_a_topic(connect, news, prefix):
    connection = connect(supports_fanout=True)
    queues = [Queue(name, news) for name in ("readers", "archive")]
    received = []

    def take(body, message):
        received.append((message.properties["delivery_info"]["sqs_queue"].rsplit("/", 1)[1], body))
        message.ack()

    with Consumer(connection, queues, callbacks=[take]):
        Producer(connection).publish({"headline": "é"}, exchange=news, declare=queues)
        while len(received) < 2:
            connection.drain_events(timeout=PATIENCE_SECONDS)
    assert sorted(received) == [(prefix + name, {"headline": "é"}) for name in ("archive", "readers")]
