"""Events go by a rule to an HTTP endpoint, which asks who calls."""

import json

import pytest
from receiver import Receiver
from scenario import queue_arn, receive

# AWS calls public endpoints over HTTPS alone.
pytestmark = pytest.mark.topiq

ROLE = "arn:aws:iam::000000000000:role/caller"


@pytest.fixture
def events(make_client):
    return make_client("events")


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def call(events, receiver, new_name):
    """Creates a connection, an API destination, and a rule that delivers to it; returns a function that puts an event."""
    name = new_name()

    def create(kind, parameters, target=None, **destination):
        connection = events.create_connection(Name=name, AuthorizationType=kind, AuthParameters=parameters)
        destination = {
            "InvocationEndpoint": f"{receiver.base}/in",
            "HttpMethod": "POST",
            "ConnectionArn": connection["ConnectionArn"],
        } | destination
        arn = events.create_api_destination(Name=name, **destination)["ApiDestinationArn"]
        events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
        target = {"Id": "endpoint", "Arn": arn, "RoleArn": ROLE} | (target or {})
        assert events.put_targets(Rule=name, Targets=[target])["FailedEntryCount"] == 0

        def put(detail):
            entry = {"Source": name, "DetailType": "OrderPlaced", "Detail": json.dumps(detail)}
            assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0

        return put

    yield create
    events.remove_targets(Rule=name, Ids=["endpoint"])
    events.delete_rule(Name=name)
    events.delete_api_destination(Name=name)
    events.delete_connection(Name=name)
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.describe_connection(Name=name)


@pytest.mark.parametrize(
    ("kind", "parameters", "header", "value"),
    [
        ("BASIC", {"BasicAuthParameters": {"Username": "ann", "Password": "s3cret"}}, "Authorization", "Basic YW5uOnMzY3JldA=="),
        ("API_KEY", {"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "k1"}}, "x-key", "k1"),
    ],
)
def test_endpoint_is_called_with_credentials(call, receiver, kind, parameters, header, value):
    put = call(kind, parameters)
    put({"id": "A-1"})
    posted = receiver.next()
    assert (posted.path, posted.headers[header]) == ("/in", value)
    assert posted.headers["User-Agent"] == "Amazon/EventBridge/ApiDestinations"
    assert posted.json["detail"] == {"id": "A-1"}


def test_endpoint_is_called_with_a_token(call, receiver):
    receiver.bodies["/token"] = json.dumps({"access_token": "T1", "token_type": "Bearer", "expires_in": 3600})
    client = {"ClientID": "cid", "ClientSecret": "cs"}
    oauth = {"ClientParameters": client, "AuthorizationEndpoint": f"{receiver.base}/token", "HttpMethod": "POST"}
    put = call("OAUTH_CLIENT_CREDENTIALS", {"OAuthParameters": oauth})
    asked = receiver.next()
    assert (asked.path, asked.body) == ("/token", "grant_type=client_credentials&client_id=cid&client_secret=cs")
    for id in ["A-1", "A-2"]:
        put({"id": id})
        posted = receiver.next()
        assert (posted.path, posted.headers["Authorization"], posted.json["detail"]) == ("/in", "Bearer T1", {"id": id})


def test_event_is_dead_after_four_attempts(call, receiver, sqs, queue):
    receiver.status = 503
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "k1"}}
    target = {
        "DeadLetterConfig": {"Arn": queue_arn(sqs, queue)},
        "RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 3},
    }
    put = call("API_KEY", key, target, InvocationRateLimitPerSecond=10)
    put({"id": "A-1"})
    attempts = [receiver.next().body for _ in range(4)]
    (message,) = receive(sqs, queue, wait=10)
    assert {message["Body"]} == set(attempts)
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "ERROR_FROM_TARGET"
    assert attributes["RETRY_ATTEMPTS"] == "3"
    assert attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert receiver.none_came()
