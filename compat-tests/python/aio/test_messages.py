"""The contents of a message, byte by byte, and batches."""

import asyncio

import pytest
from async_scenario import receive, receive_count, receive_one

ODD = [
    "é€😀👩‍👩‍👧‍👦\U0010ffff",
    "a\r\nb\rc\nd\te\r",
    '<a href="x">&amp;&#13;\'</a><![CDATA[ ]]>',
    "a=b&c=d+e%20f;g?h#i",
    '{"a":"\\u0000 \\n \\\\ \\""}',
    "   ",
    "\n  x  \n",
    "\t\n\r \ud7ff\ue000\ufffd",
    "x" * 1_048_576,
    "€" * 349_525 + "x",
]


async def test_bodies_come_back_byte_by_byte(sqs, queue):
    await asyncio.gather(*(sqs.send_message(QueueUrl=queue, MessageBody=body) for body in ODD))
    received = await receive_count(sqs, queue, len(ODD))
    assert sorted(message["Body"] for message in received) == sorted(ODD)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe"], ids=ascii)
async def test_control_characters_are_refused(sqs, queue, character):
    with pytest.raises(sqs.exceptions.InvalidMessageContents):
        await sqs.send_message(QueueUrl=queue, MessageBody=f"a{character}b")


async def test_attributes_of_every_type_come_back(sqs, queue):
    attributes = {
        "text": {"DataType": "String", "StringValue": 'é€😀 <&> "'},
        "number": {"DataType": "Number.float", "StringValue": "-1.50"},
        "bytes": {"DataType": "Binary.png", "BinaryValue": bytes(range(256))},
    }
    trace = {"StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793", "DataType": "String"}
    await sqs.send_message(
        QueueUrl=queue,
        MessageBody="m",
        MessageAttributes=attributes,
        MessageSystemAttributes={"AWSTraceHeader": trace},
    )
    message = await receive_one(sqs, queue)  # its digests are checked by the client
    assert message["MessageAttributes"] == attributes
    assert message["Attributes"]["AWSTraceHeader"] == trace["StringValue"]


async def test_entries_of_a_batch_fail_alone(sqs, queue):
    entries = [{"Id": f"m{n}", "MessageBody": str(n)} for n in range(10)]
    entries[3]["MessageBody"] = "\x00"
    entries[7]["DelaySeconds"] = 901
    sent = await sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    assert [entry["Id"] for entry in sent["Successful"]] == [f"m{n}" for n in range(10) if n not in (3, 7)]
    assert [(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in sent["Failed"]] == [
        ("m3", "InvalidMessageContents", True),
        ("m7", "InvalidParameterValue", True),
    ]

    messages = await receive_count(sqs, queue, 8)
    handles = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    handles.append({"Id": "bad", "ReceiptHandle": "garbage"})
    changed = await sqs.change_message_visibility_batch(
        QueueUrl=queue, Entries=[handle | {"VisibilityTimeout": 60} for handle in handles]
    )
    deleted = await sqs.delete_message_batch(QueueUrl=queue, Entries=handles)
    for answer in (changed, deleted):
        assert len(answer["Successful"]) == 8
        assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("bad", "ReceiptHandleIsInvalid")]
    assert await receive(sqs, queue) == []
