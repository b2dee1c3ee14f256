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
    """What a call without any parameter is answered: nearly always that one is missing."""
    try:
        getattr(sns, xform_name(operation))()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


@pytest.mark.topiq
def test_what_takes_no_parameters_answers(sns):
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is False
    assert sns.list_origination_numbers()["PhoneNumbers"] == []
    assert sns.list_phone_numbers_opted_out()["phoneNumbers"] == []
    assert sns.get_sms_attributes()["attributes"]["MonthlySpendLimit"] == "1"
    assert sns.check_if_phone_number_is_opted_out(phoneNumber="+15551234567")["isOptedOut"] is False
    sns.opt_in_phone_number(phoneNumber="+15551234567")
