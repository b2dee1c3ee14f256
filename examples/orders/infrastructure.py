"""What belongs to nobody in particular: the bus, its central log, its archive, and the way to the delivery company."""

import json

import boto3

from delivery import API_KEY, HANDLERS
from shop import BUS

LOG = "/aws/events/shop"
ARCHIVE = "shop"
DEAD_LETTERS = "delivery-dead-letters"
ROLE = "arn:aws:iam::000000000000:role/shop"
EVERYTHING = json.dumps({"source": [{"prefix": "shop."}]})

events = boto3.client("events")


def make(delivery_url):
    bus = events.create_event_bus(Name=BUS)["EventBusArn"]
    central_log(bus)
    events.create_archive(ArchiveName=ARCHIVE, EventSourceArn=bus, EventPattern=EVERYTHING, RetentionDays=7)
    delivery(delivery_url)


def central_log(bus):
    """Every event, in one log group."""
    boto3.client("logs").create_log_group(logGroupName=LOG)
    account, region = bus.split(":")[4], bus.split(":")[3]
    events.put_rule(Name="log", EventBusName=BUS, EventPattern=EVERYTHING)
    group = f"arn:aws:logs:{region}:{account}:log-group:{LOG}"
    events.put_targets(Rule="log", EventBusName=BUS, Targets=[{"Id": "log", "Arn": group}])


def delivery(url):
    """Calls the delivery company: ten times a second at most, four retries within a minute, then a dead letter."""
    connection = events.create_connection(
        Name="delivery",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": API_KEY}},
    )
    destination = events.create_api_destination(
        Name="delivery",
        ConnectionArn=connection["ConnectionArn"],
        InvocationEndpoint=url,
        HttpMethod="POST",
        InvocationRateLimitPerSecond=10,
    )
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName=DEAD_LETTERS)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    events.put_rule(
        Name="delivery",
        EventBusName=BUS,
        EventPattern=json.dumps({"detail-type": sorted(HANDLERS)}),
    )
    target = {
        "Id": "delivery",
        "Arn": destination["ApiDestinationArn"],
        "RoleArn": ROLE,
        "RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 4},
        "DeadLetterConfig": {"Arn": attributes["QueueArn"]},
    }
    events.put_targets(Rule="delivery", EventBusName=BUS, Targets=[target])
