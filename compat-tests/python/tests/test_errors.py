"""Each error is raised as the client's own exception, with AWS's code, status and text."""

import pytest
from botocore.exceptions import ClientError
from scenario import queue_arn, receive_one, refused

PREFIX = "AWS.SimpleQueueService."

# Modelled, but never returned by this server, and why.
NOT_RAISED = {
    "InvalidAddress": "only for Query calls that name no queue: test_plain_http",
    "InvalidIdFormat": "deprecated, and no operation answers it",
    "InvalidSecurity": "transport security: plain HTTP is fine here",
    "KmsAccessDenied": "there are no keys to ask",
    "KmsDisabled": "there are no keys to ask",
    "KmsInvalidKeyUsage": "there are no keys to ask",
    "KmsInvalidState": "there are no keys to ask",
    "KmsNotFound": "there are no keys to ask",
    "KmsOptInRequired": "there are no keys to ask",
    "KmsThrottled": "there are no keys to ask",
    "MessageNotInflight": "AWS answers InvalidParameterValue instead: test_visibility",
    "RequestThrottled": "nobody is throttled",
}


def queue_does_not_exist(sqs, url, name):
    sqs.send_message(QueueUrl=url + "-missing", MessageBody="x")


def queue_name_exists(sqs, url, name):
    sqs.create_queue(QueueName=name, Attributes={"DelaySeconds": "1"})


def queue_deleted_recently(sqs, url, name):
    sqs.delete_queue(QueueUrl=url)
    sqs.create_queue(QueueName=name)


def purge_queue_in_progress(sqs, url, name):
    sqs.purge_queue(QueueUrl=url)
    sqs.purge_queue(QueueUrl=url)


def invalid_attribute_name(sqs, url, name):
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Bogus": "1"})


def invalid_attribute_value(sqs, url, name):
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "901"})


def invalid_message_contents(sqs, url, name):
    sqs.send_message(QueueUrl=url, MessageBody="\ufffe")


def receipt_handle_is_invalid(sqs, url, name):
    sqs.delete_message(QueueUrl=url, ReceiptHandle="garbage")


def over_limit(sqs, url, name):
    account = queue_arn(sqs, url).split(":")[4]
    actions = ["SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"]
    actions += ["GetQueueUrl", "PurgeQueue", "ListDeadLetterSourceQueues"]
    sqs.add_permission(QueueUrl=url, Label="eight", AWSAccountIds=[account], Actions=actions)


def unsupported_operation(sqs, url, name):
    attribute = {"list": {"DataType": "String", "StringListValues": ["a", "b"]}}
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=attribute)


def resource_not_found(sqs, url, name):
    sqs.list_message_move_tasks(SourceArn=queue_arn(sqs, url) + "-missing")


def batch_ids_not_distinct(sqs, url, name):
    sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": "x"}] * 2)


def batch_too_long(sqs, url, name):
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "x" * 1_048_577}])


def batch_empty(sqs, url, name):
    sqs.delete_message_batch(QueueUrl=url, Entries=[])


def batch_id_invalid(sqs, url, name):
    sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "a b", "ReceiptHandle": "x"}])


def batch_of_too_many(sqs, url, name):
    entries = [{"Id": str(n), "ReceiptHandle": "x", "VisibilityTimeout": 1} for n in range(11)]
    sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)


# exception, code, status, message (None: varies), how to provoke it
RAISED = [
    ("QueueDoesNotExist", PREFIX + "NonExistentQueue", 400, None, queue_does_not_exist),
    (
        "QueueNameExists",
        "QueueAlreadyExists",
        400,
        "A queue already exists with the same name and a different value for attribute DelaySeconds",
        queue_name_exists,
    ),
    (
        "QueueDeletedRecently",
        PREFIX + "QueueDeletedRecently",
        400,
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        queue_deleted_recently,
    ),
    ("PurgeQueueInProgress", PREFIX + "PurgeQueueInProgress", 403, None, purge_queue_in_progress),
    ("InvalidAttributeName", "InvalidAttributeName", 400, "Unknown Attribute Bogus.", invalid_attribute_name),
    ("InvalidAttributeValue", "InvalidAttributeValue", 400, None, invalid_attribute_value),
    ("InvalidMessageContents", "InvalidMessageContents", 400, None, invalid_message_contents),
    (
        "ReceiptHandleIsInvalid",
        "ReceiptHandleIsInvalid",
        404,
        'The input receipt handle "garbage" is not a valid receipt handle.',
        receipt_handle_is_invalid,
    ),
    ("OverLimit", "OverLimit", 403, "8 Actions were found, maximum allowed is 7.", over_limit),
    ("UnsupportedOperation", PREFIX + "UnsupportedOperation", 400, None, unsupported_operation),
    (
        "ResourceNotFoundException",
        "ResourceNotFoundException",
        404,
        "The resource that you specified for the SourceArn parameter doesn't exist.",
        resource_not_found,
    ),
    ("BatchEntryIdsNotDistinct", PREFIX + "BatchEntryIdsNotDistinct", 400, "Id a repeated.", batch_ids_not_distinct),
    (
        "BatchRequestTooLong",
        PREFIX + "BatchRequestTooLong",
        400,
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
        batch_too_long,
    ),
    (
        "EmptyBatchRequest",
        PREFIX + "EmptyBatchRequest",
        400,
        "There should be at least one DeleteMessageBatchRequestEntry in the request.",
        batch_empty,
    ),
    ("InvalidBatchEntryId", PREFIX + "InvalidBatchEntryId", 400, None, batch_id_invalid),
    (
        "TooManyEntriesInBatchRequest",
        PREFIX + "TooManyEntriesInBatchRequest",
        400,
        "Maximum number of entries per request are 10. You have sent 11.",
        batch_of_too_many,
    ),
]


@pytest.mark.parametrize(("name", "code", "status", "message", "provoke"), RAISED, ids=[case[0] for case in RAISED])
def test_error_is_typed(strict_sqs, create_queue, name, code, status, message, provoke):
    url = create_queue(strict_sqs)
    # Clients without a class of that name (old models lack some) raise the general one.
    exception = getattr(strict_sqs.exceptions, name) if name in modelled(strict_sqs) else ClientError
    with refused(code, status, exception=exception, message=message) as caught:
        provoke(strict_sqs, url, url.rsplit("/", 1)[1])
    assert caught.value.response["Error"]["Type"] == "Sender"
    assert caught.value.response["ResponseMetadata"]["RequestId"]


def modelled(sqs):
    return {shape.name for shape in sqs.meta.service_model.error_shapes}


def test_table_knows_every_error_of_the_client(sqs):
    known = {case[0] for case in RAISED} | NOT_RAISED.keys()
    assert modelled(sqs) <= known


def test_missing_queue_has_each_protocols_words(sqs, queue):
    words = {
        "json": "The specified queue does not exist.",
        "query": "The specified queue does not exist for this wsdl version.",
    }
    expected = words[sqs.meta.service_model.metadata["protocol"]]
    with refused(PREFIX + "NonExistentQueue", exception=sqs.exceptions.QueueDoesNotExist, message=expected):
        sqs.receive_message(QueueUrl=queue + "-missing")


def test_purge_in_progress_names_the_queue(strict_sqs, create_queue):
    url = create_queue(strict_sqs)
    name = url.rsplit("/", 1)[1]
    strict_sqs.purge_queue(QueueUrl=url)
    with refused(
        PREFIX + "PurgeQueueInProgress",
        403,
        message=f"Only one PurgeQueue operation on {name} is allowed every 60 seconds.",
    ):
        strict_sqs.purge_queue(QueueUrl=url)


def test_empty_required_parameters(sqs, queue):
    with refused("MissingParameter", message="The request must contain the parameter MessageBody."):
        sqs.send_message(QueueUrl=queue, MessageBody="")
    with refused("MissingParameter", message="The request must contain the parameter ReceiptHandle."):
        sqs.delete_message(QueueUrl=queue, ReceiptHandle="")


def test_refused_send_leaves_no_message(sqs, queue):
    with refused("InvalidMessageContents"):
        sqs.send_message(QueueUrl=queue, MessageBody="\x00")
    sqs.send_message(QueueUrl=queue, MessageBody="good")
    assert receive_one(sqs, queue)["Body"] == "good"
