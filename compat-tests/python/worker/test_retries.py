"""Retries and scheduled tasks: the worker holds them, or the queue redelivers them."""

import time
from datetime import UTC, datetime

import pytest
from scenario import eventually
from workers import made_queues, outcome, waiting_and_in_flight


@pytest.fixture
def shop(open_shop, prefix):
    shop = open_shop({"queue_name_prefix": prefix})
    shop.start_worker()
    return shop


def test_task_is_retried_after_growing_delays(shop):
    assert shop.run("reserve", "chair", 2) == 2
    tries = [line.split() for line in shop.ledger()]
    assert [(item, number) for item, number, _ in tries] == [("chair", "0"), ("chair", "1"), ("chair", "2")]
    first, second, third = [float(when) for *_, when in tries]
    assert second - first >= 1
    assert third - second >= 2


def test_last_try_decides(shop):
    result = shop.send("ship", "p1")
    with pytest.raises(Exception, match="p1") as caught:
        outcome(result)
    assert type(caught.value).__name__ == "OutOfStock"
    assert result.state == "FAILURE"
    assert shop.ledger() == ["ship p1 0", "ship p1 1"]


def test_tasks_wait_for_their_time(shop):
    shop.run("add", 1, 1)  # the worker is there
    now = time.time()
    by_countdown = shop.send("remind", "countdown", countdown=4)
    by_eta = shop.send("remind", "eta", eta=datetime.fromtimestamp(now + 2, UTC))
    expired = shop.send("remind", "expired", countdown=4, expires=1)
    shop.run("remind", "at-once")
    for result in (by_countdown, by_eta):
        outcome(result)
    ran = {name: float(when) for name, when in (line.split() for line in shop.ledger())}
    assert set(ran) == {"at-once", "eta", "countdown"}
    assert ran["eta"] - now >= 2
    assert ran["countdown"] - now >= 4
    eventually(lambda: expired.state == "REVOKED")


def test_task_hidden_for_less_than_its_countdown_comes_again(open_shop, prefix, sqs):
    """Celery's documentation warns of it: the visibility timeout must be longer than the longest ETA."""
    shop = open_shop({"queue_name_prefix": prefix, "visibility_timeout": 1, "polling_interval": 0.1})
    shop.start_worker()
    shop.run("add", 1, 1)
    shop.send("remind", "twice", countdown=6)
    eventually(lambda: len(shop.ledger()) >= 2)
    (url,) = made_queues(sqs, prefix)
    eventually(lambda: waiting_and_in_flight(sqs, url) == (0, 0))
