"""Topics: their life, their attributes, their tags, and how they are listed."""

import json
import uuid

import pytest
from conftest import ACCOUNT, REGION
from scenario import refused

FRESH = {
    "TopicArn",
    "Owner",
    "DisplayName",
    "Policy",
    "EffectiveDeliveryPolicy",
    "SubscriptionsConfirmed",
    "SubscriptionsPending",
    "SubscriptionsDeleted",
}

# Wide enough for a listing of one account alone: topiq names accounts by access keys.
PAGE = 100


def attributes(sns, topic):
    return sns.get_topic_attributes(TopicArn=topic)["Attributes"]


def set_attribute(sns, topic, name, value):
    sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)


def tags(sns, topic):
    listed = sns.list_tags_for_resource(ResourceArn=topic)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in listed}


@pytest.fixture
def account():
    """An account that no other test uses."""
    return f"{uuid.uuid4().int % 10**12:012d}"


def test_topic_lives_from_its_creation_to_its_deletion(sns, new_name):
    name = new_name()
    arn = sns.create_topic(Name=name)["TopicArn"]
    assert arn.startswith("arn:aws:sns:us-east-1:") and arn.endswith(f":{name}")
    assert sns.create_topic(Name=name)["TopicArn"] == arn
    listed = [topic["TopicArn"] for page in sns.get_paginator("list_topics").paginate() for topic in page["Topics"]]
    assert listed.count(arn) == 1
    sns.delete_topic(TopicArn=arn)
    with refused("NotFound", 404, exception=sns.exceptions.NotFoundException, message="Topic does not exist"):
        sns.get_topic_attributes(TopicArn=arn)
    assert sns.delete_topic(TopicArn=arn)["ResponseMetadata"]["HTTPStatusCode"] == 200, "gone is gone"
    assert sns.create_topic(Name=name, Tags=[{"Key": "new", "Value": "life"}])["TopicArn"] == arn
    assert tags(sns, arn) == {"new": "life"}
    sns.delete_topic(TopicArn=arn)


def test_fresh_topics_show_their_attributes(sns, create_topic):
    standard = attributes(sns, create_topic())
    assert set(standard) == FRESH
    assert standard["DisplayName"] == ""
    assert standard["SubscriptionsConfirmed"] == "0"
    fifo = attributes(sns, create_topic(fifo=True))
    assert set(fifo) == FRESH | {"FifoTopic", "ContentBasedDeduplication"}
    assert (fifo["FifoTopic"], fifo["ContentBasedDeduplication"]) == ("true", "false")


def test_default_policy_is_the_owners(sns, topic):
    policy = json.loads(attributes(sns, topic)["Policy"])
    (statement,) = policy["Statement"]
    assert policy["Id"] == "__default_policy_ID"
    assert statement["Resource"] == topic
    assert len(statement["Action"]) == 8
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}}


def test_attributes_are_set_and_removed(sns, topic):
    policy = {"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 5, "maxDelayTarget": 6, "numRetries": 1}}}
    set_attribute(sns, topic, "DisplayName", "Orders é")
    set_attribute(sns, topic, "SignatureVersion", "2")
    set_attribute(sns, topic, "TracingConfig", "Active")
    set_attribute(sns, topic, "DeliveryPolicy", json.dumps(policy))
    shown = attributes(sns, topic)
    assert (shown["DisplayName"], shown["SignatureVersion"], shown["TracingConfig"]) == ("Orders é", "2", "Active")
    effective = json.loads(shown["EffectiveDeliveryPolicy"])["http"]["defaultHealthyRetryPolicy"]
    assert (effective["minDelayTarget"], effective["numRetries"], effective["backoffFunction"]) == (5, 1, "linear")
    set_attribute(sns, topic, "DeliveryPolicy", "")
    assert "DeliveryPolicy" not in attributes(sns, topic)
    for name in ["FifoTopic", "Owner", "Unheard"]:
        with refused("InvalidParameter", message="Invalid parameter: AttributeName"):
            set_attribute(sns, topic, name, "true")


def test_creating_again_finds_the_topic_or_refuses(sns, new_name, create_topic):
    arn = create_topic(DisplayName="shown")
    name = arn.rsplit(":", 1)[1]
    assert sns.create_topic(Name=name, Attributes={"DisplayName": "shown"})["TopicArn"] == arn
    different = "Invalid parameter: Attributes Reason: Topic already exists with different attributes"
    with refused("InvalidParameter", message=different):
        sns.create_topic(Name=name, Attributes={"DisplayName": "other"})
    with refused(
        "InvalidParameter", message="Invalid parameter: Tags Reason: Topic already exists with different tags"
    ):
        sns.create_topic(Name=name, Tags=[{"Key": "new", "Value": "tag"}])


@pytest.mark.parametrize("name", ["", "a b", "a.fifo", "x" * 257, "ä"], ids=["empty", "space", "fifo", "long", "ä"])
def test_name_is_refused(sns, name):
    with refused(
        "InvalidParameter", exception=sns.exceptions.InvalidParameterException, message="Invalid parameter: Topic Name"
    ):
        sns.create_topic(Name=name)


def test_tags_are_added_overwritten_and_removed(sns, topic):
    assert tags(sns, topic) == {}
    sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}])
    sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "ü"}])
    assert tags(sns, topic) == {"a": "ü", "b": ""}
    sns.untag_resource(ResourceArn=topic, TagKeys=["b", "never there"])
    assert tags(sns, topic) == {"a": "ü"}
    with refused("InvalidParameter", message="Invalid parameter: Duplicated keys are not allowed."):
        sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}])
    with refused("ResourceNotFound", 404, exception=sns.exceptions.ResourceNotFoundException):
        sns.list_tags_for_resource(ResourceArn=topic + "-missing")


def test_permissions_are_statements_of_the_policy(sns, topic):
    sns.add_permission(
        TopicArn=topic, Label="readers", AWSAccountId=["111122223333"], ActionName=["Publish", "Subscribe"]
    )
    statement = json.loads(attributes(sns, topic)["Policy"])["Statement"][1]
    assert statement == {
        "Sid": "readers",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": ["SNS:Publish", "SNS:Subscribe"],
        "Resource": topic,
    }
    with refused("InvalidParameter", message="Invalid parameter: Statement already exists"):
        sns.add_permission(TopicArn=topic, Label="readers", AWSAccountId=["111122223333"], ActionName=["Publish"])
    sns.remove_permission(TopicArn=topic, Label="readers")
    assert len(json.loads(attributes(sns, topic)["Policy"])["Statement"]) == 1


def test_data_protection_policy_comes_back(sns, topic):
    policy = {
        "Name": "p",
        "Version": "2021-06-01",
        "Statement": [
            {
                "Sid": "s",
                "DataDirection": "Inbound",
                "Principal": ["*"],
                "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
                "Operation": {"Deny": {}},
            }
        ],
    }
    sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=json.dumps(policy))
    shown = sns.get_data_protection_policy(ResourceArn=topic)["DataProtectionPolicy"]
    assert json.loads(shown) == policy
    assert set(attributes(sns, topic)) == FRESH


@pytest.mark.topiq
def test_topics_are_listed_a_hundred_at_a_time(make_client, account, new_name):
    sns = make_client("sns", account=account)
    made = [sns.create_topic(Name=new_name())["TopicArn"] for _ in range(PAGE)]
    first = sns.list_topics()
    assert len(first["Topics"]) == PAGE
    assert "NextToken" not in first
    made.append(sns.create_topic(Name=new_name())["TopicArn"])
    first = sns.list_topics()
    rest = sns.list_topics(NextToken=first["NextToken"])
    assert (len(first["Topics"]), len(rest["Topics"])) == (PAGE, 1)
    assert "NextToken" not in rest
    assert sorted(topic["TopicArn"] for topic in first["Topics"] + rest["Topics"]) == sorted(made)
    with refused("InvalidParameter", message="Invalid parameter: NextToken"):
        sns.list_topics(NextToken="never given")
    for arn in made:
        sns.delete_topic(TopicArn=arn)
    assert sns.list_topics()["Topics"] == []


@pytest.mark.topiq
def test_accounts_and_regions_have_topics_of_their_own(make_client, account, sns, new_name):
    name = new_name()
    others = [make_client("sns", account=account), make_client("sns", region="eu-west-1")]
    arns = [client.create_topic(Name=name)["TopicArn"] for client in [sns, *others]]
    assert arns == [
        f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}",
        f"arn:aws:sns:{REGION}:{account}:{name}",
        f"arn:aws:sns:eu-west-1:{ACCOUNT}:{name}",
    ]
    with refused("InvalidParameter", message="Invalid parameter: TopicArn"):
        sns.get_topic_attributes(TopicArn=arns[2])
    for client, arn in zip([sns, *others], arns):
        client.delete_topic(TopicArn=arn)
