"""From a topic to queues: contents and recipients."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import REGION
from notifications import envelope, texts, verify
from scenario import bodies, delete_all, queue_arn, receive, receive_count, receive_one

STANDARD = [
    "Type",
    "MessageId",
    "TopicArn",
    "Subject",
    "Message",
    "Timestamp",
    "SignatureVersion",
    "Signature",
    "SigningCertURL",
    "UnsubscribeURL",
    "MessageAttributes",
]

FIFO = [
    "Type",
    "MessageId",
    "SequenceNumber",
    "TopicArn",
    "Subject",
    "Message",
    "Timestamp",
    "UnsubscribeURL",
    "MessageAttributes",
]

ATTRIBUTES = {
    "text": {"DataType": "String", "StringValue": 'é€😀 <&> "quoted" \\'},
    "number": {"DataType": "Number.int", "StringValue": "1.50"},
    "bytes": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
    "list": {"DataType": "String.Array", "StringValue": '["a",1,null]'},
}

ODD = 'é€😀 <a href="x">&amp;</a> \\ " \t\r\n\u2028 {"json":[1]}'


def test_envelope_has_awss_keys_in_awss_order(sns, sqs, topic, subscribed_queue):
    url = subscribed_queue(topic)
    sent = sns.publish(TopicArn=topic, Message=ODD, Subject="Über", MessageAttributes=ATTRIBUTES)
    assert "SequenceNumber" not in sent
    message = receive_one(sqs, url)
    got = envelope(message)
    assert list(got) == STANDARD
    assert (got["Type"], got["MessageId"], got["TopicArn"]) == ("Notification", sent["MessageId"], topic)
    assert (got["Subject"], got["Message"]) == ("Über", ODD)
    assert got["MessageAttributes"] == {
        "text": {"Type": "String", "Value": 'é€😀 <&> "quoted" \\'},
        "number": {"Type": "Number.int", "Value": "1.50"},
        "bytes": {"Type": "Binary", "Value": base64.b64encode(bytes(range(256))).decode()},
        "list": {"Type": "String.Array", "Value": '["a",1,null]'},
    }
    assert "MessageAttributes" not in message
    assert message["MessageId"] != sent["MessageId"]
    verify(got)


def test_plain_envelope_leaves_out_absent_members(sns, sqs, topic, subscribed_queue):
    url = subscribed_queue(topic)
    sns.publish(TopicArn=topic, Message="plain")
    message = receive_one(sqs, url)
    assert list(envelope(message)) == [key for key in STANDARD if key not in ("Subject", "MessageAttributes")]
    assert message["Body"].startswith('{\n  "Type" : "Notification",\n  "MessageId" : "')


@pytest.mark.parametrize("version", ["1", "2"])
def test_signature_is_of_the_topics_version(sns, sqs, create_topic, subscribed_queue, version):
    topic = create_topic(SignatureVersion=version)
    url = subscribed_queue(topic)
    sns.publish(TopicArn=topic, Message=ODD, Subject="signed")
    got = envelope(receive_one(sqs, url))
    assert got["SignatureVersion"] == version
    verify(got)


def test_raw_message_is_the_text_and_its_attributes(sns, sqs, topic, subscribed_queue):
    url = subscribed_queue(topic, RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message=ODD, Subject="lost", MessageAttributes=ATTRIBUTES)
    message = receive_one(sqs, url)  # its digests are checked by the client
    assert message["Body"] == ODD
    assert message["MessageAttributes"] == ATTRIBUTES


@pytest.mark.parametrize(
    ("attributes", "digest"),
    [
        ({"attr1": "99.12"}, "d302007e9aa062660afc85fd0a482472"),
        ({"attr1": "19.12"}, "1f07082409022a373fa2a2601f82b3cb"),
        ({"attr1": "99.12", "attr2": "109.12"}, "9b720b3af309c1c4b0d395c53b08c502"),
    ],
)
def test_raw_attributes_have_awss_digests(sns, sqs, topic, subscribed_queue, attributes, digest):
    url = subscribed_queue(topic, RawMessageDelivery="true")
    numbers = {name: {"DataType": "Number", "StringValue": value} for name, value in attributes.items()}
    sns.publish(TopicArn=topic, Message="m", MessageAttributes=numbers)
    assert receive_one(sqs, url)["MD5OfMessageAttributes"] == digest


def test_two_queues_get_what_their_policies_want(sns, sqs, topic, subscribed_queue):
    by_attribute = subscribed_queue(topic, FilterPolicy='{"kind":["order"],"size":[{"numeric":[">=",10]}]}')
    by_body = subscribed_queue(
        topic, FilterPolicyScope="MessageBody", FilterPolicy='{"user":{"tier":["gold"]},"total":[{"numeric":[">",5]}]}'
    )
    everything = subscribed_queue(topic)

    def publish(body, **attributes):
        types = {str: "String", int: "Number", list: "String.Array"}
        given = {
            name: {
                "DataType": types[type(value)],
                "StringValue": json.dumps(value) if isinstance(value, list) else str(value),
            }
            for name, value in attributes.items()
        }
        sns.publish(TopicArn=topic, Message=body, MessageAttributes=given)

    gold = '{"user":{"tier":"gold"},"total":6}'
    poor = '{"user":{"tier":"gold"},"total":5}'
    publish("no json", kind="order", size=10)
    publish("small", kind="order", size=9)
    publish(gold)
    publish(poor, kind=["x", "order"], size=11)
    publish("[1]", kind="parcel", size=100)

    assert texts(receive_count(sqs, everything, 5)) == ["no json", "small", gold, poor, "[1]"]
    assert texts(receive_count(sqs, by_attribute, 2)) == ["no json", poor]
    assert texts(receive_count(sqs, by_body, 1)) == [gold]
    assert receive(sqs, by_attribute) + receive(sqs, by_body) == []


def test_changed_policy_counts_from_then_on(sns, sqs, topic, queue, subscribe):
    arn = subscribe(topic, queue_arn(sqs, queue), FilterPolicy='{"kind":["a"]}', RawMessageDelivery="true")

    def publish(kind):
        attribute = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message=kind, MessageAttributes=attribute)

    publish("a")
    publish("b")
    sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"kind":["b"]}')
    publish("a")
    publish("b")
    assert sorted(bodies(receive_count(sqs, queue, 2))) == ["a", "b"]
    assert receive(sqs, queue, wait=1) == []


def test_structure_has_a_text_for_queues(sns, sqs, topic, subscribed_queue):
    raw, enveloped = subscribed_queue(topic, RawMessageDelivery="true"), subscribed_queue(topic)
    structured = {"TopicArn": topic, "MessageStructure": "json"}
    sns.publish(**structured, Message=json.dumps({"default": "for all", "sqs": "for queues", "http": "for the web"}))
    assert receive_one(sqs, raw)["Body"] == "for queues"
    assert envelope(receive_one(sqs, enveloped))["Message"] == "for queues"
    sns.publish(**structured, Message=json.dumps({"default": "for all", "sqs": {"no": "text"}}))
    assert bodies(receive_count(sqs, raw, 1)) == ["for all"]


def test_batch_is_published_entry_by_entry(sns, sqs, topic, subscribed_queue):
    url = subscribed_queue(topic, FilterPolicy='{"wanted":["yes"]}')
    wanted = {"wanted": {"DataType": "String", "StringValue": "yes"}}
    entries = [{"Id": f"id-{number}", "Message": str(number), "Subject": f"s{number}"} for number in range(10)]
    for entry in entries[::2]:
        entry["MessageAttributes"] = wanted
    answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [entry["Id"] for entry in answer["Successful"]] == [entry["Id"] for entry in entries]
    assert answer["Failed"] == []
    ids = [entry["MessageId"] for entry in answer["Successful"]]
    assert len(set(ids)) == 10
    received = [envelope(message) for message in receive_count(sqs, url, 5)]
    assert [(got["Message"], got["MessageId"]) for got in received] == [(str(n), ids[n]) for n in range(0, 10, 2)]
    assert [got["Subject"] for got in received] == ["s0", "s2", "s4", "s6", "s8"]


def test_largest_message_arrives(sns, sqs, topic, subscribed_queue):
    raw = subscribed_queue(topic, RawMessageDelivery="true")
    enveloped = subscribed_queue(topic)
    text = "é" * 131_072
    sns.publish(TopicArn=topic, Message=text)
    assert receive_one(sqs, raw)["Body"] == text
    assert envelope(receive_one(sqs, enveloped))["Message"] == text


def test_group_of_a_standard_topic_reaches_a_standard_queue(sns, sqs, topic, subscribed_queue):
    url = subscribed_queue(topic)
    sns.publish(TopicArn=topic, Message="fair", MessageGroupId="tenant-1")
    assert receive_one(sqs, url)["Attributes"]["MessageGroupId"] == "tenant-1"


def test_trace_header_is_handed_on(sns, sqs, topic, subscribed_queue):
    url = subscribed_queue(topic)
    header = "Root=1-63441c4a-abcdef012345678912345678;Parent=0123456789abcdef;Sampled=1"

    def trace(request, **_):
        request.headers["X-Amzn-Trace-Id"] = header

    sns.meta.events.register("before-sign.sns.Publish", trace)
    try:
        sns.publish(TopicArn=topic, Message="traced")
    finally:
        sns.meta.events.unregister("before-sign.sns.Publish", trace)
    assert receive_one(sqs, url)["Attributes"]["AWSTraceHeader"] == header


@pytest.mark.topiq
def test_queue_may_be_in_another_region(make_client, sns, topic, new_name, subscribe):
    sqs = make_client(region="eu-central-1")
    url = sqs.create_queue(QueueName=new_name())["QueueUrl"]
    subscribe(topic, queue_arn(sqs, url))
    sns.publish(TopicArn=topic, Message="far away")
    got = envelope(receive_one(sqs, url))
    assert got["Message"] == "far away"
    assert got["TopicArn"].split(":")[3] == REGION
    sqs.delete_queue(QueueUrl=url)


def test_fifo_queue_gets_each_message_once_and_in_order(sns, sqs, create_topic, subscribed_queue):
    topic = create_topic(fifo=True, ContentBasedDeduplication="true")
    url = subscribed_queue(topic, fifo=True)

    def publish(text, **parameters):
        return sns.publish(TopicArn=topic, Message=text, MessageGroupId="g", **parameters)

    sent = [publish(str(number)) for number in range(5)]
    again = publish("2", Subject="does not count")
    assert again["MessageId"] == sent[2]["MessageId"]
    assert again["SequenceNumber"] == sent[2]["SequenceNumber"]
    numbers = [answer["SequenceNumber"] for answer in sent]
    assert all(len(number) == 20 for number in numbers)
    assert numbers == sorted(set(numbers))

    messages = receive_count(sqs, url, 5)
    got = [envelope(message) for message in messages]
    assert [text["Message"] for text in got] == ["0", "1", "2", "3", "4"]
    assert [text["SequenceNumber"] for text in got] == numbers
    assert {message["Attributes"]["MessageGroupId"] for message in messages} == {"g"}
    assert [message["Attributes"]["SequenceNumber"] for message in messages] != numbers
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert receive(sqs, url, wait=1) == []


def test_fifo_envelope_has_its_own_keys_and_no_signature(sns, sqs, fifo_topic, subscribed_queue):
    fifo, standard = subscribed_queue(fifo_topic, fifo=True), subscribed_queue(fifo_topic)
    sns.publish(
        TopicArn=fifo_topic,
        Message="Test",
        Subject="s",
        MessageGroupId="g",
        MessageDeduplicationId="d",
        MessageAttributes={"a": {"DataType": "String", "StringValue": "v"}},
    )
    message = receive_one(sqs, fifo)
    assert list(envelope(message)) == FIFO
    assert message["Attributes"]["MessageDeduplicationId"] == "d"
    message = receive_one(sqs, standard)
    assert list(envelope(message)) == FIFO
    assert not {"MessageGroupId", "MessageDeduplicationId"} & set(message["Attributes"])


def test_content_is_hashed_for_the_queue(sns, sqs, create_topic, subscribed_queue):
    topic = create_topic(fifo=True, ContentBasedDeduplication="true")
    url = subscribed_queue(topic, fifo=True, RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="Test", MessageGroupId="g")
    message = receive_one(sqs, url)
    assert message["Body"] == "Test"
    hashed = "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25"
    assert message["Attributes"]["MessageDeduplicationId"] == hashed


def test_deduplication_is_the_topics_across_groups(sns, sqs, create_topic, subscribed_queue):
    whole = create_topic(fifo=True, ContentBasedDeduplication="true")
    by_group = create_topic(fifo=True, ContentBasedDeduplication="true", FifoThroughputScope="MessageGroup")
    for topic, count in [(whole, 1), (by_group, 2)]:
        url = subscribed_queue(topic)
        sent = [sns.publish(TopicArn=topic, Message="same", MessageGroupId=group) for group in "gh"]
        assert len({answer["MessageId"] for answer in sent}) == count
        receive_count(sqs, url, count)
        assert receive(sqs, url, wait=1) == []


def test_fifo_batch_keeps_its_order(sns, sqs, create_topic, subscribed_queue):
    topic = create_topic(fifo=True, ContentBasedDeduplication="true")
    url = subscribed_queue(topic, fifo=True)
    entries = [{"Id": str(n), "Message": str(n % 9), "MessageGroupId": "g"} for n in range(10)]
    successful = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]
    assert [entry["Id"] for entry in successful] == [str(n) for n in range(10)]
    assert successful[9]["MessageId"] == successful[0]["MessageId"], "its text is the first's"
    assert successful[9]["SequenceNumber"] == successful[0]["SequenceNumber"]
    assert texts(receive_count(sqs, url, 9)) == [str(n) for n in range(9)]


def test_publishers_at_the_same_time_share_one_sequence(sns, sqs, create_topic, subscribed_queue):
    topic = create_topic(fifo=True)
    url = subscribed_queue(topic, fifo=True)

    def publish(number):
        return sns.publish(
            TopicArn=topic, Message=str(number), MessageGroupId="g", MessageDeduplicationId=str(number % 100)
        )["SequenceNumber"]

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(publish, range(200)))
    assert numbers[:100] == numbers[100:], "each was published twice"
    arrived = []
    while len(arrived) < 100:
        messages = receive_count(sqs, url, 1)
        arrived += [envelope(message)["SequenceNumber"] for message in messages]
        delete_all(sqs, url, messages)
    assert arrived == sorted(numbers[:100])
