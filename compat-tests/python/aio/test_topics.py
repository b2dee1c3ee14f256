"""From a topic to queues: by filter policies, as envelopes and raw, in order."""

import json

import pytest
from async_scenario import queue_arn, receive, receive_count, receive_one
from notifications import envelope, texts, verify
from scenario import bodies

ATTRIBUTES = {
    "kind": {"DataType": "String", "StringValue": "order"},
    "size": {"DataType": "Number", "StringValue": "12"},
    "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
}


@pytest.fixture
def subscribed_queue(sqs, sns, create_queue):
    """Creates a queue that subscribes a topic, and returns its URL."""

    async def create(topic, *, fifo=False, **attributes):
        url = await create_queue(fifo=fifo)
        arn = await queue_arn(sqs, url)
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        await sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        await sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
        return url

    return create


@pytest.mark.topiq  # on AWS a filter policy takes effect late
async def test_queues_get_what_their_policies_want(sqs, sns, topic, subscribed_queue):
    by_attribute = await subscribed_queue(topic, FilterPolicy='{"kind":["order"],"size":[{"numeric":[">",10]}]}')
    by_body = await subscribed_queue(
        topic, FilterPolicyScope="MessageBody", FilterPolicy='{"user":{"tier":["gold"]}}', RawMessageDelivery="true"
    )
    everything = await subscribed_queue(topic)

    gold = json.dumps({"user": {"tier": "gold"}, "text": "é€😀"})
    sent = await sns.publish(TopicArn=topic, Subject="Über", Message="plain", MessageAttributes=ATTRIBUTES)
    await sns.publish(TopicArn=topic, Message=gold, MessageAttributes={"bytes": ATTRIBUTES["bytes"]})

    got = envelope(await receive_one(sqs, by_attribute))
    assert (got["Type"], got["TopicArn"], got["MessageId"]) == ("Notification", topic, sent["MessageId"])
    assert (got["Subject"], got["Message"]) == ("Über", "plain")
    assert got["MessageAttributes"]["kind"] == {"Type": "String", "Value": "order"}
    verify(got)

    raw = await receive_one(sqs, by_body)
    assert raw["Body"] == gold
    assert raw["MessageAttributes"] == {"bytes": ATTRIBUTES["bytes"]}
    assert sorted(texts(await receive_count(sqs, everything, 2))) == sorted(["plain", gold])
    assert await receive(sqs, by_attribute) == await receive(sqs, by_body) == []


async def test_fifo_topic_keeps_the_order_and_drops_a_duplicate(sqs, sns, create_topic, subscribed_queue):
    topic = await create_topic(fifo=True)
    url = await subscribed_queue(topic, fifo=True, RawMessageDelivery="true")
    entries = [
        {"Id": str(n), "Message": text, "MessageGroupId": "g", "MessageDeduplicationId": text}
        for n, text in enumerate("abacadb")
    ]
    answer = await sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    numbers = [entry["SequenceNumber"] for entry in answer["Successful"]]
    assert numbers[0] == numbers[2] == numbers[4]
    assert bodies(await receive_count(sqs, url, 4)) == ["a", "b", "c", "d"]


async def test_one_bad_entry_refuses_a_batch(sqs, sns, topic, subscribed_queue):
    url = await subscribed_queue(topic)
    entries = [{"Id": "good", "Message": "m"}, {"Id": "bad", "Message": ""}]
    with pytest.raises(sns.exceptions.InvalidParameterException):
        await sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    entries[1]["Message"] = "n"
    answer = await sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [entry["Id"] for entry in answer["Successful"]] == ["good", "bad"]
    assert sorted(texts(await receive_count(sqs, url, 2))) == ["m", "n"]
