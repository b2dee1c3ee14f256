"""Access policies, where they are enforced: of queues for messages from topics, of topics for other accounts."""

import json

import pytest
from conftest import ACCOUNT
from notifications import envelope
from scenario import queue_arn, receive, receive_one, refused

STRANGER = "888877776666"


@pytest.fixture
def enforcing_sns(make_client, enforcing_url):
    return make_client("sns", url=enforcing_url)


@pytest.fixture
def enforcing_sqs(make_client, enforcing_url):
    return make_client(url=enforcing_url)


def allow_topics(sqs, url, source):
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn(sqs, url),
                "Condition": {"ArnLike": {"aws:SourceArn": source}},
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})


def test_queue_takes_what_its_policy_allows(enforcing_sns, enforcing_sqs, create_topic, create_queue, subscribe):
    sns, sqs = enforcing_sns, enforcing_sqs
    topic, other = create_topic(sns), create_topic(sns)
    url = create_queue(sqs)
    for arn in [topic, other]:
        subscribe(arn, queue_arn(sqs, url), client=sns)
    sns.publish(TopicArn=topic, Message="before")
    allow_topics(sqs, url, topic)
    sns.publish(TopicArn=other, Message="from another")
    sns.publish(TopicArn=topic, Message="allowed")
    assert envelope(receive_one(sqs, url))["Message"] == "allowed"
    assert receive(sqs, url, wait=1) == []


@pytest.mark.topiq
def test_denied_delivery_is_a_dead_letter(enforcing_sns, enforcing_sqs, create_topic, create_queue, subscribe):
    sns, sqs = enforcing_sns, enforcing_sqs
    topic = create_topic(sns)
    closed, dead_letters = create_queue(sqs), create_queue(sqs)
    allow_topics(sqs, dead_letters, topic)
    redrive = json.dumps({"deadLetterTargetArn": queue_arn(sqs, dead_letters)})
    subscribe(topic, queue_arn(sqs, closed), client=sns, RedrivePolicy=redrive)
    sns.publish(TopicArn=topic, Message="denied")
    assert envelope(receive_one(sqs, dead_letters))["Message"] == "denied"


@pytest.mark.topiq
def test_stranger_needs_a_permission(make_client, enforcing_url, enforcing_sns, create_topic):
    topic = create_topic(enforcing_sns)
    stranger = make_client("sns", url=enforcing_url, account=STRANGER)
    with refused("AuthorizationError", 403, exception=stranger.exceptions.AuthorizationErrorException) as caught:
        stranger.publish(TopicArn=topic, Message="m")
    message = caught.value.response["Error"]["Message"]
    assert "is not authorized to perform: SNS:Publish on resource: " + topic in message
    enforcing_sns.add_permission(TopicArn=topic, Label="l", AWSAccountId=[STRANGER], ActionName=["Publish"])
    assert stranger.publish(TopicArn=topic, Message="m")["MessageId"]
    with refused("AuthorizationError", 403):
        stranger.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{STRANGER}:q")
    enforcing_sns.remove_permission(TopicArn=topic, Label="l")
    with refused("AuthorizationError", 403):
        stranger.publish(TopicArn=topic, Message="m")


@pytest.mark.topiq
def test_nobody_is_refused_where_policies_are_not_obeyed(make_client, topic):
    assert topic.split(":")[4] == ACCOUNT
    stranger = make_client("sns", account=STRANGER)
    assert stranger.publish(TopicArn=topic, Message="m")["MessageId"]
