"""HTTP endpoints: the handshake, notifications and their signatures, failures, and the way out."""

import json

import pytest
from notifications import envelope, verify, visit
from scenario import queue_arn, receive, receive_one

pytestmark = pytest.mark.topiq  # AWS does not reach this machine

# Three more attempts at once, and no waiting.
IMPATIENT = json.dumps(
    {"healthyRetryPolicy": {"numRetries": 3, "numNoDelayRetries": 3, "minDelayTarget": 1, "maxDelayTarget": 1}}
)


@pytest.fixture
def confirmed(receiver, subscribe):
    """Subscribes the receiver and confirms by the link that it is sent; returns the subscription's ARN."""

    def run(topic, **attributes):
        arn = subscribe(topic, receiver.url, "http", **attributes)
        visit(receiver.next().json["SubscribeURL"])
        return arn

    return run


def sns_headers(posted):
    return {name.lower(): value for name, value in posted.headers.items() if name.lower().startswith("x-amz-sns")}


@pytest.mark.parametrize("version", ["1", "2"])
def test_handshake(sns, create_topic, receiver, subscribe, version):
    topic = create_topic(SignatureVersion=version)
    arn = subscribe(topic, receiver.url, "http", RawMessageDelivery="true")
    asked = receiver.next()
    got = asked.json
    assert asked.path == "/inbox?from=sns"
    assert sns_headers(asked) == {
        "x-amz-sns-message-type": "SubscriptionConfirmation",
        "x-amz-sns-message-id": got["MessageId"],
        "x-amz-sns-topic-arn": topic,
    }
    assert asked.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert asked.headers["User-Agent"] == "Amazon Simple Notification Service Agent"
    assert asked.headers["Accept-Encoding"] == "gzip,deflate"
    assert "Accept" not in asked.headers
    assert list(got) == [
        "Type",
        "MessageId",
        "Token",
        "TopicArn",
        "Message",
        "SubscribeURL",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertURL",
    ]
    assert got["Message"] == (
        f"You have chosen to subscribe to the topic {topic}.\n"
        "To confirm the subscription, visit the SubscribeURL included in this message."
    )
    assert got["SubscribeURL"].endswith(f"/?Action=ConfirmSubscription&TopicArn={topic}&Token={got['Token']}")
    assert got["SignatureVersion"] == version
    verify(got)

    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "true"
    assert f"<SubscriptionArn>{arn}</SubscriptionArn>".encode() in visit(got["SubscribeURL"])
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "false"


def test_nothing_comes_before_the_confirmation(sns, topic, receiver, subscribe):
    subscribe(topic, receiver.url, "http")
    sns.publish(TopicArn=topic, Message="too early")
    asked = receiver.next().json
    visit(asked["SubscribeURL"])
    sns.publish(TopicArn=topic, Message="in time")
    assert receiver.next().json["Message"] == "in time"


def test_subscribing_again_asks_again(topic, receiver, subscribe):
    first = subscribe(topic, receiver.url, "http")
    assert subscribe(topic, receiver.url, "http") == first
    assert [receiver.next().type for _ in range(2)] == ["SubscriptionConfirmation"] * 2


@pytest.mark.parametrize("version", ["1", "2"])
def test_notification(sns, create_topic, receiver, confirmed, version):
    topic = create_topic(SignatureVersion=version)
    arn = confirmed(topic)
    attributes = {"color": {"DataType": "String", "StringValue": "blau é"}}
    sent = sns.publish(TopicArn=topic, Message="hello é€😀\r\n", Subject="s", MessageAttributes=attributes)
    posted = receiver.next()
    got = posted.json
    assert sns_headers(posted) == {
        "x-amz-sns-message-type": "Notification",
        "x-amz-sns-message-id": sent["MessageId"],
        "x-amz-sns-topic-arn": topic,
        "x-amz-sns-subscription-arn": arn,
    }
    assert posted.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert (got["Message"], got["Subject"], got["MessageId"]) == ("hello é€😀\r\n", "s", sent["MessageId"])
    assert got["MessageAttributes"] == {"color": {"Type": "String", "Value": "blau é"}}
    assert got["SignatureVersion"] == version
    verify(got)


def test_raw_notification(sns, topic, receiver, confirmed):
    policy = json.dumps({"requestPolicy": {"headerContentType": "text/csv"}})
    arn = confirmed(topic, RawMessageDelivery="true", DeliveryPolicy=policy)
    attributes = {"color": {"DataType": "String", "StringValue": "blue"}}
    sent = sns.publish(TopicArn=topic, Message="a;b\n1;2", Subject="lost", MessageAttributes=attributes)
    posted = receiver.next()
    assert posted.body == "a;b\n1;2"
    assert posted.headers["Content-Type"] == "text/csv"
    assert sns_headers(posted) == {
        "x-amz-sns-message-type": "Notification",
        "x-amz-sns-message-id": sent["MessageId"],
        "x-amz-sns-topic-arn": topic,
        "x-amz-sns-subscription-arn": arn,
        "x-amz-sns-rawdelivery": "true",
    }


def test_credentials_in_the_url_are_sent(topic, receiver, subscribe):
    receiver.answers = [401, 200]
    receiver.headers = {"WWW-Authenticate": 'Basic realm="inbox"'}
    subscribe(topic, receiver.url.replace("http://", "http://user:secret@"), "http")
    posted = receiver.next()
    if "Authorization" not in posted.headers:
        posted = receiver.next()
    assert posted.headers["Authorization"] == "Basic dXNlcjpzZWNyZXQ="


def test_failing_receiver_is_retried_with_the_same_id(sns, topic, receiver, confirmed):
    confirmed(topic, DeliveryPolicy=IMPATIENT)
    receiver.answers = [500, 429, 503, 204]
    sent = sns.publish(TopicArn=topic, Message="again")
    posted = [receiver.next() for _ in range(4)]
    assert {one.headers["x-amz-sns-message-id"] for one in posted} == {sent["MessageId"]}
    assert len({one.body for one in posted}) == 1
    assert receiver.none_came()


def test_message_that_always_fails_is_a_dead_letter(sns, sqs, topic, receiver, confirmed, queue):
    redrive = json.dumps({"deadLetterTargetArn": queue_arn(sqs, queue)})
    confirmed(topic, DeliveryPolicy=IMPATIENT, RedrivePolicy=redrive)
    receiver.status = 500
    sns.publish(TopicArn=topic, Message="never")
    posted = [receiver.next() for _ in range(4)]
    message = receive_one(sqs, queue)
    assert message["Body"] == posted[0].body
    verify(envelope(message))
    assert receiver.none_came(0.2)


@pytest.mark.parametrize("status", [302, 400, 403, 404])
def test_refusal_is_final(sns, sqs, topic, receiver, confirmed, queue, status):
    redrive = json.dumps({"deadLetterTargetArn": queue_arn(sqs, queue)})
    confirmed(topic, DeliveryPolicy=IMPATIENT, RedrivePolicy=redrive, RawMessageDelivery="true")
    receiver.status, receiver.headers = status, {"Location": receiver.url}
    sns.publish(TopicArn=topic, Message="refused")
    assert receiver.next().body == "refused"
    assert receive_one(sqs, queue)["Body"] == "refused"
    assert receiver.none_came(0.2), "neither asked again nor asked elsewhere"


def test_closed_port_is_a_failure(sns, sqs, topic, receiver, confirmed, queue):
    redrive = json.dumps({"deadLetterTargetArn": queue_arn(sqs, queue)})
    receiver.headers = {"Connection": "close"}  # or the next message would find it open
    confirmed(topic, DeliveryPolicy=IMPATIENT, RedrivePolicy=redrive, RawMessageDelivery="true")
    receiver.close()
    sns.publish(TopicArn=topic, Message="nobody is there")
    assert receive_one(sqs, queue)["Body"] == "nobody is there"


def test_filtered_message_is_not_posted(sns, topic, receiver, confirmed):
    confirmed(topic, FilterPolicyScope="MessageBody", FilterPolicy='{"kind":["order"]}')
    sns.publish(TopicArn=topic, Message='{"kind":"parcel"}')
    sns.publish(TopicArn=topic, Message='{"kind":"order"}')
    assert receiver.next().json["Message"] == '{"kind":"order"}'


def test_each_message_comes_once(sns, topic, receiver, confirmed):
    confirmed(topic)
    sent = {sns.publish(TopicArn=topic, Message=str(number))["MessageId"] for number in range(20)}
    posted = [receiver.next().headers["x-amz-sns-message-id"] for _ in range(20)]
    assert (len(posted), set(posted)) == (20, sent)
    assert receiver.none_came(0.2)


@pytest.mark.parametrize("version", ["1", "2"])
def test_unsubscribe_link_can_be_taken_back(sns, create_topic, receiver, confirmed, version):
    topic = create_topic(SignatureVersion=version)
    arn = confirmed(topic)
    sns.publish(TopicArn=topic, Message="first")
    link = receiver.next().json["UnsubscribeURL"]
    assert link.endswith(f"/?Action=Unsubscribe&SubscriptionArn={arn}")
    assert visit(link).startswith(b"<UnsubscribeResponse ")

    farewell = receiver.next()
    got = farewell.json
    assert sns_headers(farewell) == {
        "x-amz-sns-message-type": "UnsubscribeConfirmation",
        "x-amz-sns-message-id": got["MessageId"],
        "x-amz-sns-topic-arn": topic,
        "x-amz-sns-subscription-arn": arn,
    }
    assert got["Message"] == (
        f"You have chosen to deactivate subscription {arn}.\n"
        "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
    )
    assert got["SignatureVersion"] == version
    verify(got)
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []

    sns.confirm_subscription(TopicArn=topic, Token=got["Token"])
    (restored,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert restored["Endpoint"] == receiver.url
    sns.publish(TopicArn=topic, Message="back again")
    assert receiver.next().json["Message"] == "back again"


def test_owner_unsubscribes_without_a_farewell(sns, topic, receiver, confirmed):
    sns.unsubscribe(SubscriptionArn=confirmed(topic))
    sns.publish(TopicArn=topic, Message="to nobody")
    assert receiver.none_came()


def test_slow_endpoint_does_not_hold_up_queues(sns, sqs, topic, receiver, confirmed, subscribed_queue):
    confirmed(topic)
    url = subscribed_queue(topic)
    receiver.status = 500
    sns.publish(TopicArn=topic, Message="m")
    receiver.next()
    assert envelope(receive_one(sqs, url))["Message"] == "m"
    assert receive(sqs, url) == []
