"""Workers that end, well or badly, lose no task."""

from collections import Counter

import pytest
from scenario import eventually
from workers import outcome

# Hidden for this long, a message comes back in time only if the worker returns it.
LONG = 600


@pytest.mark.topiq  # AWS's standard queues deliver at least once
def test_warm_shutdown_ends_running_tasks_and_returns_the_rest(open_shop, prefix):
    shop = open_shop({"queue_name_prefix": prefix, "visibility_timeout": LONG, "wait_time_seconds": 1})
    first = shop.start_worker("--concurrency", "1", "--prefetch-multiplier", "10")
    parcels = [shop.send("pack", number) for number in range(8)]
    eventually(lambda: len(shop.ledger()) == 1 and first.log.read_text().count("shop.pack") >= 8)
    first.ask_to_end()
    eventually(lambda: first.has_logged("Warm shutdown"))
    shop.open_gate()
    first.wait_for_end()
    assert len(shop.ledger()) == 2, "one has begun and is packed"

    shop.start_worker()
    for parcel in parcels:
        outcome(parcel)
    assert Counter(shop.ledger()) == {f"{step} {number}": 1 for step in ("begun", "packed") for number in range(8)}


def test_task_of_a_killed_worker_goes_to_another(open_shop, prefix):
    shop = open_shop({"queue_name_prefix": prefix, "visibility_timeout": 2, "wait_time_seconds": 1})
    killed = shop.start_worker("--concurrency", "1", "--prefetch-multiplier", "1")
    parcel = shop.send("pack", "p1")
    eventually(lambda: "begun p1" in shop.ledger())
    killed.kill()
    assert not parcel.ready()

    shop.open_gate()
    shop.start_worker()
    outcome(parcel)
    assert shop.ledger() == ["begun p1", "begun p1", "packed p1"]


def test_task_of_a_killed_process_of_the_pool_is_put_back(open_shop, prefix):
    shop = open_shop({"queue_name_prefix": prefix, "visibility_timeout": LONG, "wait_time_seconds": 1})
    shop.start_worker("--concurrency", "1")
    shop.run("crash_once", "p1")
    assert shop.ledger() == ["crash p1", "crash p1"]
