"""Bodies that break careless codecs."""

import pytest
from scenario import receive_one, refused

ODD = {
    "emoji": "é€😀👩‍👩‍👧‍👦\U0010ffff",
    "line ends": "a\r\nb\rc\nd\te\r",
    "markup": "<a href=\"x\">&amp;&#13;'</a><![CDATA[ ]]>",
    "form": "a=b&c=d+e%20f;g?h#i",
    "blank": "   ",
    "outer blanks": "\n  x  \n",
    "json": '{"a":"\\u0000 \\n \\\\ \\""}',
    "edges": "\t\n\r \ud7ff\ue000\ufffd",
    "right to left": "\u202eabc\u200f",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_body_and_attribute_come_back_as_sent(sqs, queue, text):
    attribute = {"same": {"DataType": "String", "StringValue": text}}
    sqs.send_message(QueueUrl=queue, MessageBody=text, MessageAttributes=attribute)
    message = receive_one(sqs, queue)
    assert message["Body"] == text
    assert message["MessageAttributes"] == attribute


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"], ids=ascii)
def test_control_characters_are_refused(sqs, queue, character):
    with refused("InvalidMessageContents", exception=sqs.exceptions.InvalidMessageContents):
        sqs.send_message(QueueUrl=queue, MessageBody=f"a{character}b")


@pytest.mark.parametrize("text", ["x" * 1_048_576, "é" * 524_288, "\r\n" * 524_288], ids=["ascii", "two bytes", "lines"])
def test_body_of_1_mib_passes(sqs, queue, text):
    sqs.send_message(QueueUrl=queue, MessageBody=text)
    assert receive_one(sqs, queue)["Body"] == text


def test_one_byte_more_is_refused(sqs, queue):
    too_long = "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."
    with refused("InvalidParameterValue", message=too_long):
        sqs.send_message(QueueUrl=queue, MessageBody="x" * 1_048_577)
    with refused("InvalidParameterValue", message=too_long):  # names and types count too: 5 + 6 + 4 bytes
        attribute = {"color": {"DataType": "String", "StringValue": "blue"}}
        sqs.send_message(QueueUrl=queue, MessageBody="x" * 1_048_562, MessageAttributes=attribute)


def test_queues_own_limit_counts(sqs, create_queue):
    url = create_queue(MaximumMessageSize=1024)
    sqs.send_message(QueueUrl=url, MessageBody="x" * 1024)
    with refused(
        "InvalidParameterValue",
        message="One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    ):
        sqs.send_message(QueueUrl=url, MessageBody="x" * 1025)


@pytest.mark.topiq
def test_queue_is_found_by_name_or_with_another_host(sqs, queue):
    name = queue.rsplit("/", 1)[1]
    sqs.send_message(QueueUrl=queue + "/", MessageBody="trailing slash")
    assert receive_one(sqs, queue)["Body"] == "trailing slash"
    if sqs.meta.service_model.metadata["protocol"] == "json":  # old clients connect to the URL's host
        for url in (name, f"https://sqs.us-east-1.amazonaws.com/123456789012/{name}"):
            sqs.send_message(QueueUrl=url, MessageBody=url)
            assert receive_one(sqs, queue)["Body"] == url
