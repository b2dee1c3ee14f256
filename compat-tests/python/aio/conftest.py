"""Clients of aiobotocore, and queues and topics that are deleted after the test."""

import digests
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from conftest import ACCOUNT, REGION


@pytest.fixture(scope="session")
def session():
    return get_session()


@pytest.fixture
def open_client(session, endpoint):
    """Opens clients as a user does: `async with open_client("sqs") as sqs`."""

    def run(service, url=endpoint, **config):
        credentials = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "anything"} if url else {}
        # No retries: a failure hidden by a retry is still a failure.
        defaults = {"retries": {"total_max_attempts": 1}, "max_pool_connections": 128, "read_timeout": 60}
        return session.create_client(
            service, region_name=REGION, endpoint_url=url, config=AioConfig(**defaults | config), **credentials
        )

    return run


@pytest.fixture
async def sqs(open_client):
    async with open_client("sqs") as client:
        digests.watch(client)
        yield client


@pytest.fixture
async def strict_sqs(open_client, endpoint, pytestconfig):
    """A client of a server that keeps AWS's waits, as AWS itself does."""
    async with open_client("sqs", url=endpoint and pytestconfig.getoption("--strict-endpoint")) as client:
        yield client


@pytest.fixture
async def sns(open_client):
    async with open_client("sns") as client:
        yield client


@pytest.fixture
async def create_queue(sqs, new_name):
    """Creates queues that are deleted after the test; attributes may be plain Python values."""
    created = []

    async def create(client=sqs, *, fifo=False, **attributes):
        if fifo:
            attributes["FifoQueue"] = "true"
        texts = {name: str(value) for name, value in attributes.items()}
        answer = await client.create_queue(QueueName=new_name(".fifo" if fifo else ""), Attributes=texts)
        created.append((client, answer["QueueUrl"]))
        return answer["QueueUrl"]

    yield create
    for client, url in created:
        try:
            await client.delete_queue(QueueUrl=url)
        except client.exceptions.QueueDoesNotExist:
            pass  # the test deleted it


@pytest.fixture
async def queue(create_queue):
    return await create_queue()


@pytest.fixture
async def create_topic(sns, new_name):
    """Creates topics that are deleted after the test."""
    created = []

    async def create(*, fifo=False, **attributes):
        if fifo:
            attributes["FifoTopic"] = "true"
        answer = await sns.create_topic(Name=new_name(".fifo" if fifo else ""), Attributes=attributes)
        created.append(answer["TopicArn"])
        return answer["TopicArn"]

    yield create
    for arn in created:
        await sns.delete_topic(TopicArn=arn)


@pytest.fixture
async def topic(create_topic):
    return await create_topic()
