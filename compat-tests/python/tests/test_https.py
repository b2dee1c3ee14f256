"""HTTPS by a certificate that topiq made: clients trust its authority and check names as they always do."""

import socket
import ssl
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import SSLError
from conftest import ACCOUNT, REGION
from notifications import envelope, verify
from scenario import queue_arn, receive_one

pytestmark = pytest.mark.topiq  # every client knows AWS's authorities

AWS = f"sns.{REGION}.amazonaws.com"


@pytest.fixture(scope="module")
def url(pytestconfig):
    given = pytestconfig.getoption("--tls-endpoint")
    assert given, "name a topiq with --tls: --tls-endpoint URL, or TOPIQ_TLS_ENDPOINT"
    return given


@pytest.fixture(scope="module")
def authority(url, tmp_path_factory):
    """The file to trust, fetched by a client that does not trust it yet."""
    unchecked = ssl._create_unverified_context()
    path = tmp_path_factory.mktemp("trust") / "ca.pem"
    with urllib.request.urlopen(f"{url}/_topiq/ca.pem", timeout=30, context=unchecked) as answer:
        path.write_bytes(answer.read())
    return str(path)


def client(service, url, verify):
    session = boto3.session.Session(ACCOUNT, "anything", region_name=REGION)
    config = Config(retries={"total_max_attempts": 1})
    return session.client(service, endpoint_url=url, verify=verify, config=config)


def test_story(url, authority, new_name):
    port = url.rsplit(":", 1)[1]
    for endpoint in [url, f"https://localhost:{port}"]:
        sqs = client("sqs", endpoint, authority)
        queue = sqs.create_queue(QueueName=new_name())["QueueUrl"]
        assert queue.startswith(endpoint)
        sqs.send_message(QueueUrl=queue, MessageBody="sealed")
        assert receive_one(sqs, queue)["Body"] == "sealed"
        sqs.delete_queue(QueueUrl=queue)


def test_unknown_authority_is_not_trusted(url):
    with pytest.raises(SSLError):
        client("sqs", url, True).list_queues()


@pytest.fixture
def alias(monkeypatch, url, authority):
    """Does what the container's alias and its port 443 do: AWS's host is topiq. All else is Python's own."""
    address = url.removeprefix("https://").split(":")
    look_up = socket.getaddrinfo

    def getaddrinfo(host, port, *more, **named):
        return look_up(*(address if host == AWS else (host, port)), *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setenv("SSL_CERT_FILE", authority)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.usefixtures("alias")
def test_certificates_are_where_validators_insist_on(url, authority, new_name, version):
    sqs, sns = client("sqs", url, authority), client("sns", url, authority)
    queue = sqs.create_queue(QueueName=new_name())["QueueUrl"]
    topic = sns.create_topic(Name=new_name(), Attributes={"SignatureVersion": version})["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(sqs, queue))
    sns.publish(TopicArn=topic, Message="signed")
    notification = envelope(receive_one(sqs, queue))
    assert notification["SigningCertURL"].startswith(f"https://{AWS}/SimpleNotificationService-")
    assert notification["UnsubscribeURL"].startswith(f"https://{AWS}/?Action=Unsubscribe&")
    verify(notification)
    sns.delete_topic(TopicArn=topic)
    sqs.delete_queue(QueueUrl=queue)
