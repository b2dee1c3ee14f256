"""A shop's tasks, as `celery -A shop worker` runs them in a folder with their celeryconfig.py."""

import os
import signal
import time
from pathlib import Path

from celery import Celery, Task
from celery.utils.log import get_task_logger

LEDGER = Path("ledger")
GATE = Path("gate")

app = Celery("shop")
app.config_from_object("celeryconfig")
logger = get_task_logger(__name__)


class OutOfStock(Exception):
    """A failure that passes by itself after some tries."""


def note(text):
    """Adds a line to the ledger: the side channel that records what ran, and how often."""
    with LEDGER.open("a") as ledger:
        ledger.write(f"{text}\n")


@app.task
def add(x, y):
    return x + y


@app.task
def total(numbers):
    return sum(numbers)


@app.task
def echo(anything):
    return anything


@app.task
def order(number):
    note(f"order {number}")
    return number


@app.task
def fail(text):
    raise ValueError(text)


@app.task(bind=True, autoretry_for=(OutOfStock,), retry_backoff=1, retry_jitter=False, max_retries=5)
def reserve(self: Task, item, fails):
    """Succeeds after this many failures; waits 1, 2, 4… seconds between them."""
    note(f"{item} {self.request.retries} {time.time()}")
    if self.request.retries < fails:
        raise OutOfStock(item)
    return self.request.retries


@app.task(bind=True, max_retries=1)
def ship(self: Task, parcel):
    """Never succeeds, and retries once."""
    note(f"ship {parcel} {self.request.retries}")
    raise self.retry(countdown=1, exc=OutOfStock(parcel))


@app.task
def remind(text):
    note(f"{text} {time.time()}")


@app.task(acks_late=True)
def pack(parcel):
    """Takes until the gate opens."""
    note(f"begun {parcel}")
    while not GATE.exists():
        time.sleep(0.05)
    note(f"packed {parcel}")


@app.task(acks_late=True, reject_on_worker_lost=True)
def crash_once(parcel):
    """Kills its own process the first time, as the kernel does when memory is short."""
    note(f"crash {parcel}")
    if LEDGER.read_text().splitlines().count(f"crash {parcel}") == 1:
        os.kill(os.getpid(), signal.SIGKILL)


@app.task(bind=True, acks_late=True, acks_on_failure_or_timeout=False)
def bill(self: Task, customer):
    """Always fails, and leaves retries to the queue."""
    note(f"bill {customer}")
    raise OutOfStock(customer)
