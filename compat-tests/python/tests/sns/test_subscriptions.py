"""Subscriptions: how they begin and end, their attributes, and how they are listed."""

import json

import pytest
from notifications import confirmation_token, envelope
from scenario import eventually, queue_arn, receive, receive_one, refused

BASE = {
    "ConfirmationWasAuthenticated",
    "Endpoint",
    "Owner",
    "PendingConfirmation",
    "Protocol",
    "RawMessageDelivery",
    "SubscriptionArn",
    "SubscriptionPrincipal",
    "TopicArn",
}

UNMADE_QUEUE = "arn:aws:sqs:us-east-1:{}:never-made"


def attributes(sns, subscription):
    return sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]


def set_attribute(sns, subscription, name, value):
    sns.set_subscription_attributes(SubscriptionArn=subscription, AttributeName=name, AttributeValue=value)


@pytest.fixture
def queue_of_nobody(topic):
    """Queues need not exist to subscribe."""
    return UNMADE_QUEUE.format(topic.split(":")[4])


def test_queue_is_subscribed_at_once(sns, topic, queue_of_nobody):
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_of_nobody)["SubscriptionArn"]
    assert arn.startswith(f"{topic}:")
    shown = attributes(sns, arn)
    assert set(shown) == BASE
    assert (shown["Endpoint"], shown["Protocol"], shown["TopicArn"]) == (queue_of_nobody, "sqs", topic)
    assert shown["PendingConfirmation"] == "false"
    assert shown["ConfirmationWasAuthenticated"] == "true"
    assert shown["RawMessageDelivery"] == "false"
    eventually(lambda: sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsConfirmed"] == "1")


def test_subscribing_again_finds_the_subscription_or_refuses(sns, topic, queue_of_nobody, subscribe):
    arn = subscribe(topic, queue_of_nobody, RawMessageDelivery="true")
    assert subscribe(topic, queue_of_nobody) == arn
    assert subscribe(topic, queue_of_nobody, RawMessageDelivery="True") == arn
    assert subscribe(topic, queue_of_nobody, FilterPolicyScope="MessageAttributes") == arn
    different = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
    with refused("InvalidParameter", message=different):
        subscribe(topic, queue_of_nobody, RawMessageDelivery="false")


def test_attributes_are_set_and_removed(sns, topic, queue_of_nobody, subscribe):
    arn = subscribe(topic, queue_of_nobody)
    policy = {"kind": ["a", {"prefix": "b"}], "size": [{"numeric": [">", 1]}]}
    redrive = {"deadLetterTargetArn": queue_of_nobody + "-dead"}
    set_attribute(sns, arn, "RawMessageDelivery", "TRUE")
    set_attribute(sns, arn, "FilterPolicy", json.dumps(policy))
    set_attribute(sns, arn, "RedrivePolicy", json.dumps(redrive))
    shown = attributes(sns, arn)
    assert shown["RawMessageDelivery"] == "true"
    assert shown["FilterPolicyScope"] == "MessageAttributes"
    assert json.loads(shown["FilterPolicy"]) == policy
    assert json.loads(shown["RedrivePolicy"]) == redrive
    set_attribute(sns, arn, "FilterPolicyScope", "MessageBody")
    set_attribute(sns, arn, "FilterPolicy", "")
    assert not {"FilterPolicy", "FilterPolicyScope"} & set(attributes(sns, arn))
    set_attribute(sns, arn, "FilterPolicy", '{"deep":{"er":[1]}}')
    assert attributes(sns, arn)["FilterPolicyScope"] == "MessageBody"
    with refused("InvalidParameter", message="Invalid parameter: AttributeName"):
        set_attribute(sns, arn, "Endpoint", queue_of_nobody)


@pytest.mark.parametrize(
    ("protocol", "address", "message"),
    [
        ("carrier-pigeon", "coop", "Amazon SNS does not support this protocol string: carrier-pigeon"),
        ("sqs", "http://localhost:4566/000000000000/q", "SQS endpoint ARN"),
        ("http", "https://example.com", "Endpoint must match the specified protocol"),
        (
            "sqs",
            "arn:aws:sqs:us-east-1:123456789012:q.fifo",
            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
        ),
    ],
)
def test_endpoint_is_refused(sns, topic, protocol, address, message):
    with refused("InvalidParameter", message=f"Invalid parameter: {message}"):
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=address)


def test_phone_number_is_refused_with_another_text(sns, topic):
    with refused("InvalidParameter", message="Invalid SMS endpoint: invalid-number"):
        sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="invalid-number")


def test_pending_subscription_has_no_arn_unless_asked_for(sns, topic):
    endpoint = {"TopicArn": topic, "Protocol": "email", "Endpoint": "a@example.com"}
    assert sns.subscribe(**endpoint)["SubscriptionArn"] == "pending confirmation"
    arn = sns.subscribe(**endpoint, ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert arn.startswith(f"{topic}:")
    shown = attributes(sns, arn)
    assert (shown["PendingConfirmation"], shown["ConfirmationWasAuthenticated"]) == ("true", "false")
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsPending"] == "1"
    with refused("InvalidParameter") as caught:
        sns.unsubscribe(SubscriptionArn=arn)
    assert "pending confirmation" in caught.value.response["Error"]["Message"]


@pytest.mark.topiq
def test_token_confirms_and_confirms_again(sns, topic, endpoint):
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)
    arn = arn["SubscriptionArn"]
    token = confirmation_token(endpoint, arn)
    for unknown, message in [("abc123", "Invalid parameter: Token"), ("randomtoken", "Invalid token")]:
        with refused("InvalidParameter", message=message):
            sns.confirm_subscription(TopicArn=topic, Token=unknown)
    with refused("InvalidParameter", message="Invalid parameter: Topic"):
        sns.confirm_subscription(TopicArn="not-an-arn", Token=token)
    for _ in range(2):
        assert sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"] == arn
    shown = attributes(sns, arn)
    assert (shown["PendingConfirmation"], shown["ConfirmationWasAuthenticated"]) == ("false", "false")


@pytest.mark.topiq
def test_authenticated_confirmation_guards_the_subscription(sns, make_unsigned, topic, endpoint):
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)
    arn = arn["SubscriptionArn"]
    token = confirmation_token(endpoint, arn)
    sns.confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")
    assert attributes(sns, arn)["ConfirmationWasAuthenticated"] == "true"
    unsigned = make_unsigned("sns")
    with refused("AuthorizationError", 403, exception=unsigned.exceptions.AuthorizationErrorException):
        unsigned.unsubscribe(SubscriptionArn=arn)
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []


@pytest.mark.topiq
def test_queue_of_another_account_is_asked_first(make_client, sns, sqs, topic, queue, subscribe):
    stranger = make_client("sns", account="444455556666")
    endpoint = queue_arn(sqs, queue)
    assert (
        stranger.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)["SubscriptionArn"]
        == "pending confirmation"
    )
    sns.publish(TopicArn=topic, Message="too early")
    asked = envelope(receive_one(sqs, queue))
    assert asked["Type"] == "SubscriptionConfirmation"
    confirmed = sns.confirm_subscription(TopicArn=topic, Token=asked["Token"])["SubscriptionArn"]
    assert attributes(sns, confirmed)["Owner"] == "444455556666"
    sns.publish(TopicArn=topic, Message="welcome")
    assert envelope(receive_one(sqs, queue))["Message"] == "welcome"
    assert receive(sqs, queue) == [], "nothing that was published before"


def test_unsubscribing_ends_it_once_and_for_all(sns, sqs, topic, queue, subscribe):
    arn = subscribe(topic, queue_arn(sqs, queue))
    sns.unsubscribe(SubscriptionArn=arn)
    sns.unsubscribe(SubscriptionArn=arn)
    with refused(
        "NotFound", 404, exception=sns.exceptions.NotFoundException, message="Subscription does not exist"
    ):
        attributes(sns, arn)
    sns.publish(TopicArn=topic, Message="to nobody")
    assert receive(sqs, queue, wait=1) == []
    elements = "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"
    for wrong, message in [("pending confirmation", elements), (topic, "Invalid parameter: SubscriptionId")]:
        with refused("InvalidParameter", message=message):
            sns.unsubscribe(SubscriptionArn=wrong)


@pytest.mark.topiq
def test_subscriptions_are_listed_a_hundred_at_a_time(make_client, new_name):
    account = "777788889999"
    sns = make_client("sns", account=account)
    topic = sns.create_topic(Name=new_name())["TopicArn"]
    other = sns.create_topic(Name=new_name())["TopicArn"]
    arns = []
    for number in range(101):
        endpoint = f"arn:aws:sqs:us-east-1:{account}:queue-{number}"
        arns.append(sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)["SubscriptionArn"])
    sns.subscribe(TopicArn=other, Protocol="sms", Endpoint="+15551234567")

    first = sns.list_subscriptions_by_topic(TopicArn=topic)
    rest = sns.list_subscriptions_by_topic(TopicArn=topic, NextToken=first["NextToken"])
    assert (len(first["Subscriptions"]), len(rest["Subscriptions"])) == (100, 1)
    listed = [item["SubscriptionArn"] for item in first["Subscriptions"] + rest["Subscriptions"]]
    assert sorted(listed) == sorted(arns)

    pages = list(sns.get_paginator("list_subscriptions").paginate())
    assert [len(page["Subscriptions"]) for page in pages] == [100, 2]
    everything = [item for page in pages for item in page["Subscriptions"]]
    assert {item["TopicArn"] for item in everything} == {topic, other}
    assert all(item["Owner"] == account for item in everything)
    for arn in [topic, other]:
        sns.delete_topic(TopicArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []
