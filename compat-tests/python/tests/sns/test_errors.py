"""Each error is raised as the client's own exception, with AWS's code, status and text."""

import pytest
from botocore.exceptions import ClientError
from notifications import confirmation_token, visit_json
from scenario import refused

# Modelled, but never returned by this server, and why.
NOT_RAISED = {
    "ConcurrentAccessException": "tags change one after the other",
    "FilterPolicyLimitExceededException": "at 10,000 filter policies of a topic",
    "InternalErrorException": "would be a bug",
    "InvalidSecurityException": "any signature is accepted",
    "KMSAccessDeniedException": "there are no keys to ask",
    "KMSDisabledException": "there are no keys to ask",
    "KMSInvalidStateException": "there are no keys to ask",
    "KMSNotFoundException": "there are no keys to ask",
    "KMSOptInRequired": "there are no keys to ask",
    "KMSThrottlingException": "there are no keys to ask",
    "OptedOutException": "no phone answers STOP",
    "ReplayLimitExceededException": "there may be any number of replays",
    "StaleTagException": "tags change one after the other",
    "TagPolicyException": "there is no organisation",
    "ThrottledException": "nobody is throttled",
    "TopicLimitExceededException": "at 100,000 topics",
    "ValidationException": "on the wire it is ValidationError, which clients do not know: see below",
}


def authorization_error(sns, topic, new_name, endpoint, make_unsigned):
    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)
    arn = answer["SubscriptionArn"]
    token = confirmation_token(endpoint, arn)
    sns.confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")
    make_unsigned("sns").unsubscribe(SubscriptionArn=arn)


def batch_ids_not_distinct(sns, topic, *_):
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "a", "Message": "m"}] * 2)


def batch_too_long(sns, topic, *_):
    entries = [{"Id": str(n), "Message": "x" * 100_000} for n in range(3)]
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)


def batch_empty(sns, topic, *_):
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[])


def batch_id_invalid(sns, topic, *_):
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "a b", "Message": "m"}])


def batch_of_too_many(sns, topic, *_):
    entries = [{"Id": str(n), "Message": "m"} for n in range(11)]
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)


def create_application(sns, name):
    created = sns.create_platform_application(Name=name, Platform="GCM", Attributes={"PlatformCredential": "key"})
    return created["PlatformApplicationArn"]


def endpoint_disabled(sns, topic, new_name, *_):
    application = create_application(sns, new_name())
    phone = sns.create_platform_endpoint(
        PlatformApplicationArn=application, Token="token", Attributes={"Enabled": "false"}
    )["EndpointArn"]
    sns.publish(TargetArn=phone, Message="m")


def platform_application_disabled(sns, topic, new_name, *_):
    application = create_application(sns, new_name())
    phone = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="token")["EndpointArn"]
    sns.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={"Enabled": "false"})
    sns.publish(TargetArn=phone, Message="m")


def subscription_limit(sns, topic, new_name, *_):
    fifo = sns.create_topic(Name=new_name(".fifo"), Attributes={"FifoTopic": "true"})["TopicArn"]
    for number in range(101):
        sns.subscribe(TopicArn=fifo, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:123456789012:queue-{number}")


def invalid_parameter(sns, topic, *_):
    sns.publish(TopicArn=topic, Message="")


def invalid_parameter_value(sns, topic, *_):
    attribute = {"a^": {"DataType": "String", "StringValue": "v"}}
    sns.publish(TopicArn=topic, Message="m", MessageAttributes=attribute)


def invalid_state(sns, topic, new_name, *_):
    attributes = {"FifoTopic": "true", "ArchivePolicy": '{"MessageRetentionPeriod":"1"}'}
    sns.delete_topic(TopicArn=sns.create_topic(Name=new_name(".fifo"), Attributes=attributes)["TopicArn"])


def not_found(sns, topic, *_):
    sns.publish(TopicArn=topic + "-missing", Message="m")


def resource_not_found(sns, topic, *_):
    sns.tag_resource(ResourceArn=topic + "-missing", Tags=[{"Key": "k", "Value": "v"}])


def tag_limit(sns, topic, *_):
    sns.tag_resource(ResourceArn=topic, Tags=[{"Key": str(n), "Value": "v"} for n in range(51)])


def user_error(sns, *_):
    for number in range(11):
        sns.create_sms_sandbox_phone_number(PhoneNumber=f"+155512345{number:02d}")


def verification(sns, topic, new_name, endpoint, *_):
    number, account = "+15559876543", topic.split(":")[4]
    sns.create_sms_sandbox_phone_number(PhoneNumber=number)
    sent = visit_json(f"{endpoint}/_topiq/sns/deliveries?protocol=sms")["Deliveries"]
    (password,) = [delivery["Message"][-7:-1] for delivery in sent if delivery["Account"] == account]
    wrong = "100000" if password != "100000" else "100001"
    sns.verify_sms_sandbox_phone_number(PhoneNumber=number, OneTimePassword=wrong)


# exception, code, status, message (None: not known of AWS), how to provoke it
RAISED = [
    ("AuthorizationErrorException", "AuthorizationError", 403, None, authorization_error),
    (
        "BatchEntryIdsNotDistinctException",
        "BatchEntryIdsNotDistinct",
        400,
        "Two or more batch entries in the request have the same Id.",
        batch_ids_not_distinct,
    ),
    (
        "BatchRequestTooLongException",
        "BatchRequestTooLong",
        400,
        "The length of all the messages put together is more than the limit.",
        batch_too_long,
    ),
    ("EmptyBatchRequestException", "EmptyBatchRequest", 400, None, batch_empty),
    ("EndpointDisabledException", "EndpointDisabled", 400, "Endpoint is disabled", endpoint_disabled),
    (
        "InvalidBatchEntryIdException",
        "InvalidBatchEntryId",
        400,
        "The Id of a batch entry in the batch request contains an impermissible character: a b",
        batch_id_invalid,
    ),
    ("InvalidParameterException", "InvalidParameter", 400, "Invalid parameter: Empty message", invalid_parameter),
    (
        "InvalidParameterValueException",
        "ParameterValueInvalid",
        400,
        "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. "
        "Can only include alphanumeric characters, hyphens, underscores, or dots.",
        invalid_parameter_value,
    ),
    (
        "InvalidStateException",
        "InvalidState",
        400,
        "Invalid state: Cannot delete a topic with an ArchivePolicy",
        invalid_state,
    ),
    ("NotFoundException", "NotFound", 404, "Topic does not exist", not_found),
    (
        "PlatformApplicationDisabledException",
        "PlatformApplicationDisabled",
        400,
        "Platform application is disabled",
        platform_application_disabled,
    ),
    ("ResourceNotFoundException", "ResourceNotFound", 404, "Resource does not exist", resource_not_found),
    ("SubscriptionLimitExceededException", "SubscriptionLimitExceeded", 403, None, subscription_limit),
    ("TagLimitExceededException", "TagLimitExceeded", 400, None, tag_limit),
    (
        "TooManyEntriesInBatchRequestException",
        "TooManyEntriesInBatchRequest",
        400,
        "The batch request contains more entries than permissible.",
        batch_of_too_many,
    ),
    ("UserErrorException", "UserError", 400, None, user_error),
    ("VerificationException", "VerificationException", 400, None, verification),
]


@pytest.mark.topiq  # many leave something behind
@pytest.mark.parametrize(("name", "code", "status", "message", "provoke"), RAISED, ids=[case[0] for case in RAISED])
def test_error_is_typed(make_client, make_unsigned, endpoint, new_name, name, code, status, message, provoke):
    # An account of its own: some limits are the account's.
    sns = make_client("sns", account=f"{int(new_name().split('-')[1], 16) % 10**12:012d}")
    topic = sns.create_topic(Name=new_name())["TopicArn"]
    with refused(code, status, message=message) as caught:
        provoke(sns, topic, new_name, endpoint, make_unsigned)
    # Old models lack some errors: their clients raise the general one.
    assert type(caught.value).__name__ == (name if name in modelled(sns) else "ClientError")
    assert caught.value.response["Error"]["Type"] == "Sender"
    assert caught.value.response["ResponseMetadata"]["RequestId"]


def modelled(sns):
    return {shape.name for shape in sns.meta.service_model.error_shapes}


def test_table_knows_every_error_of_the_client(sns):
    assert modelled(sns) <= {case[0] for case in RAISED} | NOT_RAISED.keys()


def test_missing_member_is_a_validation_error(make_client, make_unvalidated):
    sns = make_unvalidated("sns")
    with refused(
        "ValidationError",
        exception=ClientError,
        message="1 validation error detected: Value null at 'topicArn' failed to satisfy constraint: "
        "Member must not be null",
    ):
        sns.get_topic_attributes()
