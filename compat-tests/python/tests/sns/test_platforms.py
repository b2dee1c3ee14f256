"""Mobile push and the administration of text messages."""

import pytest
from scenario import refused


@pytest.fixture
def application(sns, new_name):
    attributes = {"PlatformCredential": "secret", "SuccessFeedbackSampleRate": "10"}
    arn = sns.create_platform_application(Name=new_name(), Platform="GCM", Attributes=attributes)
    yield arn["PlatformApplicationArn"]
    sns.delete_platform_application(PlatformApplicationArn=arn["PlatformApplicationArn"])


@pytest.mark.topiq  # AWS asks the platform whether the credential is right
def test_application_shows_no_secrets(sns, application):
    assert ":app/GCM/" in application
    shown = sns.get_platform_application_attributes(PlatformApplicationArn=application)["Attributes"]
    assert shown == {"Enabled": "true", "SuccessFeedbackSampleRate": "10"}
    pages = sns.get_paginator("list_platform_applications").paginate()
    listed = [item["PlatformApplicationArn"] for page in pages for item in page["PlatformApplications"]]
    assert application in listed


@pytest.mark.topiq
def test_endpoint_is_found_by_its_token(sns, application):
    token = {"PlatformApplicationArn": application, "Token": "t1"}
    arn = sns.create_platform_endpoint(**token, CustomUserData="mine")["EndpointArn"]
    assert sns.create_platform_endpoint(**token, CustomUserData="mine")["EndpointArn"] == arn
    different = f"Endpoint {arn} already exists with the same Token, but different attributes."
    with refused("InvalidParameter", message=f"Invalid parameter: Token Reason: {different}"):
        sns.create_platform_endpoint(**token, CustomUserData="yours")
    shown = sns.get_endpoint_attributes(EndpointArn=arn)["Attributes"]
    assert shown == {"Enabled": "true", "Token": "t1", "CustomUserData": "mine"}
    sns.set_endpoint_attributes(EndpointArn=arn, Attributes={"Enabled": "false", "Token": "t2"})
    (listed,) = sns.list_endpoints_by_platform_application(PlatformApplicationArn=application)["Endpoints"]
    assert listed == {
        "EndpointArn": arn,
        "Attributes": {"Enabled": "false", "Token": "t2", "CustomUserData": "mine"},
    }
    sns.delete_endpoint(EndpointArn=arn)
    with refused("NotFound", 404, message="Endpoint does not exist"):
        sns.get_endpoint_attributes(EndpointArn=arn)


@pytest.mark.topiq
def test_preferences_are_the_accounts(make_client):
    sns = make_client("sns", account="313131313131")
    sns.set_sms_attributes(attributes={"DefaultSMSType": "Transactional", "DefaultSenderID": "Shop"})
    assert sns.get_sms_attributes()["attributes"] == {
        "MonthlySpendLimit": "1",
        "DefaultSMSType": "Transactional",
        "DefaultSenderID": "Shop",
    }
    assert sns.get_sms_attributes(attributes=["DefaultSenderID"])["attributes"] == {"DefaultSenderID": "Shop"}
    with refused("InvalidParameter", message="Unheard is not a valid attribute"):
        sns.set_sms_attributes(attributes={"Unheard": "1"})
