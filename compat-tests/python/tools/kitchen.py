"""A kitchen's actors, as `dramatiq kitchen` runs them; DRAMATIQ_QUEUES and DRAMATIQ_ENDPOINT say on which queues."""

import os
import time
from pathlib import Path

import dramatiq
from dramatiq_sqs import SQSBroker

LEDGER = Path("ledger")
GATE = Path("gate")

broker = SQSBroker(
    namespace=os.environ["DRAMATIQ_QUEUES"],
    endpoint_url=os.environ.get("DRAMATIQ_ENDPOINT"),
    dead_letter=True,
    tags={"team": "kitchen"},
)
dramatiq.set_broker(broker)


def note(text):
    """Adds a line to the ledger: the side channel that records what ran, and how often."""
    with LEDGER.open("a") as ledger:
        ledger.write(f"{text}\n")


@dramatiq.actor
def cook(dish):
    note(f"cook {dish}")


@dramatiq.actor
def wait_for_gate(dish):
    note(f"begun {dish}")
    while not GATE.exists():
        time.sleep(0.05)
    note(f"done {dish}")


@dramatiq.actor(max_retries=2, min_backoff=1000, max_backoff=2000)
def burn(dish):
    note(f"burn {dish}")
    raise RuntimeError(dish)
