"""What would take hours of waiting takes none: the test moves the clock of a server of its own."""

import datetime
import json
import threading
import time

import pytest
from own_server import Server
from receiver import Receiver
from scenario import PATIENCE_SECONDS, queue_arn

pytestmark = pytest.mark.topiq


@pytest.fixture(scope="module")
def server():
    server = Server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def client(server, make_client):
    clients = {}

    def of(service):
        if service not in clients:
            clients[service] = make_client(service, url=server.url)
        return clients[service]

    return of


@pytest.fixture
def sqs(client):
    return client("sqs")


@pytest.fixture
def receiver():
    endpoint = Receiver()
    yield endpoint
    endpoint.close()


def receive(sqs, queue, **arguments):
    answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, AttributeNames=["All"], **arguments)
    return answer.get("Messages", [])


def bodies(sqs, queue):
    return [message["Body"] for message in receive(sqs, queue)]


def moment(text):
    return datetime.datetime.fromisoformat(text)


def test_three_timeouts_of_five_minutes_lead_to_the_dead_letter_queue(server, sqs, create_queue):
    dead = create_queue(sqs)
    policy = {"deadLetterTargetArn": queue_arn(sqs, dead), "maxReceiveCount": 3}
    queue = create_queue(sqs, VisibilityTimeout=300, RedrivePolicy=json.dumps(policy))
    sqs.send_message(QueueUrl=queue, MessageBody="poison")

    for attempt in range(1, 4):
        (message,) = receive(sqs, queue)
        assert message["Attributes"]["ApproximateReceiveCount"] == str(attempt)
        server.advance("299s")
        assert not receive(sqs, queue)
        server.advance("1s")

    assert not receive(sqs, queue)
    assert bodies(sqs, dead) == ["poison"]


def test_a_duplicate_is_one_for_five_minutes(server, sqs, create_queue):
    queue = create_queue(sqs, fifo=True)
    message = {"QueueUrl": queue, "MessageBody": "once", "MessageGroupId": "g", "MessageDeduplicationId": "d"}
    first = sqs.send_message(**message)
    server.clock(freeze=True, advance="4m 59s")
    assert sqs.send_message(**message)["SequenceNumber"] == first["SequenceNumber"]
    server.clock(advance="2s", resume=True)
    assert sqs.send_message(**message)["SequenceNumber"] > first["SequenceNumber"]
    assert bodies(sqs, queue) == ["once", "once"]


def test_a_message_is_kept_for_fourteen_days(server, sqs, create_queue):
    queue = create_queue(sqs, MessageRetentionPeriod=14 * 24 * 3600)
    sqs.send_message(QueueUrl=queue, MessageBody="old")
    server.advance("13days 23h")
    assert len(receive(sqs, queue, VisibilityTimeout=0)) == 1
    server.advance("1h")
    assert not receive(sqs, queue)


def test_a_delayed_message_comes_after_fifteen_minutes(server, sqs, create_queue):
    queue = create_queue(sqs)
    sqs.send_message(QueueUrl=queue, MessageBody="late", DelaySeconds=900)
    server.advance("14m 50s")
    assert not receive(sqs, queue)
    server.advance(10)
    assert bodies(sqs, queue) == ["late"]


def test_a_long_poll_ends(server, sqs, create_queue):
    queue = create_queue(sqs)
    received = []
    poll = threading.Thread(target=lambda: received.append(receive(sqs, queue, WaitTimeSeconds=20)))
    poll.start()
    while poll.is_alive():
        server.advance("20s")
    assert received == [[]]


def test_an_endpoint_that_fails_is_tried_again_and_its_message_is_a_dead_letter(
    server, client, sqs, create_queue, new_name, receiver
):
    sns = client("sns")
    dead = create_queue(sqs)
    topic = sns.create_topic(Name=new_name())["TopicArn"]
    retries = {"healthyRetryPolicy": {"numRetries": 3, "minDelayTarget": 900, "maxDelayTarget": 900}}
    attributes = {
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": queue_arn(sqs, dead)}),
        "DeliveryPolicy": json.dumps(retries),
        "RawMessageDelivery": "true",
    }
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=receiver.url, Attributes=attributes)
    sns.confirm_subscription(TopicArn=topic, Token=receiver.next().json["Token"])
    receiver.status = 503
    sns.publish(TopicArn=topic, Message="hello")

    server.advance("46m")

    assert [receiver.next().body for _ in range(4)] == ["hello"] * 4
    assert bodies(sqs, dead) == ["hello"]


def test_a_cron_rule_runs_at_its_hours(server, client, sqs, create_queue, new_name):
    events = client("events")
    queue, rule = create_queue(sqs), new_name()
    events.put_rule(Name=rule, ScheduleExpression="cron(15 6,18 * * ? *)")
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": queue_arn(sqs, queue)}])

    server.advance("3days")

    times = sorted(moment(json.loads(body)["time"]) for body in bodies(sqs, queue))
    events.remove_targets(Rule=rule, Ids=["queue"])
    events.delete_rule(Name=rule)
    assert [(time.hour, time.minute) for time in times] in ([(6, 15), (18, 15)] * 3, [(18, 15), (6, 15)] * 3)


def test_an_archive_forgets_its_events_after_their_retention(server, client, new_name):
    events = client("events")
    bus, archive = new_name(), new_name()[:48]
    arn = events.create_event_bus(Name=bus)["EventBusArn"]
    events.create_archive(ArchiveName=archive, EventSourceArn=arn, RetentionDays=30)
    entry = {"EventBusName": bus, "Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}"}
    events.put_events(Entries=[entry])
    server.advance("29days 23h")
    assert events.describe_archive(ArchiveName=archive)["EventCount"] == 1
    server.advance("2h")
    assert events.describe_archive(ArchiveName=archive)["EventCount"] == 0


def test_an_event_is_retried_for_a_day_and_ends_as_a_dead_letter(
    server, client, sqs, create_queue, new_name, receiver
):
    events = client("events")
    dead, name = create_queue(sqs), new_name()
    connection = events.create_connection(
        Name=name,
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "key", "ApiKeyValue": "secret"}},
    )["ConnectionArn"]
    destination = events.create_api_destination(
        Name=name, ConnectionArn=connection, InvocationEndpoint=receiver.url, HttpMethod="POST"
    )["ApiDestinationArn"]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    dead_letters = {"DeadLetterConfig": {"Arn": queue_arn(sqs, dead)}}
    target = {"Id": "api", "Arn": destination, "RoleArn": "arn:aws:iam::123456789012:role/r", **dead_letters}
    events.put_targets(Rule=name, Targets=[target])
    receiver.status = 503
    events.put_events(Entries=[{"Source": name, "DetailType": "t", "Detail": "{}"}])

    server.advance("25h")

    (message,) = sqs.receive_message(QueueUrl=dead, MessageAttributeNames=["All"])["Messages"]
    assert message["MessageAttributes"]["RETRY_ATTEMPTS"]["StringValue"] == "185"


def test_frozen_time_makes_times_that_a_test_can_name(server, sqs, create_queue):
    queue = create_queue(sqs)
    start = moment(server.clock(freeze=True)["Now"])
    day = (start + datetime.timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    shown = server.clock(set=day.isoformat().replace("+00:00", "Z"))
    assert (moment(shown["Now"]), shown["Frozen"]) == (day, True)
    sqs.send_message(QueueUrl=queue, MessageBody="at noon")
    time.sleep(0.01)
    (message,) = receive(sqs, queue)
    sent = int(message["Attributes"]["SentTimestamp"])
    assert sent == int(message["Attributes"]["ApproximateFirstReceiveTimestamp"]) == day.timestamp() * 1000
    assert server.clock(resume=True)["Frozen"] is False
