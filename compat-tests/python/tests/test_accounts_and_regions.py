"""Two accounts and two regions share nothing but the server."""

import pytest
from scenario import bodies, queue_arn, receive, refused

pytestmark = pytest.mark.topiq


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"account": "111111111111"}, {"account": "222222222222"}),
        ({"region": "eu-west-1"}, {"region": "us-west-2"}),
    ],
    ids=["accounts", "regions"],
)
def test_same_name_is_two_queues(make_client, new_name, one, other):
    name = new_name()
    clients = [make_client(**one), make_client(**other)]
    urls = [client.create_queue(QueueName=name)["QueueUrl"] for client in clients]
    try:
        arns = [queue_arn(client, url) for client, url in zip(clients, urls)]
        assert arns[0] != arns[1]
        for client, url, arn in zip(clients, urls, arns):
            client.send_message(QueueUrl=url, MessageBody=arn)
            assert client.list_queues(QueueNamePrefix=name)["QueueUrls"] == [url]
        for client, url, arn in zip(clients, urls, arns):
            assert bodies(receive(client, url, wait=2)) == [arn]
    finally:
        for client, url in zip(clients, urls):
            client.delete_queue(QueueUrl=url)


def test_arn_names_account_and_region(make_client, create_queue):
    client = make_client(account="111111111111", region="eu-central-1")
    url = create_queue(client)
    assert queue_arn(client, url) == f"arn:aws:sqs:eu-central-1:111111111111:{url.rsplit('/', 1)[1]}"
    assert "/111111111111/" in url


def test_queue_of_another_region_is_not_found(make_client, queue):
    name = queue.rsplit("/", 1)[1]
    elsewhere = make_client(region="eu-west-1")
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        elsewhere.get_queue_url(QueueName=name)
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        make_client(account="111111111111").get_queue_url(QueueName=name)


def test_queues_url_names_its_owner(make_client, sqs, queue):
    stranger = make_client(account="111111111111")
    name = queue.rsplit("/", 1)[1]
    assert stranger.get_queue_url(QueueName=name, QueueOwnerAWSAccountId="123456789012")["QueueUrl"] == queue
    stranger.send_message(QueueUrl=queue, MessageBody="from abroad")
    assert bodies(receive(sqs, queue, wait=2)) == ["from abroad"]


def test_sts_returns_the_account(make_client):
    for account in ("111111111111", "222222222222"):
        identity = make_client("sts", account=account).get_caller_identity()
        assert identity["Account"] == account
        assert f"::{account}:" in identity["Arn"]
        assert identity["UserId"]
