"""The life of queues: create, find, list, delete."""

import pytest
from scenario import attributes, receive, refused


def test_queue_is_created_found_and_deleted(sqs, new_name):
    name = new_name()
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    assert url.endswith(f"/{name}")
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == url
    sqs.delete_queue(QueueUrl=url)
    with refused(
        "AWS.SimpleQueueService.NonExistentQueue", exception=sqs.exceptions.QueueDoesNotExist
    ):
        sqs.get_queue_url(QueueName=name)


def test_url_is_at_the_endpoint_that_was_called(sqs, queue, endpoint):
    if endpoint:
        assert queue.startswith(endpoint + "/123456789012/")
    else:
        assert queue.startswith("https://")


def test_queue_is_found_by_its_owners_account(sqs, queue):
    name = queue.rsplit("/", 1)[1]
    owner = attributes(sqs, queue, "QueueArn")["QueueArn"].split(":")[4]
    assert sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"] == queue


def test_creating_twice_is_the_same_queue(sqs, create_queue):
    url = create_queue(VisibilityTimeout=45)
    name = url.rsplit("/", 1)[1]
    for same in ({}, {"VisibilityTimeout": "45"}, {"DelaySeconds": "0"}):
        assert sqs.create_queue(QueueName=name, Attributes=same)["QueueUrl"] == url


def test_creating_with_another_value_conflicts(sqs, create_queue):
    name = create_queue(VisibilityTimeout=45).rsplit("/", 1)[1]
    with refused("QueueAlreadyExists", exception=sqs.exceptions.QueueNameExists) as caught:
        sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "46"})
    assert caught.value.response["Error"]["Message"] == (
        "A queue already exists with the same name and a different value for attribute VisibilityTimeout"
    )


def test_creating_compares_with_attributes_set_since(sqs, create_queue):
    url = create_queue(VisibilityTimeout=45)
    name = url.rsplit("/", 1)[1]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "50"})
    assert sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "50"})["QueueUrl"] == url
    with refused("QueueAlreadyExists"):
        sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "45"})


@pytest.mark.parametrize("name", ["a b", "a/b", "ä", "x" * 81, "no-attribute.fifo"])
def test_bad_names_are_refused(sqs, name):
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName=name)


@pytest.mark.parametrize("name", ["no-suffix", "x" * 76 + ".fifo"])
def test_bad_fifo_names_are_refused(sqs, name):
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})


@pytest.mark.parametrize("length", [1, 80])
@pytest.mark.topiq
def test_names_have_1_to_80_characters(sqs, length):
    url = sqs.create_queue(QueueName="n" * length)["QueueUrl"]
    try:
        assert url.endswith("/" + "n" * length)
    finally:
        sqs.delete_queue(QueueUrl=url)


def test_list_shows_queues_of_a_prefix(sqs, new_name):
    prefix = new_name()
    urls = [sqs.create_queue(QueueName=f"{prefix}-{number}")["QueueUrl"] for number in range(3)]
    try:
        assert sorted(sqs.list_queues(QueueNamePrefix=prefix)["QueueUrls"]) == urls
        assert sqs.list_queues(QueueNamePrefix=f"{prefix}-1")["QueueUrls"] == urls[1:2]
        assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix=f"{prefix}-none")
        assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix=prefix.upper())
    finally:
        for url in urls:
            sqs.delete_queue(QueueUrl=url)


def test_list_comes_in_pages(sqs, new_name):
    prefix = new_name()
    urls = [sqs.create_queue(QueueName=f"{prefix}-{number}")["QueueUrl"] for number in range(5)]
    try:
        paginator = sqs.get_paginator("list_queues")
        pages = list(paginator.paginate(QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2}))
        assert [len(page["QueueUrls"]) for page in pages] == [2, 2, 1]
        assert sorted(url for page in pages for url in page["QueueUrls"]) == urls
        assert "NextToken" not in pages[-1]
        whole = sqs.list_queues(QueueNamePrefix=prefix, MaxResults=5)
        assert len(whole["QueueUrls"]) == 5
        assert "NextToken" not in whole
    finally:
        for url in urls:
            sqs.delete_queue(QueueUrl=url)


def test_bad_pages_are_refused(sqs):
    for request in ({"MaxResults": 0}, {"MaxResults": 1001}, {"NextToken": "x"}, {"NextToken": "x", "MaxResults": 2}):
        with refused("InvalidParameterValue"):
            sqs.list_queues(**request)


@pytest.mark.topiq
def test_purge_takes_all_messages(sqs, create_queue):
    url = create_queue()
    for text in ("in flight", "visible"):
        sqs.send_message(QueueUrl=url, MessageBody=text)
    sqs.send_message(QueueUrl=url, MessageBody="delayed", DelaySeconds=1)
    handle = receive(sqs, url, MaxNumberOfMessages=1, VisibilityTimeout=1)[0]["ReceiptHandle"]
    sqs.purge_queue(QueueUrl=url)
    counters = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
    assert attributes(sqs, url, *counters) == dict.fromkeys(counters, "0")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    assert receive(sqs, url, wait=2) == []
