"""Clients of services that topiq does not serve show what it serves, whatever protocol they speak."""

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.topiq


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "signed_for"),
    [
        ("s3", "list_buckets", {}, "s3"),
        ("s3", "create_bucket", {"Bucket": "bucket"}, "s3"),
        ("s3", "put_object", {"Bucket": "bucket", "Key": "k", "Body": b"a=%\xff"}, "s3"),
        ("route53", "list_hosted_zones", {}, "route53"),
        ("lambda", "list_functions", {}, "lambda"),
        ("lambda", "invoke", {"FunctionName": "f", "Payload": b"{}"}, "lambda"),
        ("dynamodb", "list_tables", {}, "dynamodb"),
        ("cloudwatch", "list_metrics", {}, "monitoring"),
        ("ec2", "describe_vpcs", {}, "ec2"),
        ("iam", "list_users", {}, "iam"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_error_says_what_is_served(make_client, service, operation, parameters, signed_for):
    client = make_client(service)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**parameters)
    assert refused.value.response["Error"]["Message"] == f"topiq serves sqs, sns, sts, events, kinesis, schemas and logs, not {signed_for}"
