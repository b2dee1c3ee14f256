"""An event goes from `PutEvents` by a rule to a queue."""

import json

import pytest
from scenario import queue_arn, receive

# On AWS the queue would need a policy that lets EventBridge in.
pytestmark = pytest.mark.topiq


def test_event_reaches_the_queue_of_the_rule_that_matches(make_client, sqs, queue, new_name):
    events = make_client("events")
    bus, source = new_name(), new_name()
    events.create_event_bus(Name=bus)
    try:
        pattern = {"source": [source], "detail": {"id": [{"prefix": "A-"}]}}
        events.put_rule(Name="orders", EventBusName=bus, EventPattern=json.dumps(pattern))
        target = {"Id": "queue", "Arn": queue_arn(sqs, queue)}
        events.put_targets(Rule="orders", EventBusName=bus, Targets=[target])

        entries = [
            {"EventBusName": bus, "Source": source, "DetailType": "OrderPlaced", "Detail": json.dumps({"id": id})}
            for id in ["B-1", "A-1"]
        ]
        answer = events.put_events(Entries=entries)

        assert answer["FailedEntryCount"] == 0
        (message,) = receive(sqs, queue, wait=5)
        event = json.loads(message["Body"])
        assert event["id"] == answer["Entries"][1]["EventId"]
        assert (event["source"], event["detail-type"], event["detail"]) == (source, "OrderPlaced", {"id": "A-1"})
    finally:
        events.remove_targets(Rule="orders", EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name="orders", EventBusName=bus)
        events.delete_event_bus(Name=bus)
