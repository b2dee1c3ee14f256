"""Topics, subscriptions and receivers that are removed after the test."""

import boto3
import botocore
import pytest
from botocore.config import Config
from conftest import ACCOUNT, REGION
from receiver import Receiver
from scenario import queue_arn


@pytest.fixture(scope="session")
def sns(make_client):
    return make_client("sns")


@pytest.fixture(scope="session")
def enforcing_url(endpoint, pytestconfig):
    """Where access policies are enforced, as AWS itself does."""
    if endpoint is None:
        return None
    url = pytestconfig.getoption("--enforcing-endpoint")
    assert url, "name a topiq with --enforce-policies: --enforcing-endpoint URL, or TOPIQ_ENFORCING_ENDPOINT"
    return url


@pytest.fixture(scope="session")
def make_unsigned(endpoint):
    """Makes anonymous clients: the two links in notifications need no signature."""

    def make(service):
        config = Config(signature_version=botocore.UNSIGNED, retries={"total_max_attempts": 1})
        return boto3.client(service, region_name=REGION, endpoint_url=endpoint, config=config)

    return make


@pytest.fixture(scope="session")
def make_unvalidated(endpoint):
    """Makes clients that send invalid parameters instead of refusing them."""

    def make(service):
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
        session = boto3.session.Session(ACCOUNT, "anything") if endpoint else boto3.session.Session()
        return session.client(service, region_name=REGION, endpoint_url=endpoint, config=config)

    return make


@pytest.fixture
def create_topic(sns, new_name):
    """Creates topics that are deleted after the test; attributes may be plain Python values."""
    created = []

    def create(client=sns, *, fifo=False, **attributes):
        if fifo:
            attributes["FifoTopic"] = "true"
        texts = {name: str(value) for name, value in attributes.items()}
        arn = client.create_topic(Name=new_name(".fifo" if fifo else ""), Attributes=texts)["TopicArn"]
        created.append((client, arn))
        return arn

    yield create
    for client, arn in created:
        if "ArchivePolicy" in attributes_of(client, arn):
            client.set_topic_attributes(TopicArn=arn, AttributeName="ArchivePolicy", AttributeValue="{}")
        client.delete_topic(TopicArn=arn)


def attributes_of(client, arn):
    try:
        return client.get_topic_attributes(TopicArn=arn)["Attributes"]
    except client.exceptions.NotFoundException:
        return {}


@pytest.fixture
def topic(create_topic):
    return create_topic()


@pytest.fixture
def fifo_topic(create_topic):
    return create_topic(fifo=True)


@pytest.fixture
def subscribe(sns):
    """Subscribes an endpoint, and returns the subscription's ARN; attributes may be plain Python values."""

    def run(topic, endpoint, protocol="sqs", client=sns, **attributes):
        texts = {name: str(value) for name, value in attributes.items()}
        answer = client.subscribe(
            TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=texts, ReturnSubscriptionArn=True
        )
        return answer["SubscriptionArn"]

    return run


@pytest.fixture
def subscribed_queue(sqs, create_queue, subscribe):
    """Creates a queue that subscribes a topic, and returns its URL."""

    def create(topic, *, fifo=False, **attributes):
        url = create_queue(fifo=fifo)
        arn = queue_arn(sqs, url)
        allow(sqs, url, arn, topic)
        subscribe(topic, arn, **attributes)
        return url

    return create


def allow(sqs, url, arn, topic):
    """Lets a topic send to a queue: AWS requires that, topiq only with --enforce-policies."""
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},'
        f'"Action":"sqs:SendMessage","Resource":"{arn}",'
        f'"Condition":{{"ArnEquals":{{"aws:SourceArn":"{topic}"}}}}}}]}}'
    )
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()
