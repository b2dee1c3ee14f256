"""What goes wrong on purpose, as a real SDK and a real consumer see it."""

import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

pytestmark = pytest.mark.topiq

MESSAGES = 100


@pytest.fixture(scope="module")
def server(own_server):
    return own_server()


@pytest.fixture(autouse=True)
def no_faults(server):
    yield
    server.ask("DELETE", "faults")


@pytest.fixture(scope="module")
def retrying(server):
    """A client that tries three times, as today's clients do."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 3})
    session = boto3.session.Session(
        region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="anything"
    )
    return session.client("sqs", endpoint_url=server.url, config=config)


@pytest.fixture
def queue(server, retrying, create_queue):
    return create_queue(retrying)


def struck(server, name):
    return server.ask("GET", f"faults/{name}")["Struck"]


def attempts(answer):
    return answer["ResponseMetadata"]["RetryAttempts"] + 1


def test_a_throttle_of_two_strikes_is_hidden_by_retries(server, retrying, queue):
    match = {"service": "sqs", "action": "SendMessage"}
    told = server.ask(
        "PUT", "faults/throttled", {"match": match, "effect": {"error": "RequestThrottled"}, "count": 2}
    )
    assert told["Clients"][0]["Outcome"].endswith("Attempt 3 succeeds: the program sees nothing but the wait.")

    answer = retrying.send_message(QueueUrl=queue, MessageBody="m")

    assert attempts(answer) == told["Clients"][0]["Attempts"] == 3
    assert struck(server, "throttled") == 2
    assert len(drain(retrying, queue)) == 1


def test_three_strikes_reach_the_program(server, retrying, queue):
    told = server.ask("PUT", "faults/down", {"effect": {"error": "ServiceUnavailable"}, "count": 3})
    assert "The program gets ServiceUnavailable after attempt 3." in told["Clients"][0]["Outcome"]

    with pytest.raises(ClientError) as refused:
        retrying.send_message(QueueUrl=queue, MessageBody="m")

    assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"
    assert attempts(refused.value.response) == 3
    assert not drain(retrying, queue)


def test_an_error_that_no_sdk_retries_reaches_the_program_at_once(server, retrying, queue):
    told = server.ask("PUT", "faults/full", {"match": {"action": "ReceiveMessage"}, "effect": {"error": "OverLimit"}})
    assert told["Clients"][0]["Attempts"] == 1

    with pytest.raises(retrying.exceptions.OverLimit):
        retrying.receive_message(QueueUrl=queue)

    assert struck(server, "full") == 1


def test_an_answer_that_is_lost_makes_the_sdk_send_again(server, retrying, queue):
    match = {"action": "SendMessage"}
    server.ask("PUT", "faults/lost", {"match": match, "effect": {"reset": "after"}, "count": 1})

    retrying.send_message(QueueUrl=queue, MessageBody="m")

    first, second = drain(retrying, queue)
    assert first["MessageId"] != second["MessageId"]


def test_an_answer_that_never_comes_is_an_error_after_three_sends(server, retrying, queue):
    match = {"action": "SendMessage"}
    server.ask("PUT", "faults/lost", {"match": match, "effect": {"reset": "after"}})

    with pytest.raises(ConnectionClosedError):
        retrying.send_message(QueueUrl=queue, MessageBody="m")

    assert len(drain(retrying, queue)) == 3


def test_the_server_says_how_long_to_wait(server, retrying, queue):
    effect = {"error": "ServiceUnavailable", "retryAfter": 300}
    server.ask("PUT", "faults/later", {"effect": effect, "count": 1})

    begun = time.monotonic()
    answer = retrying.send_message(QueueUrl=queue, MessageBody="m")

    assert attempts(answer) == 2
    # Clients of before do not know the header.
    if boto3.__version__ >= "1.44":
        assert time.monotonic() - begun >= 0.3


def test_failed_entries_are_sent_again_by_the_program(server, retrying, queue):
    server.ask("PUT", "faults/some", {"match": {"every": 3}, "effect": {"partialBatch": "InternalError"}})
    left = [{"Id": str(number), "MessageBody": str(number)} for number in range(10)]

    rounds = 0
    while left:
        failed = retrying.send_message_batch(QueueUrl=queue, Entries=left).get("Failed", [])
        assert all(entry["Code"] == "InternalError" and not entry["SenderFault"] for entry in failed)
        ids = {entry["Id"] for entry in failed}
        left = [entry for entry in left if entry["Id"] in ids]
        rounds += 1

    assert rounds == 3
    assert sorted(int(message["Body"]) for message in drain(retrying, queue)) == list(range(10))


def drain(sqs, queue):
    """All messages, each deleted as a good consumer does."""
    drained = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            drained.append(message)
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return drained


class Account:
    """A sum of what is paid in."""

    def __init__(self, *, is_idempotent):
        self.is_idempotent = is_idempotent
        self.seen = set()
        self.total = 0

    def pay_in(self, message):
        if self.is_idempotent and message["MessageId"] in self.seen:
            return
        self.seen.add(message["MessageId"])
        self.total += int(message["Body"])


def pay_in_doubled(server, sqs, create_queue, seed):
    """Both kinds of account after the same payments, and which payments were doubled."""
    queue = create_queue(sqs)
    fault = {
        "match": {"queue": queue.rsplit("/", 1)[1], "probability": 0.2, "seed": seed},
        "effect": {"duplicate": True},
    }
    server.ask("PUT", "faults/twice", fault)
    for amount in range(1, MESSAGES + 1):
        sqs.send_message(QueueUrl=queue, MessageBody=str(amount))
    idempotent, naive = Account(is_idempotent=True), Account(is_idempotent=False)
    seen, doubled = set(), []
    for message in drain(sqs, queue):
        idempotent.pay_in(message)
        naive.pay_in(message)
        if message["MessageId"] in seen:
            doubled.append(int(message["Body"]))
        seen.add(message["MessageId"])
    return idempotent.total, naive.total, doubled


def test_duplicates_catch_a_naive_consumer_and_the_same_ones_again(server, retrying, create_queue):
    expected = sum(range(1, MESSAGES + 1))

    idempotent, naive, doubled = pay_in_doubled(server, retrying, create_queue, seed=42)

    assert idempotent == expected
    assert naive == expected + sum(doubled) > expected
    assert MESSAGES * 0.1 <= len(doubled) == struck(server, "twice") <= MESSAGES * 0.3

    assert pay_in_doubled(server, retrying, create_queue, seed=42) == (idempotent, naive, doubled)
    assert pay_in_doubled(server, retrying, create_queue, seed=43)[2] != doubled
