"""Every operation of the clients' model is served."""

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError


def test_every_operation_is_known(make_unvalidated):
    sns = make_unvalidated("sns")
    operations = sns.meta.service_model.operation_names
    assert len(operations) == 42
    unknown = [name for name in operations if code_of(sns, name) in ("InvalidAction", "InternalError")]
    assert unknown == []


def code_of(sns, operation):
    """The answer to a call without any parameter: nearly always that one is missing."""
    try:
        getattr(sns, xform_name(operation))()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


@pytest.mark.topiq  # several need features that an account must apply for
def test_every_list_is_read_by_its_paginator(make_client, new_name):
    sns = make_client("sns", account=f"{int(new_name().split('-')[1], 16) % 10**12:012d}")
    topic = sns.create_topic(Name=new_name())["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint="+15551234567")
    application = sns.create_platform_application(
        Name=new_name(), Platform="GCM", Attributes={"PlatformCredential": "key"}
    )["PlatformApplicationArn"]
    for number in range(101):
        sns.create_platform_endpoint(PlatformApplicationArn=application, Token=f"token-{number}")
    sns.create_sms_sandbox_phone_number(PhoneNumber="+15551234567")

    needed = {
        "list_endpoints_by_platform_application": {"PlatformApplicationArn": application},
        "list_subscriptions_by_topic": {"TopicArn": topic},
    }
    read = {}
    for operation in map(xform_name, sns.meta.service_model.operation_names):
        if sns.can_paginate(operation):
            paginator = sns.get_paginator(operation)
            pages = paginator.paginate(**needed.get(operation, {}))
            read[operation] = sum(len(page.get(key.expression, [])) for page in pages for key in paginator.result_keys)
    assert read == {
        "list_endpoints_by_platform_application": 101,
        "list_origination_numbers": 0,
        "list_phone_numbers_opted_out": 0,
        "list_platform_applications": 1,
        "list_sms_sandbox_phone_numbers": 1,
        "list_subscriptions": 1,
        "list_subscriptions_by_topic": 1,
        "list_topics": 1,
    }
    sns.delete_platform_application(PlatformApplicationArn=application)
    sns.delete_topic(TopicArn=topic)
    sns.delete_sms_sandbox_phone_number(PhoneNumber="+15551234567")


@pytest.mark.topiq
def test_what_takes_no_parameters_answers(sns):
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is False
    assert sns.list_origination_numbers()["PhoneNumbers"] == []
    assert sns.list_phone_numbers_opted_out()["phoneNumbers"] == []
    assert sns.get_sms_attributes()["attributes"]["MonthlySpendLimit"] == "1"
    assert sns.check_if_phone_number_is_opted_out(phoneNumber="+15551234567")["isOptedOut"] is False
    sns.opt_in_phone_number(phoneNumber="+15551234567")
