"""Real Celery workers, each a process of its own, and apps that send them tasks."""

import os
import pprint
import signal
import subprocess
import sys
from pathlib import Path

from celery import Celery
from scenario import PATIENCE_SECONDS, attributes

SHOP = Path(__file__).parent / "worker"


class Worker:
    """A `celery worker` as a user starts it; it leads a process group of its own."""

    def __init__(self, folder, name, words):
        self.log = folder / f"{name}.log"
        command = [sys.executable, "-m", "celery", "-A", "shop", "worker", "--loglevel", "INFO", "-n", f"{name}@%h"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, *words],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(SHOP)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def has_logged(self, text):
        return text in self.log.read_text()

    def ask_to_end(self):
        """Begins a warm shutdown."""
        self.process.terminate()

    def wait_for_end(self):
        assert self.process.wait(PATIENCE_SECONDS) == 0

    def kill(self):
        """Kills the worker and the processes of its pool."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)


class Shop:
    """A folder with a celeryconfig.py, the workers that run there, and an app that sends them tasks."""

    def __init__(self, folder, settings):
        self.folder = folder
        self.workers = []
        settings = settings | {"result_backend": f"file://{folder}/results"}
        (folder / "results").mkdir()
        (folder / "ledger").touch()
        lines = [f"{name} = {pprint.pformat(value)}\n" for name, value in settings.items()]
        (folder / "celeryconfig.py").write_text("".join(lines))
        self.app = Celery("shop", set_as_current=False, config_source=settings)

    def start_worker(self, *words):
        self.workers.append(Worker(self.folder, f"worker-{len(self.workers)}", words))
        return self.workers[-1]

    def send(self, task, *arguments, **options):
        return self.app.send_task(f"shop.{task}", arguments, **options)

    def run(self, task, *arguments, **options):
        """Sends a task and waits for its result."""
        return outcome(self.send(task, *arguments, **options))

    def ledger(self):
        return (self.folder / "ledger").read_text().splitlines()

    def open_gate(self):
        (self.folder / "gate").touch()

    def close(self):
        self.app.close()
        self.open_gate()
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()
            print(f"== {worker.log.name}\n{worker.log.read_text()}")


def outcome(result):
    """The result of a task, or its exception."""
    return result.get(timeout=PATIENCE_SECONDS, interval=0.1)


def waiting_and_in_flight(sqs, url):
    shown = attributes(sqs, url)
    return int(shown["ApproximateNumberOfMessages"]), int(shown["ApproximateNumberOfMessagesNotVisible"])


def made_queues(sqs, prefix):
    return sqs.list_queues(QueueNamePrefix=prefix).get("QueueUrls", [])
