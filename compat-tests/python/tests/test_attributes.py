"""Queue attributes: each is set, shown and refused as AWS does."""

import json
import time

import pytest
from scenario import attributes, queue_arn, receive, refused

STANDARD = {
    "ApproximateNumberOfMessages": "0",
    "ApproximateNumberOfMessagesDelayed": "0",
    "ApproximateNumberOfMessagesNotVisible": "0",
    "DelaySeconds": "0",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}
FIFO = STANDARD | {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "FifoQueue": "true",
    "FifoThroughputLimit": "perQueue",
}


@pytest.mark.parametrize(("is_fifo", "expected"), [(False, STANDARD), (True, FIFO)], ids=["standard", "fifo"])
def test_new_queue_shows_the_defaults(sqs, create_queue, is_fifo, expected):
    url = create_queue(fifo=is_fifo)
    shown = attributes(sqs, url)
    arn = shown.pop("QueueArn")
    created, modified = int(shown.pop("CreatedTimestamp")), int(shown.pop("LastModifiedTimestamp"))
    assert arn.startswith("arn:aws:sqs:us-east-1:")
    assert arn.endswith(":" + url.rsplit("/", 1)[1])
    assert created == modified
    assert abs(created - time.time()) < 300, "the timestamps are whole seconds"
    assert shown == expected


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("DelaySeconds", ["900", "0"]),
        ("MaximumMessageSize", ["1024", "262144", "1048576"]),
        ("MessageRetentionPeriod", ["60", "1209600"]),
        ("ReceiveMessageWaitTimeSeconds", ["20", "0"]),
        ("VisibilityTimeout", ["0", "43200"]),
        ("SqsManagedSseEnabled", ["false", "true"]),
    ],
)
def test_attribute_is_set_on_every_queue(sqs, queue, fifo_queue, name, values):
    for url in (queue, fifo_queue):
        for value in values:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={name: value})
            assert attributes(sqs, url, name) == {name: value}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("DelaySeconds", ["-1", "901", "1.5", "x"]),
        ("MaximumMessageSize", ["1023", "1048577"]),
        ("MessageRetentionPeriod", ["59", "1209601"]),
        ("ReceiveMessageWaitTimeSeconds", ["-1", "21"]),
        ("VisibilityTimeout", ["-1", "43201"]),
        ("SqsManagedSseEnabled", ["yes"]),
        ("Policy", ["no JSON"]),
    ],
)
def test_value_out_of_range_is_refused(sqs, queue, new_name, name, values):
    for value in values:
        with refused("InvalidAttributeValue"):
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: value})
        with refused("InvalidAttributeValue"):
            sqs.create_queue(QueueName=new_name(), Attributes={name: value})


def test_fifo_attributes_are_set(sqs, fifo_queue):
    high_throughput = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    for change in (high_throughput, {"ContentBasedDeduplication": "true"}, {"FifoQueue": "true"}):
        sqs.set_queue_attributes(QueueUrl=fifo_queue, Attributes=change)
        assert attributes(sqs, fifo_queue, *change) == change


@pytest.mark.parametrize("name", ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit", "FifoQueue"])
def test_standard_queue_has_no_fifo_attributes(sqs, queue, name):
    value = {"DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"}.get(name, "true")
    with refused("InvalidAttributeName", exception=sqs.exceptions.InvalidAttributeName):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: value})
    assert attributes(sqs, queue, name) == {}


def test_fifo_queue_false_is_an_unknown_attribute(sqs, new_name):
    with refused("InvalidAttributeName", message="Unknown Attribute FifoQueue."):
        sqs.create_queue(QueueName=new_name(), Attributes={"FifoQueue": "false"})


def test_fifo_queue_stays_one(sqs, fifo_queue):
    with refused("InvalidAttributeValue"):
        sqs.set_queue_attributes(QueueUrl=fifo_queue, Attributes={"FifoQueue": "false"})


def test_unknown_and_read_only_attributes_are_refused(sqs, queue):
    for name in ("Bogus", "QueueArn", "CreatedTimestamp", "ApproximateNumberOfMessages"):
        with refused("InvalidAttributeName", message=f"Unknown Attribute {name}."):
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: "1"})
    with refused("InvalidAttributeName", message="Unknown Attribute Bogus."):
        attributes(sqs, queue, "Bogus")


def test_attributes_that_are_not_set_are_not_shown(sqs, queue):
    unset = ["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"]
    assert attributes(sqs, queue, *unset) == {}
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=queue)


def test_one_bad_attribute_leaves_all_unchanged(sqs, queue):
    with refused("InvalidAttributeValue"):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "5", "VisibilityTimeout": "-1"})
    assert attributes(sqs, queue, "DelaySeconds") == {"DelaySeconds": "0"}


def test_kms_key_replaces_sqs_encryption(sqs, queue):
    names = ("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    assert attributes(sqs, queue, *names) == {
        "KmsMasterKeyId": "alias/aws/sqs",
        "KmsDataKeyReusePeriodSeconds": "300",
        "SqsManagedSseEnabled": "false",
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"KmsDataKeyReusePeriodSeconds": "86400"})
    assert attributes(sqs, queue, *names)["KmsDataKeyReusePeriodSeconds"] == "86400"
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"KmsMasterKeyId": ""})
    assert attributes(sqs, queue, *names) == {"SqsManagedSseEnabled": "false"}
    with refused("InvalidAttributeName"):
        both = {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=both)


def test_policies_are_shown_until_they_are_removed(sqs, create_queue):
    dead_letters, source = create_queue(), create_queue()
    policies = {
        "Policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": queue_arn(sqs, source),
                }
            ],
        },
        "RedrivePolicy": {"deadLetterTargetArn": queue_arn(sqs, dead_letters), "maxReceiveCount": 3},
        "RedriveAllowPolicy": {"redrivePermission": "byQueue", "sourceQueueArns": [queue_arn(sqs, dead_letters)]},
    }
    for name, policy in policies.items():
        sqs.set_queue_attributes(QueueUrl=source, Attributes={name: json.dumps(policy, indent=1)})
        assert json.loads(attributes(sqs, source)[name]) == policy
        sqs.set_queue_attributes(QueueUrl=source, Attributes={name: ""})
        assert name not in attributes(sqs, source)


def test_redrive_policy_is_shown_in_its_canonical_form(sqs, create_queue):
    dead_letters = queue_arn(sqs, create_queue())
    url = create_queue(RedrivePolicy=json.dumps({"maxReceiveCount": "5", "deadLetterTargetArn": dead_letters}))
    assert attributes(sqs, url, "RedrivePolicy") == {
        "RedrivePolicy": f'{{"deadLetterTargetArn":"{dead_letters}","maxReceiveCount":5}}'
    }


def test_bad_redrive_policies_are_refused(sqs, create_queue, queue, fifo_queue):
    target = queue_arn(sqs, create_queue())
    closed = queue_arn(sqs, create_queue(RedriveAllowPolicy='{"redrivePermission":"denyAll"}'))
    policies = [
        {"deadLetterTargetArn": target},
        {"maxReceiveCount": 1},
        {"deadLetterTargetArn": target, "maxReceiveCount": 0},
        {"deadLetterTargetArn": target, "maxReceiveCount": 1001},
        {"deadLetterTargetArn": target, "maxReceiveCount": "many"},
        {"deadLetterTargetArn": target + "-missing", "maxReceiveCount": 1},
        {"deadLetterTargetArn": "no arn", "maxReceiveCount": 1},
        {"deadLetterTargetArn": queue_arn(sqs, fifo_queue), "maxReceiveCount": 1},
        {"deadLetterTargetArn": closed, "maxReceiveCount": 1},
    ]
    for policy in policies:
        with refused("InvalidParameterValue"):
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(policy)})
    assert attributes(sqs, queue, "RedrivePolicy") == {}


def test_bad_redrive_allow_policies_are_refused(sqs, queue):
    arn = queue_arn(sqs, queue)
    policies = [
        {"redrivePermission": "some"},
        {"redrivePermission": "allowAll", "sourceQueueArns": [arn]},
        {"redrivePermission": "byQueue"},
        {"redrivePermission": "byQueue", "sourceQueueArns": [arn] * 11},
    ]
    for policy in policies:
        with refused("InvalidParameterValue"):
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedriveAllowPolicy": json.dumps(policy)})


@pytest.mark.topiq
def test_counters_follow_the_messages(sqs, queue):
    for text in ("a", "b", "c"):
        sqs.send_message(QueueUrl=queue, MessageBody=text)
    sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=900)
    assert len(receive(sqs, queue, MaxNumberOfMessages=1)) == 1
    shown = attributes(sqs, queue)
    assert shown["ApproximateNumberOfMessages"] == "2"
    assert shown["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert shown["ApproximateNumberOfMessagesDelayed"] == "1"
