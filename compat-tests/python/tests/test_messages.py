"""One message's life: send, receive, delete. Every client here checks the digests in responses: see digests.py."""

import time

import pytest
from scenario import bodies, delete_all, receive, receive_one, refused

EVERY_TYPE = {
    "text": {"DataType": "String", "StringValue": "Zürich €😀"},
    "labelled": {"DataType": "String.json", "StringValue": '{"a": "<&>\\r\\n"}'},
    "number": {"DataType": "Number", "StringValue": "-00012.500"},
    "big": {"DataType": "Number.bigint", "StringValue": "12345678901234567890123456789012345678"},
    "bytes": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
    "picture": {"DataType": "Binary.png", "BinaryValue": b"\x89PNG\r\n\x1a\n"},
    "a.b-c_d": {"DataType": "String", "StringValue": " "},
}


def test_message_is_sent_received_and_deleted(sqs, queue):
    sent = sqs.send_message(QueueUrl=queue, MessageBody="hello")
    assert sent["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592"
    assert "MD5OfMessageAttributes" not in sent
    assert "SequenceNumber" not in sent
    message = receive_one(sqs, queue)
    assert message["MessageId"] == sent["MessageId"]
    assert message["Body"] == "hello"
    assert message["MD5OfBody"] == "5d41402abc4b2a76b9719d911017c592"
    assert "MessageAttributes" not in message
    for _ in range(2):  # deleting twice is no error
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert receive(sqs, queue) == []


def test_attributes_of_every_type_come_back(sqs, queue):
    sent = sqs.send_message(QueueUrl=queue, MessageBody="typed", MessageAttributes=EVERY_TYPE)
    message = receive_one(sqs, queue)
    assert message["MessageAttributes"] == EVERY_TYPE
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]


def test_digest_of_attributes_is_awss(sqs, queue):
    attribute = {"color": {"DataType": "String", "StringValue": "blue"}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=attribute)
    assert sent["MD5OfMessageAttributes"] == "da1b33cc3cbfe8b1630921e78e6b9880"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["All"], set(EVERY_TYPE)),
        ([".*"], set(EVERY_TYPE)),
        (["text", "number", "missing"], {"text", "number"}),
        (["b.*"], {"big", "bytes"}),
        (["a.*"], {"a.b-c_d"}),
        (["TEXT"], set()),
        ([], set()),
    ],
)
def test_only_attributes_that_were_asked_for_come(sqs, queue, names, expected):
    sqs.send_message(QueueUrl=queue, MessageBody="typed", MessageAttributes=EVERY_TYPE)
    message = receive_one(sqs, queue, MessageAttributeNames=names)
    assert set(message.get("MessageAttributes", {})) == expected
    assert ("MD5OfMessageAttributes" in message) == bool(expected)


def test_ten_attributes_are_the_most(sqs, queue):
    eleven = {f"a{number}": {"DataType": "Number", "StringValue": str(number)} for number in range(11)}
    ten = dict(list(eleven.items())[:10])
    sqs.send_message(QueueUrl=queue, MessageBody="ten", MessageAttributes=ten)
    assert receive_one(sqs, queue)["MessageAttributes"] == ten
    with refused("InvalidParameterValue", message="Number of message attributes [11] exceeds the allowed maximum [10]."):
        sqs.send_message(QueueUrl=queue, MessageBody="eleven", MessageAttributes=eleven)


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("empty", {"DataType": "String", "StringValue": ""}),
        ("words", {"DataType": "Number", "StringValue": "twelve"}),
        ("long", {"DataType": "Number", "StringValue": "1" * 39}),
        ("family", {"DataType": "Text", "StringValue": "x"}),
        ("control", {"DataType": "String", "StringValue": "\x01"}),
        ("AWS.reserved", {"DataType": "String", "StringValue": "x"}),
        (".dot", {"DataType": "String", "StringValue": "x"}),
        ("two..dots", {"DataType": "String", "StringValue": "x"}),
        ("a b", {"DataType": "String", "StringValue": "x"}),
        ("x" * 257, {"DataType": "String", "StringValue": "x"}),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_bad_attributes_are_refused(sqs, queue, name, attribute):
    with refused("InvalidParameterValue"):
        sqs.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes={name: attribute})


def members_for_system_attributes(sqs):
    """Today's clients know two members for the names, old ones only the first."""
    members = sqs.meta.service_model.operation_model("ReceiveMessage").input_shape.members
    return [name for name in ("AttributeNames", "MessageSystemAttributeNames") if name in members]


def test_system_attributes_come_when_asked_for(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    for receives, member in enumerate(members_for_system_attributes(sqs), start=1):
        system = receive_again(sqs, queue, **{member: ["All"]})["Attributes"]
        assert set(system) == {
            "SenderId",
            "SentTimestamp",
            "ApproximateReceiveCount",
            "ApproximateFirstReceiveTimestamp",
        }
        assert system["ApproximateReceiveCount"] == str(receives)
        assert abs(int(system["SentTimestamp"]) - time.time() * 1000) < 300_000, "milliseconds"
        assert int(system["ApproximateFirstReceiveTimestamp"]) >= int(system["SentTimestamp"])
    for member in members_for_system_attributes(sqs):
        message = receive_again(sqs, queue, **{member: ["SentTimestamp", "SequenceNumber"]})
        assert set(message["Attributes"]) == {"SentTimestamp"}
    assert "Attributes" not in receive_again(sqs, queue)


def receive_again(sqs, url, **names):
    """Receives the one message and leaves it visible."""
    (message,) = receive(sqs, url, wait=5, VisibilityTimeout=0, **({"AttributeNames": []} | names))
    return message


def test_trace_header_travels_with_the_message(sqs, queue):
    header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    sent = sqs.send_message(
        QueueUrl=queue,
        MessageBody="x",
        MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": header}},
    )
    assert sent["MD5OfMessageSystemAttributes"] == "5ae4d5d7636402d80f4eb6d213245a88"
    assert receive_one(sqs, queue)["Attributes"]["AWSTraceHeader"] == header


def test_trace_header_of_the_request_travels_too(make_client, queue):
    header = "Root=1-5759e988-bd862e3fe1be46a994272793"
    client = make_client()
    client.meta.events.register(
        "before-sign.sqs.SendMessage", lambda request, **_: request.headers.add_header("X-Amzn-Trace-Id", header)
    )
    assert "MD5OfMessageSystemAttributes" not in client.send_message(QueueUrl=queue, MessageBody="x")
    assert receive_one(client, queue)["Attributes"]["AWSTraceHeader"] == header


def test_standard_queue_keeps_a_message_group(sqs, queue):
    sent = sqs.send_message(QueueUrl=queue, MessageBody="x", MessageGroupId="tenant-1")
    assert "SequenceNumber" not in sent
    system = receive_one(sqs, queue)["Attributes"]
    assert system["MessageGroupId"] == "tenant-1"
    assert "SequenceNumber" not in system


def test_up_to_ten_messages_come_at_once(sqs, queue):
    for number in range(12):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    taken = []
    while len(taken) < 12:
        messages = receive(sqs, queue, wait=2)
        assert 1 <= len(messages) <= 10
        taken += messages
    assert sorted(map(int, bodies(taken))) == list(range(12))
    delete_all(sqs, queue, taken)


@pytest.mark.parametrize(
    "parameters",
    [
        {"MaxNumberOfMessages": 0},
        {"MaxNumberOfMessages": 11},
        {"WaitTimeSeconds": -1},
        {"WaitTimeSeconds": 21},
        {"VisibilityTimeout": -1},
        {"VisibilityTimeout": 43201},
    ],
    ids=str,
)
def test_receives_out_of_range_are_refused(sqs, queue, parameters):
    with refused("InvalidParameterValue"):
        sqs.receive_message(QueueUrl=queue, **parameters)


def test_delay_holds_a_message_back(sqs, create_queue):
    url = create_queue(DelaySeconds=900)
    started = time.monotonic()
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=2)
    sqs.send_message(QueueUrl=url, MessageBody="much later")
    sqs.send_message(QueueUrl=url, MessageBody="now", DelaySeconds=0)
    assert receive_one(sqs, url)["Body"] == "now"
    assert receive_one(sqs, url)["Body"] == "later"
    assert time.monotonic() - started >= 2
    for seconds in (-1, 901):
        with refused("InvalidParameterValue"):
            sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=seconds)
