"""An event goes to a queue from an archive."""

import datetime
import json
import time

import pytest
from scenario import queue_arn, receive

# On AWS the queue would need a policy that lets EventBridge in.
pytestmark = pytest.mark.topiq


def test_archived_event_is_replayed(make_client, sqs, queue, new_name):
    events = make_client("events")
    bus, source, archive = new_name(), new_name(), new_name()[:48]
    bus_arn = events.create_event_bus(Name=bus)["EventBusArn"]
    try:
        archive_arn = events.create_archive(
            ArchiveName=archive, EventSourceArn=bus_arn, EventPattern=json.dumps({"source": [source]}), RetentionDays=1
        )["ArchiveArn"]
        entry = {"EventBusName": bus, "Source": source, "DetailType": "OrderPlaced", "Detail": '{"id":"A-1"}'}
        put = events.put_events(Entries=[entry, {**entry, "Source": "other"}])
        pattern = {"replay-name": [{"exists": True}]}
        events.put_rule(Name="replayed", EventBusName=bus, EventPattern=json.dumps(pattern))
        target = {"Id": "queue", "Arn": queue_arn(sqs, queue)}
        events.put_targets(Rule="replayed", EventBusName=bus, Targets=[target])

        now = datetime.datetime.now(datetime.timezone.utc)
        replay = new_name()
        started = events.start_replay(
            ReplayName=replay,
            EventSourceArn=archive_arn,
            EventStartTime=now - datetime.timedelta(minutes=5),
            EventEndTime=now + datetime.timedelta(minutes=5),
            Destination={"Arn": bus_arn},
        )

        assert started["State"] == "STARTING"
        (message,) = receive(sqs, queue, wait=5)
        event = json.loads(message["Body"])
        assert event["replay-name"] == replay
        assert (event["id"], event["source"]) == (put["Entries"][0]["EventId"], source)
        described = events.describe_archive(ArchiveName=archive)
        assert (described["EventCount"], described["RetentionDays"]) == (1, 1)
        for _ in range(50):
            state = events.describe_replay(ReplayName=replay)["State"]
            if state == "COMPLETED":
                break
            time.sleep(0.1)
        assert state == "COMPLETED"
    finally:
        events.delete_archive(ArchiveName=archive)
        events.remove_targets(Rule="replayed", EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name="replayed", EventBusName=bus)
        events.delete_event_bus(Name=bus)
