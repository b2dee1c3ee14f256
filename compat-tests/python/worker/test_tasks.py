"""Tasks and their results, through queues that Celery makes by itself."""

from collections import Counter

import pytest
from celery import chain, chord, group
from scenario import attributes, eventually
from workers import made_queues, outcome, waiting_and_in_flight

TASKS = 500
ODD = ["é€😀👩‍👩‍👧‍👦\U0010ffff", "a\r\nb\tc", "<a&amp;b>", "a=b&c=d+e%20f", "\x00\x1f", "", {"ключ": [1, None, 2.5]}]


@pytest.fixture
def shop(open_shop, prefix):
    shop = open_shop({"queue_name_prefix": prefix, "visibility_timeout": 600, "queue_tags": {"team": "shop"}})
    shop.start_worker()
    return shop


@pytest.mark.topiq  # exact counters
def test_worker_makes_its_queue_and_answers(shop, sqs, prefix):
    assert shop.run("add", 2, 3) == 5
    (url,) = made_queues(sqs, prefix)
    assert url.endswith(f"/{prefix}celery")
    assert attributes(sqs, url, "VisibilityTimeout") == {"VisibilityTimeout": "600"}
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "shop"}

    arguments = [*ODD, "x" * 200_000]
    assert [outcome(result) for result in [shop.send("echo", value) for value in arguments]] == arguments
    with pytest.raises(ValueError, match="no such item"):
        shop.run("fail", "no such item")
    eventually(lambda: waiting_and_in_flight(sqs, url) == (0, 0))


def test_groups_chains_and_chords(shop):
    add, total = shop.app.signature("shop.add"), shop.app.signature("shop.total")
    sums = group(add.clone((n, n)) for n in range(10))
    assert outcome(sums()) == [2 * n for n in range(10)]
    steps = chain(add.clone((1, 2)), add.clone((4,)), add.clone((8,)))
    assert outcome(steps()) == 15
    assert outcome(chord(sums)(total)) == 90


@pytest.mark.topiq  # AWS's standard queues deliver at least once
def test_many_tasks_run_once_each(shop, sqs, prefix):
    shop.start_worker("--concurrency", "4")
    results = [shop.send("order", number) for number in range(TASKS)]
    assert [outcome(result) for result in results] == list(range(TASKS))
    assert Counter(shop.ledger()) == {f"order {number}": 1 for number in range(TASKS)}
    (url,) = made_queues(sqs, prefix)
    eventually(lambda: waiting_and_in_flight(sqs, url) == (0, 0))


@pytest.mark.topiq  # exact counters
def test_purge_drops_waiting_tasks(open_shop, sqs, prefix):
    shop = open_shop({"queue_name_prefix": prefix})
    lost = [shop.send("order", number) for number in range(3)]
    (url,) = made_queues(sqs, prefix)
    assert waiting_and_in_flight(sqs, url) == (3, 0)
    shop.app.control.purge()
    assert waiting_and_in_flight(sqs, url) == (0, 0)
    shop.start_worker()
    assert shop.run("order", 7) == 7
    assert shop.ledger() == ["order 7"]
    assert not any(result.ready() for result in lost)
