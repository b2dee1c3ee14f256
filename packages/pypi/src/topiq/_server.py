"""Starts topiq's program on a free port, and stops it."""

from __future__ import annotations

import atexit
import importlib.metadata
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Mapping, Sequence

REGION = "us-east-1"

_NAMES = ("topiq", "topiq.exe")
# The line of the log that says where it listens, whatever the log's format.
_READY = re.compile(r"\((http://[^ )]+)[^)]*\)\. Ready\.")
_POLL_SECONDS = 0.002


def executable() -> str:
    """The path of topiq's program: the one that this package has installed."""
    for file in importlib.metadata.files("topiq") or ():
        path = Path(str(file.locate()))
        if path.name in _NAMES and path.is_file():
            return str(path)
    # `pip install --target` moves scripts after it has written down where they are.
    found = shutil.which("topiq", path=str(Path(__file__).parents[1] / "bin")) or shutil.which("topiq")
    if found is None:
        raise FileNotFoundError("topiq's program is not installed: reinstall the package topiq")
    return found


def start(*flags: str, timeout: float = 30.0, env: Mapping[str, str] | None = None) -> Server:
    """Starts a server on a free port of this machine, and returns once it answers.

    `flags` are those of the command line, such as `"--init", "infra.yaml"`; `env` is the environment of the process in
    place of this one's.
    """
    return Server(flags, timeout, env)


class Server:
    """A running topiq. It stops with `stop()`, at the end of a `with` block, or with this process."""

    def __init__(self, flags: Sequence[str], timeout: float, env: Mapping[str, str] | None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="topiq-")
        self._log = Path(self._folder.name, "log")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [executable(), "--host", "127.0.0.1", "--port", "0", *flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=env,
            )
        atexit.register(self.stop)
        self.url = self._wait_until_ready(timeout)
        self.port = int(self.url.rpartition(":")[2])

    def _wait_until_ready(self, timeout: float) -> str:
        deadline = time.monotonic() + timeout
        while True:
            ended = self._process.poll() is not None
            said = self.log()
            ready = _READY.search(said)
            if ready and not ended:
                return ready[1]
            if ended or time.monotonic() > deadline:
                reason = "ended" if ended else f"is not ready after {timeout:g} s"
                self.stop()
                raise RuntimeError(f"topiq {reason}:\n{said}")
            time.sleep(_POLL_SECONDS)

    @property
    def env(self) -> dict[str, str]:
        """What lets an AWS client of any language find this server, as environment variables."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def client(self, service: str, **settings: Any) -> Any:
        """A boto3 client of this server: `client("sqs")`, `client("sns")`."""
        import boto3

        defaults = {
            "endpoint_url": self.url,
            "region_name": REGION,
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }
        return boto3.client(service, **{**defaults, **settings})

    def advance(self, duration: str | float) -> dict[str, Any]:
        """Moves the server's time on: by a text such as `"5m"` or `"1h 30m"`, or by seconds. All that falls due by then is
        done when this returns: messages are visible, schedules have run, deliveries were retried.
        """
        amount = duration if isinstance(duration, str) else f"{round(duration * 1000)}ms"
        return self.clock(advance=amount)

    def clock(self, **change: Any) -> dict[str, Any]:
        """What time it is for the server: `clock()`. Changes that: `clock(freeze=True)`, `clock(set="2030-01-02T03:04:05Z")`,
        `clock(resume=True)`.
        """
        return self._ask("/_topiq/clock", change or None)

    def forget(self, account: str) -> None:
        """Deletes all that an account holds, in every region."""
        self._ask(f"/_topiq/accounts/{account}", method="DELETE")

    def _ask(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(json.load(error)["Message"]) from None

    def log(self) -> str:
        """What the server has logged so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def stop(self) -> None:
        """Stops the server; a second call does nothing."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<topiq at {self.url}>"
