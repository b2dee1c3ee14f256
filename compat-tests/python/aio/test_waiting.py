"""Long polls, many at once and cancelled ones, and messages that hide."""

import asyncio

import pytest
from async_scenario import receive, receive_count, receive_one
from botocore.exceptions import ReadTimeoutError
from scenario import PATIENCE_SECONDS, bodies

POLLS = 64


async def poll(sqs, url, **parameters):
    return bodies(await receive(sqs, url, wait=20, MaxNumberOfMessages=1, **parameters))


async def test_empty_poll_waits_its_time(sqs, queue):
    clock = asyncio.get_running_loop().time
    started = clock()
    assert await receive(sqs, queue, wait=1) == []
    assert clock() - started >= 1


async def test_many_polls_of_a_queue_get_a_message_each(sqs, queue):
    polls = [asyncio.create_task(poll(sqs, queue)) for _ in range(POLLS)]
    await asyncio.sleep(0.5)
    assert not any(task.done() for task in polls)
    texts = [f"m{n}" for n in range(POLLS)]
    await asyncio.gather(*(sqs.send_message(QueueUrl=queue, MessageBody=text) for text in texts))
    async with asyncio.timeout(PATIENCE_SECONDS):
        received = await asyncio.gather(*polls)
    assert sorted(text for (text,) in received) == sorted(texts)


async def test_polls_of_many_queues_get_their_own_messages(sqs, create_queue):
    urls = [await create_queue() for _ in range(16)]
    polls = [asyncio.create_task(poll(sqs, url)) for url in urls]
    await asyncio.gather(*(sqs.send_message(QueueUrl=url, MessageBody=url) for url in reversed(urls)))
    assert await asyncio.gather(*polls) == [[url] for url in urls]


async def test_cancelled_polls_lose_no_message(sqs, create_queue):
    url = await create_queue(VisibilityTimeout=2)
    texts = {f"m{n}" for n in range(POLLS)}
    polls = [asyncio.create_task(poll(sqs, url)) for _ in range(POLLS)]
    await asyncio.sleep(0.5)
    # Half of them end before the messages arrive, half of them meanwhile.
    for task in polls[::2]:
        task.cancel()
    sends = [asyncio.create_task(sqs.send_message(QueueUrl=url, MessageBody=text)) for text in texts]
    for task in polls[1::2]:
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.gather(*sends)
    outcomes = await asyncio.gather(*polls, return_exceptions=True)
    assert any(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)

    got = set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while got != texts:
            messages = await receive(sqs, url, wait=1)
            got.update(bodies(messages))
            for message in messages:
                await sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.topiq
async def test_polls_given_up_long_ago_take_no_message(sqs, open_client, queue):
    async with open_client("sqs", read_timeout=1) as impatient:
        with pytest.raises(ReadTimeoutError):
            await poll(impatient, queue)
    waiting = asyncio.create_task(poll(sqs, queue))
    await asyncio.sleep(0.5)
    waiting.cancel()
    await asyncio.sleep(0.5)
    await sqs.send_message(QueueUrl=queue, MessageBody="still there")
    message = await receive_one(sqs, queue)
    assert message["Body"] == "still there"
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


async def test_hidden_message_comes_back_when_asked_to(sqs, queue):
    await sqs.send_message(QueueUrl=queue, MessageBody="x")
    first = await receive_one(sqs, queue, VisibilityTimeout=600)
    assert await receive(sqs, queue) == []
    waiting = asyncio.create_task(receive_one(sqs, queue))
    await sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    second = await waiting
    assert second["MessageId"] == first["MessageId"]
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"


async def test_delayed_message_wakes_a_poll(sqs, queue):
    await sqs.send_message(QueueUrl=queue, MessageBody="late", DelaySeconds=1)
    assert await receive(sqs, queue) == []
    assert bodies(await receive_count(sqs, queue, 1)) == ["late"]
