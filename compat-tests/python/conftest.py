"""The base of every scenario: endpoint, clients, queues that are deleted afterwards, and the count for the table."""

import os
import time
import uuid
from pathlib import Path

import boto3
import digests
import pytest
from botocore.config import Config
from own_server import PROGRAM, Server

REGION = "us-east-1"
ACCOUNT = "123456789012"


def pytest_addoption(parser):
    parser.addoption(
        "--endpoint",
        default=os.environ.get("TOPIQ_ENDPOINT"),
        help="URL to call, or `aws` for AWS itself with your own credentials (default: $TOPIQ_ENDPOINT)",
    )
    parser.addoption(
        "--strict-endpoint",
        default=os.environ.get("TOPIQ_STRICT_ENDPOINT"),
        help="URL of a topiq with --strict-timing (default: $TOPIQ_STRICT_ENDPOINT)",
    )
    parser.addoption(
        "--enforcing-endpoint",
        default=os.environ.get("TOPIQ_ENFORCING_ENDPOINT"),
        help="URL of a topiq with --enforce-policies (default: $TOPIQ_ENFORCING_ENDPOINT)",
    )
    parser.addoption(
        "--tls-endpoint",
        default=os.environ.get("TOPIQ_TLS_ENDPOINT"),
        help="https:// URL of a topiq with --tls and AWS's --sns-url (default: $TOPIQ_TLS_ENDPOINT)",
    )


def pytest_configure(config):
    if not config.getoption("--endpoint"):
        raise pytest.UsageError("name an endpoint: --endpoint URL, or TOPIQ_ENDPOINT")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--endpoint") == "aws":
        for item in items:
            if item.get_closest_marker("topiq"):
                item.add_marker(pytest.mark.skip(reason="AWS does not promise this"))


class Tally:
    """Counts outcomes for `compat-tests/run`, which wants them as one line: suite, client, passed, failed, seconds."""

    def __init__(self, path):
        self.path = path
        self.started = time.monotonic()

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter):
        stats = terminalreporter.stats
        passed = len(stats.get("passed", []))
        failed = len(stats.get("failed", [])) + len(stats.get("error", []))
        seconds = round(time.monotonic() - self.started)
        suite, client = os.environ["COMPAT_SUITE"], os.environ["COMPAT_CLIENT"]
        with self.path.open("a") as results:
            results.write(f"{suite}\t{client}\t{passed}\t{failed}\t{seconds}\n")


def pytest_sessionstart(session):
    results = os.environ.get("COMPAT_RESULTS")
    is_worker = hasattr(session.config, "workerinput")
    if results and not is_worker:
        session.config.pluginmanager.register(Tally(Path(results)))


@pytest.fixture(scope="session")
def endpoint(pytestconfig):
    """The URL to call; None lets the client find AWS."""
    given = pytestconfig.getoption("--endpoint")
    return None if given == "aws" else given


@pytest.fixture(scope="session")
def make_client(endpoint):
    """Makes clients as a user does; against topiq the access key names the account."""

    def make(service="sqs", *, account=ACCOUNT, region=REGION, url=endpoint):
        credentials = {"aws_access_key_id": account, "aws_secret_access_key": "anything"} if url else {}
        # No retries: a failure hidden by a retry is still a failure.
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=128, read_timeout=60)
        session = boto3.session.Session(region_name=region, **credentials)
        client = session.client(service, endpoint_url=url, config=config)
        if service == "sqs":
            digests.watch(client)
        return client

    return make


@pytest.fixture(scope="session")
def sqs(make_client):
    return make_client()


@pytest.fixture(scope="session")
def strict_sqs(make_client, endpoint, pytestconfig):
    """A client of a server that keeps AWS's waits, as AWS itself does."""
    if endpoint is None:
        return make_client()
    url = pytestconfig.getoption("--strict-endpoint")
    assert url, "name a topiq with --strict-timing: --strict-endpoint URL, or TOPIQ_STRICT_ENDPOINT"
    return make_client(url=url)


@pytest.fixture(scope="module")
def own_server():
    """Starts servers that no other test uses, with flags; they end with the module."""
    if not PROGRAM:
        pytest.skip("COMPAT_PROGRAM names no topiq to start")
    started = []

    def start(*flags):
        started.append(Server(*flags))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def new_name():
    """Makes names that no other test uses."""
    return lambda suffix="": f"compat-{uuid.uuid4().hex[:12]}{suffix}"


@pytest.fixture
def create_queue(sqs, new_name):
    """Creates queues that are deleted after the test; attributes may be plain Python values."""
    created = []

    def create(client=sqs, *, fifo=False, **attributes):
        if fifo:
            attributes["FifoQueue"] = "true"
        texts = {name: str(value) for name, value in attributes.items()}
        url = client.create_queue(QueueName=new_name(".fifo" if fifo else ""), Attributes=texts)["QueueUrl"]
        created.append((client, url))
        return url

    yield create
    for client, url in created:
        try:
            client.delete_queue(QueueUrl=url)
        except client.exceptions.QueueDoesNotExist:
            pass  # the test deleted it


@pytest.fixture
def queue(create_queue):
    return create_queue()


@pytest.fixture
def fifo_queue(create_queue):
    return create_queue(fifo=True)
