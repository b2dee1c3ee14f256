"""EventBridge by the AWS CLI."""

import json

import pytest
from scenario import receive_count


@pytest.fixture
def events(aws):
    return lambda *words: aws(*words, service="events")


@pytest.fixture
def bus(events, new_name):
    name = new_name()
    arn = events("create-event-bus", "--name", name)["EventBusArn"]
    assert arn.endswith(f":event-bus/{name}")
    yield name
    assert events("delete-event-bus", "--name", name) is None


@pytest.mark.topiq  # AWS requires a policy on the queue
def test_event_goes_by_a_rule_to_a_queue(events, bus, sqs, queue, arn_of):
    rule = ["--event-bus-name", bus, "--rule", "orders"]
    named = ["--event-bus-name", bus, "--name", "orders"]
    pattern = {"source": ["shop.orders"], "detail": {"total": [{"numeric": [">", 100]}]}}
    assert events("put-rule", *named, "--event-pattern", json.dumps(pattern), "--tags", "Key=a,Value=1")["RuleArn"]
    template = {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '"Order <id>"'}
    targets = [{"Id": "queue", "Arn": arn_of(queue), "InputTransformer": template}]
    assert events("put-targets", *rule, "--targets", json.dumps(targets))["FailedEntryCount"] == 0
    assert events("list-targets-by-rule", *rule) == {"Targets": targets}

    entry = {"EventBusName": bus, "Source": "shop.orders", "DetailType": "OrderPlaced"}
    details = ['{"id": "A-1", "total": 99}', '{"id": "é", "total": 100.5}', "no JSON"]
    put = events("put-events", "--entries", json.dumps([{**entry, "Detail": detail} for detail in details]))
    assert put["FailedEntryCount"] == 1
    assert put["Entries"][2] == {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    (message,) = receive_count(sqs, queue, 1)
    assert message["Body"] == '"Order é"'
    assert events("describe-rule", *named)["State"] == "ENABLED"
    assert events("remove-targets", *rule, "--ids", "queue")["FailedEntryCount"] == 0
    assert events("delete-rule", *named) is None


def test_pattern_is_tested(events, aws_refuses):
    event = {"id": "1", "account": "123456789012", "source": "s", "time": "2026-11-30T00:00:00Z", "region": "r"}
    words = ["test-event-pattern", "--event", json.dumps({**event, "detail-type": "d", "resources": []})]
    assert events(*words, "--event-pattern", '{"source": ["s"]}') == {"Result": True}
    assert events(*words, "--event-pattern", '{"source": ["t"]}') == {"Result": False}
    code, text = aws_refuses(*words, "--event-pattern", '{"source": "s"}', service="events")
    assert code == "InvalidEventPatternException"
    assert text.startswith('Event pattern is not valid. Reason: "source" must be an object or an array')


def test_errors_show_awss_code_and_words(aws_refuses, bus):
    assert aws_refuses("describe-rule", "--name", "absent", "--event-bus-name", bus, service="events") == (
        "ResourceNotFoundException",
        f"Rule absent does not exist on EventBus {bus}.",
    )
    code, _ = aws_refuses("create-event-bus", "--name", bus, service="events")
    assert code == "ResourceAlreadyExistsException"
