"""Tags, and the permissions that end up in a queue's policy."""

import json

from scenario import attributes, queue_arn, refused


def test_tags_are_merged_listed_and_removed(sqs, queue):
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=queue)
    sqs.tag_queue(QueueUrl=queue, Tags={"team": "orders", "Team": "", "cost centre": "ä/1+2=3@x"})
    sqs.tag_queue(QueueUrl=queue, Tags={"team": "billing"})
    assert sqs.list_queue_tags(QueueUrl=queue)["Tags"] == {
        "team": "billing",
        "Team": "",
        "cost centre": "ä/1+2=3@x",
    }
    sqs.untag_queue(QueueUrl=queue, TagKeys=["Team", "cost centre", "never there"])
    assert sqs.list_queue_tags(QueueUrl=queue)["Tags"] == {"team": "billing"}


def test_queue_is_created_with_tags(sqs, new_name):
    url = sqs.create_queue(QueueName=new_name(), tags={"stage": "test", "empty": ""})["QueueUrl"]
    try:
        assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"stage": "test", "empty": ""}
    finally:
        sqs.delete_queue(QueueUrl=url)


def test_permission_becomes_a_statement_of_the_policy(sqs, queue):
    arn = queue_arn(sqs, queue)
    account = arn.split(":")[4]
    sqs.add_permission(QueueUrl=queue, Label="one", AWSAccountIds=[account], Actions=["ReceiveMessage"])
    sqs.add_permission(QueueUrl=queue, Label="two", AWSAccountIds=[account], Actions=["SendMessage", "GetQueueUrl"])
    policy = json.loads(attributes(sqs, queue, "Policy")["Policy"])
    root = f"arn:aws:iam::{account}:root"
    assert policy == {
        "Version": "2008-10-17",
        "Id": f"{arn}/SQSDefaultPolicy",
        "Statement": [
            {
                "Sid": "one",
                "Effect": "Allow",
                "Principal": {"AWS": root},
                "Action": "SQS:ReceiveMessage",
                "Resource": arn,
            },
            {
                "Sid": "two",
                "Effect": "Allow",
                "Principal": {"AWS": root},
                "Action": ["SQS:SendMessage", "SQS:GetQueueUrl"],
                "Resource": arn,
            },
        ],
    }
    sqs.remove_permission(QueueUrl=queue, Label="one")
    assert [statement["Sid"] for statement in json.loads(attributes(sqs, queue)["Policy"])["Statement"]] == ["two"]
    sqs.remove_permission(QueueUrl=queue, Label="two")
    assert "Policy" not in attributes(sqs, queue)


def test_labels_are_unique_and_must_exist(sqs, queue):
    account = queue_arn(sqs, queue).split(":")[4]
    permission = {"QueueUrl": queue, "Label": "one", "AWSAccountIds": [account], "Actions": ["*"]}
    sqs.add_permission(**permission)
    with refused(
        "InvalidParameterValue", message="Value one for parameter Label is invalid. Reason: Already exists."
    ):
        sqs.add_permission(**permission)
    with refused(
        "InvalidParameterValue", message="Value no for parameter Label is invalid. Reason: can't find label."
    ):
        sqs.remove_permission(QueueUrl=queue, Label="no")


def test_owners_actions_cannot_be_granted(sqs, queue):
    account = queue_arn(sqs, queue).split(":")[4]
    for action in ("CreateQueue", "Nonsense"):
        with refused("InvalidParameterValue"):
            sqs.add_permission(QueueUrl=queue, Label="x", AWSAccountIds=[account], Actions=[action])
