"""Steps that scenarios of asyncio share; those of scenario.py, awaited."""

import asyncio
import time

from scenario import PATIENCE_SECONDS


async def queue_arn(sqs, url):
    return (await attributes(sqs, url, "QueueArn"))["QueueArn"]


async def attributes(sqs, url, *names):
    answer = await sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"])
    return answer.get("Attributes", {})


async def receive(sqs, url, wait=0, **parameters):
    """Receives up to ten messages with all their attributes."""
    request = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]} | parameters
    return (await sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, **request)).get("Messages", [])


async def receive_one(sqs, url, **parameters):
    """Waits for one message and returns it."""
    messages = await receive(sqs, url, wait=10, MaxNumberOfMessages=1, **parameters)
    assert len(messages) == 1, "no message came"
    return messages[0]


async def receive_count(sqs, url, count, **parameters):
    """Receives until `count` messages have come, and returns them in the order of arrival."""
    messages = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(messages) < count:
        assert time.monotonic() < deadline, f"{len(messages)} of {count} messages came"
        messages += await receive(sqs, url, wait=1, **parameters)
    return messages


async def delete_all(sqs, url, messages):
    await asyncio.gather(*(sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"]) for m in messages))


async def eventually(question):
    """Polls until the answer is true, and returns it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := await question()):
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.1)
    return answer
