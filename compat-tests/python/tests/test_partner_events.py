"""An event of a partner goes to the bus that an account has for it."""

import json

import pytest
from scenario import queue_arn, receive

# On AWS only partners may call the partner's side.
pytestmark = pytest.mark.topiq


def test_partner_event_reaches_the_account_that_has_a_bus_for_it(make_client, sqs, queue, new_name):
    partner, events = make_client("events", account="999999999999"), make_client("events")
    account = queue_arn(sqs, queue).split(":")[4]
    source = f"aws.partner/example.com/{new_name()}"
    partner.create_partner_event_source(Name=source, Account=account)
    try:
        assert events.describe_event_source(Name=source)["State"] == "PENDING"
        events.create_event_bus(Name=source, EventSourceName=source)
        assert events.describe_event_source(Name=source)["State"] == "ACTIVE"
        events.put_rule(Name="all", EventBusName=source, EventPattern=json.dumps({"account": [account]}))
        target = {"Id": "queue", "Arn": queue_arn(sqs, queue)}
        events.put_targets(Rule="all", EventBusName=source, Targets=[target])

        put = partner.put_partner_events(Entries=[{"Source": source, "DetailType": "Signup", "Detail": "{}"}])

        (message,) = receive(sqs, queue, wait=5)
        event = json.loads(message["Body"])
        assert (event["id"], event["source"]) == (put["Entries"][0]["EventId"], source)
    finally:
        events.remove_targets(Rule="all", EventBusName=source, Ids=["queue"])
        events.delete_rule(Name="all", EventBusName=source)
        events.delete_event_bus(Name=source)
        partner.delete_partner_event_source(Name=source, Account=account)
