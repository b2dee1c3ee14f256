"""An event goes from `PutEvents` by a rule to a queue, or to the dead-letter queue."""

import json
from contextlib import contextmanager

import pytest
from scenario import queue_arn, receive

# On AWS the queue would need a policy that lets EventBridge in.
pytestmark = pytest.mark.topiq


@contextmanager
def rule(events, bus, pattern, targets):
    """A bus with the rule `orders`."""
    events.create_event_bus(Name=bus)
    try:
        events.put_rule(Name="orders", EventBusName=bus, EventPattern=json.dumps(pattern))
        events.put_targets(Rule="orders", EventBusName=bus, Targets=targets)
        yield
    finally:
        ids = [target["Id"] for target in targets]
        events.remove_targets(Rule="orders", EventBusName=bus, Ids=ids)
        events.delete_rule(Name="orders", EventBusName=bus)
        events.delete_event_bus(Name=bus)


def test_event_reaches_the_queue_of_the_rule_that_matches(make_client, sqs, queue, new_name):
    events = make_client("events")
    bus, source = new_name(), new_name()
    pattern = {"source": [source], "detail": {"id": [{"prefix": "A-"}]}}
    target = {"Id": "queue", "Arn": queue_arn(sqs, queue)}
    with rule(events, bus, pattern, [target]):
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


def test_event_that_no_target_takes_reaches_the_dead_letter_queue(make_client, sqs, queue, new_name):
    events = make_client("events")
    bus, source = new_name(), new_name()
    arn = queue_arn(sqs, queue)
    missing = f"{arn}-missing"
    targets = [
        {
            "Id": "gone",
            "Arn": missing,
            "DeadLetterConfig": {"Arn": arn},
            "RetryPolicy": {"MaximumRetryAttempts": 4, "MaximumEventAgeInSeconds": 60},
            "InputTransformer": {
                "InputPathsMap": {"id": "$.detail.id"},
                "InputTemplate": '{"order": <id>}',
            },
        }
    ]
    with rule(events, bus, {"source": [source]}, targets):
        listed = events.list_targets_by_rule(Rule="orders", EventBusName=bus)
        assert listed["Targets"] == targets
        entry = {"EventBusName": bus, "Source": source, "DetailType": "OrderPlaced", "Detail": '{"id": "A-1"}'}
        answer = events.put_events(Entries=[entry])

        (letter,) = receive(sqs, queue, wait=5)
        event = json.loads(letter["Body"])
        assert event["id"] == answer["Entries"][0]["EventId"]
        assert event["detail"] == {"id": "A-1"}
        attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
        assert attributes["ERROR_CODE"] == "NO_RESOURCE"
        assert attributes["ERROR_MESSAGE"]
        assert attributes["RULE_ARN"].endswith(f":rule/{bus}/orders")
        assert attributes["TARGET_ARN"] == missing


def test_target_gets_what_its_template_makes_of_the_event(make_client, sqs, queue, new_name):
    events = make_client("events")
    bus, source = new_name(), new_name()
    template = {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '"Order <id> of <aws.events.rule-name>"'}
    target = {"Id": "queue", "Arn": queue_arn(sqs, queue), "InputTransformer": template}
    with rule(events, bus, {"source": [source]}, [target]):
        entry = {"EventBusName": bus, "Source": source, "DetailType": "OrderPlaced", "Detail": '{"id": "A-1"}'}
        events.put_events(Entries=[entry])
        (message,) = receive(sqs, queue, wait=5)
        assert message["Body"] == '"Order A-1 of orders"'
