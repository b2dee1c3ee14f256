"""CloudWatch Logs: what is put into streams is read back, page by page, and found by patterns."""

import json
import time

import pytest


@pytest.fixture
def logs(make_client):
    return make_client("logs")


@pytest.fixture
def group(logs, new_name):
    name = new_name()
    logs.create_log_group(logGroupName=name, tags={"team": "orders"})
    yield name
    logs.delete_log_group(logGroupName=name)


def put(logs, group, stream, messages):
    now = time.time_ns() // 1_000_000
    events = [{"timestamp": now - 1000 + place, "message": message} for place, message in enumerate(messages)]
    return logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


@pytest.mark.topiq  # AWS shows events some seconds later
def test_stream_is_read_forward_and_backward(logs, group):
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    texts = [f"message {number}" for number in range(25)]
    assert "rejectedLogEventsInfo" not in put(logs, group, "s", texts)
    for from_head in (True, False):
        read, token = [], {}
        while True:
            page = logs.get_log_events(
                logGroupName=group, logStreamName="s", limit=10, startFromHead=from_head, **token
            )
            found = [event["message"] for event in page["events"]]
            read = read + found if from_head else found + read
            following = page["nextForwardToken" if from_head else "nextBackwardToken"]
            if token.get("nextToken") == following:
                break
            token = {"nextToken": following}
        assert read == texts


@pytest.mark.topiq
def test_paginator_finds_events_of_all_streams(logs, group):
    for stream in ("a", "b"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        put(logs, group, stream, [json.dumps({"stream": stream, "total": total}) for total in (50, 150, 250)])
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern="{ $.total > 100 && $.stream = * }", PaginationConfig={"PageSize": 3}
    )
    found = [json.loads(event["message"])["total"] for page in pages for event in page["events"]]
    assert sorted(found) == [150, 150, 250, 250]
    (shown,) = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True, limit=1)[
        "logStreams"
    ]
    assert shown["logStreamName"] == "b"


def test_group_has_retention_and_tags(logs, group):
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    (shown,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert (shown["retentionInDays"], shown["arn"].endswith(f":log-group:{group}:*")) == (7, True)
    arn = shown["arn"].removesuffix(":*")
    # Clients of before 2025 do not know this member.
    assert shown.get("logGroupArn", arn) == arn
    logs.tag_resource(resourceArn=arn, tags={"stage": "test"})
    logs.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"stage": "test"}
    logs.delete_retention_policy(logGroupName=group)
    (shown,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert "retentionInDays" not in shown


def test_refusals_are_typed(logs, group):
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException, match="The specified log group already exists"):
        logs.create_log_group(logGroupName=group)
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match="The specified log stream does not exist."):
        put(logs, group, "no", ["message"])
    with pytest.raises(logs.exceptions.InvalidParameterException, match="Invalid filter pattern"):
        logs.filter_log_events(logGroupName=group, filterPattern="a@b.c")
