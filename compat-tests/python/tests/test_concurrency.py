"""Many producers and consumers at once: nothing is lost, nothing is received twice."""

import contextlib
import queue
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

PRODUCERS = CONSUMERS = 64
MESSAGES = 10_000
BATCH = 10


@pytest.mark.topiq  # AWS's standard queues deliver at least once
def test_every_message_comes_exactly_once(sqs, create_queue):
    url = create_queue(VisibilityTimeout=600)
    batches, received, done = queue.SimpleQueue(), queue.SimpleQueue(), threading.Event()
    for start in range(0, MESSAGES, BATCH):
        batches.put([str(number) for number in range(start, start + BATCH)])

    def produce(_):
        with contextlib.suppress(queue.Empty):
            while not done.is_set():
                entries = [{"Id": text, "MessageBody": text} for text in batches.get_nowait()]
                assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == BATCH

    def consume(_):
        while not done.is_set():
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            messages = answer.get("Messages", [])
            for message in messages:
                received.put(message["Body"])
            if messages:
                entries = [{"Id": m["Body"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages]
                assert "Failed" not in sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            if received.qsize() >= MESSAGES:
                done.set()

    with ThreadPoolExecutor(PRODUCERS + CONSUMERS) as pool:
        workers = [pool.submit(work, number) for work in (consume, produce) for number in range(PRODUCERS)]
        try:
            assert done.wait(120), f"{received.qsize()} of {MESSAGES} messages came"
        finally:
            done.set()
        for worker in workers:
            worker.result()

    times = Counter(received.get() for _ in range(received.qsize()))
    assert times == {str(number): 1 for number in range(MESSAGES)}
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    counters = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counters["ApproximateNumberOfMessages"] == "0"
    assert counters["ApproximateNumberOfMessagesNotVisible"] == "0"
