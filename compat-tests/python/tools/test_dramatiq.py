"""Dramatiq with SQS as its broker: a real worker process, which uses boto3's resources."""

import importlib.util
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import ACCOUNT, REGION
from scenario import PATIENCE_SECONDS, attributes, eventually, receive_count

KITCHEN = Path(__file__).parent / "kitchen.py"


class Kitchen:
    """A folder with its ledger, the workers that run there, and the actors to send to."""

    def __init__(self, folder):
        self.folder = folder
        self.workers = []
        (folder / "ledger").touch()
        spec = importlib.util.spec_from_file_location("kitchen", KITCHEN)
        self.actors = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.actors)

    def start_worker(self):
        log = (self.folder / f"worker-{len(self.workers)}.log").open("w")
        command = [sys.executable, "-m", "dramatiq", "kitchen", "--path", KITCHEN.parent, "--processes", "1"]
        with log:
            worker = subprocess.Popen([*command, "--threads", "4"], cwd=self.folder, stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    def ledger(self):
        return (self.folder / "ledger").read_text().splitlines()

    def open_gate(self):
        (self.folder / "gate").touch()

    def close(self):
        self.open_gate()
        for number, worker in enumerate(self.workers):
            worker.terminate()
            worker.wait(PATIENCE_SECONDS)
            print((self.folder / f"worker-{number}.log").read_text())


@pytest.fixture
def queues(sqs, new_name):
    """The prefix of the queues' names; they are deleted after the test."""
    prefix = new_name()
    yield prefix
    for url in sqs.list_queues(QueueNamePrefix=prefix).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def kitchen(tmp_path, queues, endpoint, monkeypatch):
    monkeypatch.setenv("DRAMATIQ_QUEUES", queues)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    if endpoint:
        monkeypatch.setenv("DRAMATIQ_ENDPOINT", endpoint)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "anything")
    kitchen = Kitchen(tmp_path)
    yield kitchen
    kitchen.close()


def url_of(sqs, name):
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


def is_empty(sqs, url):
    shown = attributes(sqs, url)
    return {value for name, value in shown.items() if name.startswith("ApproximateNumberOf")} == {"0"}


@pytest.mark.topiq  # AWS's standard queues deliver at least once
def test_every_message_is_worked_on_once(kitchen, queues, sqs):
    kitchen.start_worker()
    kitchen.actors.cook.send_with_options(args=("late",), delay=2000)
    for number in range(200):
        kitchen.actors.cook.send(f"é{number}")
    eventually(lambda: len(kitchen.ledger()) >= 201)
    assert Counter(kitchen.ledger()) == {f"cook {dish}": 1 for dish in ["late", *(f"é{n}" for n in range(200))]}
    url = url_of(sqs, f"{queues}_default")
    eventually(lambda: is_empty(sqs, url))
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "kitchen"}


def test_failed_message_is_retried_and_kept_as_a_dead_letter(kitchen, queues, sqs):
    kitchen.start_worker()
    kitchen.actors.burn.send("toast")
    dead_letters = eventually(lambda: sqs.list_queues(QueueNamePrefix=f"{queues}_default_dlq").get("QueueUrls"))
    receive_count(sqs, dead_letters[0], 1)
    assert kitchen.ledger() == ["burn toast"] * 3


def test_worker_that_shuts_down_returns_waiting_messages(kitchen, queues, sqs):
    first = kitchen.start_worker()
    for number in range(10):
        kitchen.actors.wait_for_gate.send(str(number))
    eventually(lambda: len(kitchen.ledger()) == 4)
    first.terminate()
    kitchen.open_gate()
    first.wait(PATIENCE_SECONDS)
    kitchen.start_worker()
    eventually(lambda: len(kitchen.ledger()) >= 20)
    assert Counter(kitchen.ledger()) == {f"{step} {n}": 1 for step in ("begun", "done") for n in range(10)}
