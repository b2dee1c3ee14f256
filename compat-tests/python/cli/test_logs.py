"""CloudWatch Logs by the AWS CLI."""

import json
import time

import pytest


@pytest.fixture
def logs(aws):
    return lambda *words: aws(*words, service="logs")


@pytest.mark.topiq  # AWS shows events some seconds later
def test_log_lives_from_its_creation_to_its_deletion(logs, aws_refuses, new_name):
    group = ["--log-group-name", new_name()]
    stream = [*group, "--log-stream-name", "2026/[$LATEST]é"]
    assert logs("create-log-group", *group) is None
    assert logs("create-log-stream", *stream) is None
    now = time.time_ns() // 1_000_000
    events = [
        {"timestamp": now, "message": json.dumps({"order": 7, "total": 120})},
        {"timestamp": now + 1, "message": "ERROR payment failed"},
    ]
    assert "nextSequenceToken" in logs("put-log-events", *stream, "--log-events", json.dumps(events))
    for pattern, message in [("{ $.total > 100 }", events[0]), ('"payment failed"', events[1])]:
        (found,) = logs("filter-log-events", *group, "--filter-pattern", pattern)["events"]
        assert (found["message"], found["timestamp"]) == (message["message"], message["timestamp"])
        assert len(found["eventId"]) == 56
    shown = logs("get-log-events", *stream, "--start-from-head")["events"]
    assert [event["message"] for event in shown] == [event["message"] for event in events]
    assert logs("delete-log-group", *group) is None
    assert aws_refuses("filter-log-events", *group, service="logs") == (
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )
