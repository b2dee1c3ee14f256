"""Queues and topics from their creation to their deletion, and lists of them page by page."""

import asyncio
import json

import pytest
from async_scenario import attributes, queue_arn, receive, receive_count
from scenario import bodies


async def test_queue_lives_from_its_creation_to_its_deletion(sqs, new_name):
    name = new_name()
    url = (await sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "40"}))["QueueUrl"]
    assert (await sqs.get_queue_url(QueueName=name))["QueueUrl"] == url
    await sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0", "VisibilityTimeout": "41"})
    assert (await attributes(sqs, url))["VisibilityTimeout"] == "41"
    await sqs.tag_queue(QueueUrl=url, Tags={"team": "orders", "stage": "test"})
    await sqs.untag_queue(QueueUrl=url, TagKeys=["stage"])
    assert (await sqs.list_queue_tags(QueueUrl=url))["Tags"] == {"team": "orders"}

    sent = await sqs.send_message(QueueUrl=url, MessageBody="hello")
    (message,) = await receive_count(sqs, url, 1)
    assert (message["Body"], message["MessageId"]) == ("hello", sent["MessageId"])
    await sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    await sqs.delete_queue(QueueUrl=url)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        await sqs.get_queue_url(QueueName=name)


@pytest.mark.topiq  # AWS takes up to a minute
async def test_purge_takes_all_messages(sqs, queue):
    await asyncio.gather(*(sqs.send_message(QueueUrl=queue, MessageBody=str(n)) for n in range(20)))
    await sqs.purge_queue(QueueUrl=queue)
    assert await receive(sqs, queue) == []


async def test_queues_are_listed_page_by_page(sqs, new_name):
    prefix = new_name("-")
    created = await asyncio.gather(*(sqs.create_queue(QueueName=f"{prefix}{n}") for n in range(5)))
    urls = sorted(answer["QueueUrl"] for answer in created)
    try:
        paginator = sqs.get_paginator("list_queues")
        pages = paginator.paginate(QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2})
        sizes, listed = [], []
        async for page in pages:
            sizes.append(len(page["QueueUrls"]))
            listed += page["QueueUrls"]
        assert sizes == [2, 2, 1]
        assert sorted(listed) == urls
    finally:
        await asyncio.gather(*(sqs.delete_queue(QueueUrl=url) for url in urls))


async def test_sources_of_a_dead_letter_queue_are_listed_page_by_page(sqs, create_queue):
    dead_letters = await create_queue()
    policy = json.dumps({"deadLetterTargetArn": await queue_arn(sqs, dead_letters), "maxReceiveCount": 1})
    sources = [await create_queue(RedrivePolicy=policy) for _ in range(3)]
    paginator = sqs.get_paginator("list_dead_letter_source_queues")
    pages = paginator.paginate(QueueUrl=dead_letters, PaginationConfig={"PageSize": 2})
    assert sorted([url async for page in pages for url in page["queueUrls"]]) == sorted(sources)


async def test_topics_and_subscriptions_are_listed_page_by_page(sns, topic):
    arn = f"arn:aws:sqs:us-east-1:{topic.split(':')[4]}:nobody-"
    await asyncio.gather(*(sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"{arn}{n}") for n in range(101)))
    pages = [page async for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)]
    assert [len(page["Subscriptions"]) for page in pages] == [100, 1]
    assert {item["Endpoint"] for page in pages for item in page["Subscriptions"]} == {f"{arn}{n}" for n in range(101)}

    everywhere = sns.get_paginator("list_subscriptions").paginate()
    assert sum([item["TopicArn"] == topic async for page in everywhere for item in page["Subscriptions"]]) == 101
    topics = [item["TopicArn"] async for page in sns.get_paginator("list_topics").paginate() for item in page["Topics"]]
    assert topics.count(topic) == 1


async def test_messages_come_in_the_order_of_their_group(sqs, create_queue):
    url = await create_queue(fifo=True)
    sent = [
        await sqs.send_message(
            QueueUrl=url, MessageBody=f"{group}{n}", MessageGroupId=group, MessageDeduplicationId=f"{group}{n}"
        )
        for n in range(5)
        for group in "ab"
    ]
    again = await sqs.send_message(QueueUrl=url, MessageBody="dropped", MessageGroupId="a", MessageDeduplicationId="a0")
    assert (again["MessageId"], again["SequenceNumber"]) == (sent[0]["MessageId"], sent[0]["SequenceNumber"])
    received = []
    while len(received) < 10:
        messages = await receive_count(sqs, url, 1)
        received += bodies(messages)
        for message in messages:
            await sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    for group in "ab":
        assert [body for body in received if body.startswith(group)] == [f"{group}{n}" for n in range(5)]
    assert await receive(sqs, url, wait=1) == []


async def test_same_content_is_sent_once(sqs, create_queue):
    url = await create_queue(fifo=True, ContentBasedDeduplication="true")
    send = {"QueueUrl": url, "MessageBody": "same", "MessageGroupId": "g"}
    first, again = await asyncio.gather(sqs.send_message(**send), sqs.send_message(**send))
    assert (first["MessageId"], first["SequenceNumber"]) == (again["MessageId"], again["SequenceNumber"])
    assert bodies(await receive_count(sqs, url, 1)) == ["same"]
