"""Many producers and consumers at once: nothing is lost, nothing comes twice."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

PRODUCERS = CONSUMERS = 16
MESSAGES = 2_000
BATCH = 5


@pytest.mark.topiq  # AWS's standard queues deliver at least once
def test_every_message_comes_exactly_once(sqs, create_queue):
    url = create_queue(VisibilityTimeout=600)
    received, lock, done = Counter(), threading.Lock(), threading.Event()

    def produce(producer):
        mine = [f"{producer}:{number}" for number in range(MESSAGES // PRODUCERS)]
        for start in range(0, len(mine), BATCH):
            entries = [{"Id": str(n), "MessageBody": text} for n, text in enumerate(mine[start : start + BATCH])]
            assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == len(entries)

    def consume(_):
        while not done.is_set():
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            messages = answer.get("Messages", [])
            if messages:
                entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
                assert "Failed" not in sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            with lock:
                received.update(message["Body"] for message in messages)
                if received.total() >= MESSAGES:
                    done.set()

    with ThreadPoolExecutor(PRODUCERS + CONSUMERS) as pool:
        consumers = [pool.submit(consume, number) for number in range(CONSUMERS)]
        producers = [pool.submit(produce, number) for number in range(PRODUCERS)]
        try:
            for producer in producers:
                producer.result()
            assert done.wait(120), f"{received.total()} of {MESSAGES} messages came"
        finally:
            done.set()
        for consumer in consumers:
            consumer.result()

    expected = {f"{p}:{n}" for p in range(PRODUCERS) for n in range(MESSAGES // PRODUCERS)}
    assert set(received) == expected
    assert set(received.values()) == {1}
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    counters = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counters["ApproximateNumberOfMessages"] == "0"
    assert counters["ApproximateNumberOfMessagesNotVisible"] == "0"
