"""Deliveries without a target on this machine: topiq keeps them for tests to inspect."""

import json
from urllib.parse import quote

import pytest
from conftest import ACCOUNT, REGION
from notifications import confirmation_token, deliveries, verify, visit, visit_json

pytestmark = pytest.mark.topiq

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
STREAM = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/s"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/sns"
ATTRIBUTES = {"color": {"DataType": "String", "StringValue": "blue"}}


@pytest.fixture
def phone_number(new_name):
    """A number that no other test uses."""
    return f"+1{int(new_name().split('-')[1], 16) % 10**10:010d}"


@pytest.fixture
def phone(sns, new_name):
    """A platform endpoint of an application that is deleted after the test."""
    application = sns.create_platform_application(
        Name=new_name(), Platform="GCM", Attributes={"PlatformCredential": "key"}
    )["PlatformApplicationArn"]
    yield sns.create_platform_endpoint(PlatformApplicationArn=application, Token="token")["EndpointArn"]
    sns.delete_platform_application(PlatformApplicationArn=application)


@pytest.fixture
def confirmed_address(sns, endpoint, subscribe):
    def run(topic, protocol):
        arn = subscribe(topic, "a@example.com", protocol)
        token = confirmation_token(endpoint, arn)
        sns.confirm_subscription(TopicArn=topic, Token=token)
        return arn

    return run


def test_mail(sns, endpoint, topic, confirmed_address):
    arn = confirmed_address(topic, "email")
    sns.publish(TopicArn=topic, Message="dear all", Subject="News", MessageAttributes=ATTRIBUTES)
    asked, mail = deliveries(endpoint, topic, "email")
    assert asked["Subject"] == "AWS Notification - Subscription Confirmation"
    assert (mail["Endpoint"], mail["Subject"], mail["Message"]) == ("a@example.com", "News", "dear all")
    assert (mail["SubscriptionArn"], mail["MessageAttributes"]) == (arn, ATTRIBUTES)
    assert mail["Payload"].startswith("dear all")
    assert f"Action=Unsubscribe&SubscriptionArn={arn}" in mail["Payload"] or arn in mail["Payload"]


def test_mail_in_json(sns, endpoint, topic, confirmed_address):
    confirmed_address(topic, "email-json")
    sns.publish(TopicArn=topic, Message="dear all")
    asked, mail = deliveries(endpoint, topic, "email-json")
    assert json.loads(asked["Payload"])["Type"] == "SubscriptionConfirmation"
    assert json.loads(mail["Payload"])["Message"] == "dear all"
    verify(json.loads(mail["Payload"]))


def test_function(sns, endpoint, topic, subscribe):
    arn = subscribe(topic, FUNCTION, "lambda")
    sent = sns.publish(TopicArn=topic, Message="m")
    (delivery,) = deliveries(endpoint, topic, "lambda")
    (record,) = json.loads(delivery["Payload"])["Records"]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert record["EventSubscriptionArn"] == arn
    event = record["Sns"]
    assert (event["Message"], event["MessageId"], event["SignatureVersion"]) == ("m", sent["MessageId"], "1")
    assert (event["Subject"], event["MessageAttributes"]) == (None, {})
    assert {"SigningCertUrl", "UnsubscribeUrl"} <= set(event)


def test_stream(sns, endpoint, topic, subscribe):
    subscribe(topic, STREAM, "firehose", SubscriptionRoleArn=ROLE)
    sns.publish(TopicArn=topic, Message="m")
    (delivery,) = deliveries(endpoint, topic, "firehose")
    record = json.loads(delivery["Payload"])
    assert list(record) == ["Type", "MessageId", "TopicArn", "Message", "Timestamp", "UnsubscribeURL"]


def test_raw_stream(sns, endpoint, topic, subscribe):
    subscribe(topic, STREAM, "firehose", SubscriptionRoleArn=ROLE, RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message="m")
    assert deliveries(endpoint, topic, "firehose")[0]["Payload"] == "m"


def test_text_message_of_a_topic(sns, endpoint, create_topic, subscribe, phone_number):
    topic = create_topic(DisplayName="Orders")
    subscribe(topic, phone_number, "sms")
    sns.publish(TopicArn=topic, Message=json.dumps({"default": "d", "sms": "short"}), MessageStructure="json")
    (delivery,) = deliveries(endpoint, topic, "sms")
    assert (delivery["Endpoint"], delivery["Message"]) == (phone_number, "short")
    assert delivery["Payload"] == "ORDERS> short"
    shown = sms(endpoint, phone_number)
    assert [message["Message"] for message in shown] == ["short"]
    assert shown[0]["TopicArn"] == topic


def test_text_message_without_a_topic(sns, endpoint, phone_number):
    sent = sns.publish(PhoneNumber=phone_number, Message="hello")
    (message,) = sms(endpoint, phone_number)
    assert (message["Message"], message["MessageId"], message["TopicArn"]) == ("hello", sent["MessageId"], None)


def sms(endpoint, number):
    query = f"accountId={ACCOUNT}&region={REGION}&phoneNumber={quote(number)}"
    return visit_json(f"{endpoint}/_aws/sns/sms-messages?{query}")["sms_messages"][number]


def test_push_by_topic_and_directly(sns, endpoint, topic, subscribe, phone):
    subscribe(topic, phone, "application")
    sns.publish(TopicArn=topic, Message="by topic")
    texts = {"default": "d", "GCM": json.dumps({"data": {"message": "directly"}})}
    sns.publish(TargetArn=phone, Message=json.dumps(texts), MessageStructure="json")
    query = f"accountId={ACCOUNT}&region={REGION}&endpointArn={quote(phone)}"
    shown = visit_json(f"{endpoint}/_aws/sns/platform-endpoint-messages?{query}")
    by_topic, directly = shown["platform_endpoint_messages"][phone]
    assert (by_topic["TopicArn"], by_topic["Message"]) == (topic, "by topic")
    assert directly["TargetArn"] == phone
    assert json.loads(directly["Message"]) == texts
    assert deliveries(endpoint, topic, "application")[0]["Message"] == "by topic"


def test_deliveries_are_forgotten_on_request(sns, endpoint, topic, subscribe):
    subscribe(topic, FUNCTION, "lambda")
    sns.publish(TopicArn=topic, Message="m")
    deleted = json.loads(visit(f"{endpoint}/_topiq/sns/deliveries?topic={topic}", "DELETE"))
    assert deleted == {"Deleted": 1}
    assert deliveries(endpoint, topic) == []
