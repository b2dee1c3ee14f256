"""Checks every digest that SQS answers, as SDKs of other languages do; boto3 itself checks none."""

import hashlib
import struct


def watch(sqs):
    """Makes each call of this client check the digests in its answer."""
    events = sqs.meta.events
    events.register("before-parameter-build.sqs", lambda params, context, **_: context.update(digested=dict(params)))
    events.register("after-call.sqs.SendMessage", lambda parsed, context, **_: check_sent(context["digested"], parsed))
    events.register("after-call.sqs.SendMessageBatch", lambda parsed, context, **_: check_batch(context, parsed))
    events.register("after-call.sqs.ReceiveMessage", lambda parsed, **_: check_received(parsed))


def check_batch(context, parsed):
    entries = {entry["Id"]: entry for entry in context["digested"]["Entries"]}
    for sent in parsed.get("Successful", []):
        check_sent(entries[sent["Id"]], sent)


def check_sent(request, answer):
    if "Error" in answer:
        return
    assert answer["MD5OfMessageBody"] == of_text(request["MessageBody"])
    assert answer.get("MD5OfMessageAttributes") == of_attributes(request.get("MessageAttributes"))
    assert answer.get("MD5OfMessageSystemAttributes") == of_attributes(request.get("MessageSystemAttributes"))


def check_received(answer):
    for message in answer.get("Messages", []):
        assert message["MD5OfBody"] == of_text(message["Body"])
        assert message.get("MD5OfMessageAttributes") == of_attributes(message.get("MessageAttributes"))


def of_text(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def of_attributes(attributes):
    """The digest of attributes, sorted by name: name, type and value, each after its length; None without any."""
    if not attributes:
        return None
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes, key=str.encode):
        attribute = attributes[name]
        is_binary = attribute["DataType"].startswith("Binary")
        value = attribute["BinaryValue"] if is_binary else attribute["StringValue"].encode()
        digest.update(with_length(name.encode()) + with_length(attribute["DataType"].encode()))
        digest.update((b"\x02" if is_binary else b"\x01") + with_length(value))
    return digest.hexdigest()


def with_length(value):
    return struct.pack(">I", len(value)) + value
