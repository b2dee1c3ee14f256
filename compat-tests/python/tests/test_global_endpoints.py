"""An event goes to the region of a global endpoint that is healthy."""

import json
import urllib.request

import pytest
from scenario import queue_arn, receive

# On AWS the health check would be one of Route 53.
pytestmark = pytest.mark.topiq


def test_endpoint_fails_over(make_client, endpoint, new_name):
    """Such requests are signed for all regions, which boto3 leaves to the Common Runtime."""
    pytest.importorskip("awscrt")
    bus, source, check = new_name(), new_name(), new_name().lower().replace("_", "-")
    regions = ["eu-west-1", "eu-central-1"]
    clients = {region: (make_client("events", region=region), make_client(region=region)) for region in regions}
    buses, queues = [], {}
    for region, (events, sqs) in clients.items():
        buses.append(events.create_event_bus(Name=bus)["EventBusArn"])
        queues[region] = sqs.create_queue(QueueName=bus)["QueueUrl"]
        events.put_rule(Name="all", EventBusName=bus, EventPattern=json.dumps({"source": [source]}))
        target = {"Id": "queue", "Arn": queue_arn(sqs, queues[region])}
        events.put_targets(Rule="all", EventBusName=bus, Targets=[target])
    home, _ = clients[regions[0]]
    try:
        home.create_endpoint(
            Name=bus,
            RoutingConfig={
                "FailoverConfig": {
                    "Primary": {"HealthCheck": f"arn:aws:route53:::healthcheck/{check}"},
                    "Secondary": {"Route": regions[1]},
                }
            },
            ReplicationConfig={"State": "DISABLED"},
            EventBuses=[{"EventBusArn": arn} for arn in buses],
        )
        endpoint_id = home.describe_endpoint(Name=bus)["EndpointId"]
        entry = {"EventBusName": bus, "Source": source, "DetailType": "OrderPlaced", "Detail": "{}"}
        for status, region in [("healthy", regions[0]), ("unhealthy", regions[1]), ("healthy", regions[0])]:
            url = f"{endpoint}/_topiq/events/health-checks/{check}?status={status}"
            urllib.request.urlopen(urllib.request.Request(url, method="POST")).close()
            put = home.put_events(EndpointId=endpoint_id, Entries=[entry])
            (message,) = receive(clients[region][1], queues[region], wait=5)
            event = json.loads(message["Body"])
            assert (event["id"], event["region"]) == (put["Entries"][0]["EventId"], region)
    finally:
        home.delete_endpoint(Name=bus)
        for region, (events, sqs) in clients.items():
            events.remove_targets(Rule="all", EventBusName=bus, Ids=["queue"])
            events.delete_rule(Name="all", EventBusName=bus)
            events.delete_event_bus(Name=bus)
            sqs.delete_queue(QueueUrl=queues[region])
