"""topiq's own API by its OpenAPI document: a validator accepts it, every route answers as it says, and a client that is
generated from it works."""

import importlib
import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest
from conftest import ACCOUNT, REGION
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from scenario import PATIENCE_SECONDS, queue_arn

pytestmark = pytest.mark.topiq

# What a request has of a parameter that it must have, by the route.
PARAMETERS = {
    ("GET", "/_aws/sqs/messages"): {"QueueUrl": "orders"},
    ("GET", "/_aws/sqs/messages/{queue}"): {"queue": f"{REGION}/{ACCOUNT}/orders"},
    ("POST", "/_topiq/events/health-checks/{id}"): {"status": "unhealthy"},
    ("GET", "/_localstack/init/{stage}"): {"stage": "ready"},
    ("DELETE", "/_topiq/accounts/{account}"): {"account": "111111111111"},
    ("PUT", "/_topiq/accounts/{account}"): {"account": "111111111111"},
    ("PUT", "/_topiq/faults/{name}"): {"name": "throttled"},
    ("GET", "/_topiq/faults/{name}"): {"name": "throttled"},
    ("DELETE", "/_topiq/faults/{name}"): {"name": "throttled"},
}
BODIES = {
    "/_topiq/clock": {"advance": "1s"},
    "/_topiq/accounts/{account}": {"ttl": "1h"},
    "/_topiq/faults/{name}": {"match": {"action": "DeleteQueue"}, "effect": {"error": "RequestThrottled"}, "count": 1},
    "/_topiq/events/explain": {"source": "shop", "detail-type": "OrderPlaced", "detail": {}},
    "/_aws/sqs/messages": {"QueueUrl": "orders"},
    "/_aws/sqs/messages/": {"QueueUrl": "orders"},
}


@pytest.fixture(scope="module")
def server(own_server):
    return own_server("--account", ACCOUNT, "--region", REGION)


@pytest.fixture(scope="module")
def document(server):
    return server.ask("GET", "openapi.json")


@pytest.fixture(scope="module")
def state(server, make_client):
    """Something of everything that is listed, and what names it in a path."""
    sqs, sns, events = (make_client(service, url=server.url) for service in ("sqs", "sns", "events"))
    dead, queue = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "orders"))
    policy = {"deadLetterTargetArn": queue_arn(sqs, dead), "maxReceiveCount": 3}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(policy)})
    sqs.send_message(QueueUrl=queue, MessageBody="hello")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    pending = sns.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:1/", ReturnSubscriptionArn=True)
    sns.publish(PhoneNumber="+15550100", Message="hello")
    application = sns.create_platform_application(
        Name="app", Platform="GCM", Attributes={"PlatformCredential": "key"}
    )["PlatformApplicationArn"]
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="device")["EndpointArn"]
    sns.publish(TargetArn=endpoint, Message="hello")
    events.put_rule(Name="hourly", ScheduleExpression="rate(1 hour)")
    events.put_rule(Name="placed", EventPattern=json.dumps({"source": ["shop"]}))
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:ship"
    events.put_targets(Rule="placed", Targets=[{"Id": "f", "Arn": function}])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}"}])
    received = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert len(received) == 1
    certificate = "SimpleNotificationService-"
    return {
        "id": received[0]["MessageId"],
        "subscriptionArn": pending["SubscriptionArn"],
        "file": certificate_file(server, sns, sqs, topic).removeprefix(certificate),
    }


def certificate_file(server, sns, sqs, topic):
    """The name of the certificate that an envelope names."""
    inbox = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(sqs, inbox))
    sns.publish(TopicArn=topic, Message="hello")
    (message,) = sqs.receive_message(QueueUrl=inbox)["Messages"]
    return json.loads(message["Body"])["SigningCertURL"].rpartition("/")[2]


def test_a_validator_accepts_the_document(document):
    validate(document)


def routes(document):
    """All operations: those that make something that others ask for come first, those that forget it last."""
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return sorted(
        operations,
        key=lambda route: ("reset" in route[1], route[0] == "DELETE", route[0] != "PUT", "{" not in route[1]),
    )


def ask(server, method, path, values, body):
    query = {name: value for name, value in values.items() if f"{{{name}}}" not in path}
    target = re.sub(r"\{(\w+)\}", lambda variable: values[variable[1]], path)
    url = f"{server.url}{target}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Accept": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise AssertionError(f"{method} {url}: {refusal.status} {refusal.read()}") from None


def test_every_route_answers_as_the_document_says(server, document, state):
    for method, path, operation in routes(document):
        values = dict(PARAMETERS.get((method, path), {}))
        values |= {name: value for name, value in state.items() if f"{{{name}}}" in path}
        body = BODIES.get(path) if "requestBody" in operation else None

        status, media, content = ask(server, method, path, values, body)

        described = operation["responses"][str(status)]
        if "content" not in described:
            assert content == b"", path
            continue
        schema = described["content"][media]["schema"]
        if "json" in media:
            OAS31Validator(schema).validate(json.loads(content))
        else:
            assert schema == {"type": "string"} and content, path


@pytest.fixture(scope="module")
def client(document, tmp_path_factory):
    """The package that a public generator makes of the document."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(json.dumps(document))
    generator = "from openapi_python_client.cli import app; app()"
    command = [sys.executable, "-c", generator, "generate", "--meta", "none", "--path", "openapi.json"]
    command += ["--output-path", "topiq_api"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert "Endpoint will not be generated" not in made.stdout
    sys.path.insert(0, str(folder))
    yield importlib.import_module("topiq_api")
    sys.path.remove(str(folder))


def test_a_generated_client_moves_the_time_and_lists_queues(server, client, make_client):
    queue = make_client(url=server.url).create_queue(QueueName="generated", Attributes={"DelaySeconds": "900"})
    make_client(url=server.url).send_message(QueueUrl=queue["QueueUrl"], MessageBody="hello")
    api = client.Client(base_url=server.url)
    get_queues = importlib.import_module("topiq_api.api.sqs.get_sqs_queues")
    post_clock = importlib.import_module("topiq_api.api.server.post_clock")
    models = importlib.import_module("topiq_api.models")

    (before,) = get_queues.sync(client=api, prefix="generated").items
    shown = post_clock.sync(client=api, body=models.PostClockBody(advance="15m"))
    (after,) = get_queues.sync(client=api, prefix="generated").items

    assert (before.delayed, before.ready) == (1, 0)
    assert (after.delayed, after.ready) == (0, 1)
    assert shown.now > shown.machine
    refused = post_clock.sync(client=api, body=models.PostClockBody(advance="soon"))
    assert refused.message.startswith("advance is a duration")
