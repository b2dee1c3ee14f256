"""Many tasks at once: nothing is lost, nothing is received twice."""

import asyncio
from collections import Counter

import pytest
from async_scenario import attributes

PRODUCERS = CONSUMERS = 64
MESSAGES = 10_000
BATCH = 10


@pytest.mark.topiq  # AWS's standard queues deliver at least once
async def test_every_message_comes_exactly_once(sqs, create_queue):
    url = await create_queue(VisibilityTimeout=600)
    batches = [[str(n) for n in range(start, start + BATCH)] for start in range(0, MESSAGES, BATCH)]
    left, received = iter(batches), Counter()

    async def produce():
        for texts in left:  # shared: each producer takes the next batch
            entries = [{"Id": text, "MessageBody": text} for text in texts]
            answer = await sqs.send_message_batch(QueueUrl=url, Entries=entries)
            assert len(answer["Successful"]) == BATCH

    async def consume():
        while received.total() < MESSAGES:
            answer = await sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            messages = answer.get("Messages", [])
            received.update(message["Body"] for message in messages)
            if messages:
                entries = [{"Id": m["Body"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages]
                assert "Failed" not in await sqs.delete_message_batch(QueueUrl=url, Entries=entries)

    async with asyncio.timeout(120), asyncio.TaskGroup() as tasks:
        for _ in range(CONSUMERS):
            tasks.create_task(consume())
        for _ in range(PRODUCERS):
            tasks.create_task(produce())

    assert received == {str(n): 1 for n in range(MESSAGES)}
    counters = await attributes(sqs, url)
    assert counters["ApproximateNumberOfMessages"] == "0"
    assert counters["ApproximateNumberOfMessagesNotVisible"] == "0"
