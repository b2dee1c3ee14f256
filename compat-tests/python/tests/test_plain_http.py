"""The Query protocol by plain HTTP: presigned addresses, and forms sent by hand."""

import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from scenario import receive_one

NAMESPACE = "{http://queue.amazonaws.com/doc/2012-11-05/}"

pytestmark = pytest.mark.topiq  # AWS accepts neither an emulator's credentials nor anonymous calls


def presign(url, region="us-east-1", account="123456789012", **parameters):
    request = AWSRequest("GET", f"{url}?{urllib.parse.urlencode(parameters)}")
    SigV4QueryAuth(Credentials(account, "anything"), "sqs", region).add_auth(request)
    return request.url


def fetch(url, data=None, headers={}):
    """Status, headers and body of an HTTP call, whatever its outcome."""
    request = urllib.request.Request(url, data=data.encode() if data is not None else None, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as response:
        return response.code, response.headers, response.read()


def text_at(document, *path):
    element = ElementTree.fromstring(document)
    for name in path:
        element = element.find(NAMESPACE + name)
        assert element is not None, document
    return element.text


def test_presigned_get_sends_a_message(sqs, queue):
    status, headers, body = fetch(presign(queue, Action="SendMessage", Version="2012-11-05", MessageBody="a b+c&d"))
    assert (status, headers["Content-Type"]) == (200, "text/xml")
    assert headers["x-amzn-RequestId"] == text_at(body, "ResponseMetadata", "RequestId")
    message = receive_one(sqs, queue)
    assert message["Body"] == "a b+c&d"
    assert message["MessageId"] == text_at(body, "SendMessageResult", "MessageId")


def test_presigned_get_at_the_endpoint_creates_a_queue(make_client, endpoint, new_name):
    name = new_name()
    status, _, body = fetch(presign(endpoint, region="eu-west-1", Action="CreateQueue", QueueName=name))
    assert status == 200
    url = text_at(body, "CreateQueueResult", "QueueUrl")
    there = make_client(region="eu-west-1")
    assert there.get_queue_url(QueueName=name)["QueueUrl"] == url
    there.delete_queue(QueueUrl=url)


def test_form_is_posted_to_the_queue(sqs, queue):
    form = urllib.parse.urlencode(
        {
            "Action": "SendMessage",
            "MessageBody": "hello",
            "MessageAttribute.1.Name": "color",
            "MessageAttribute.1.Value.DataType": "String",
            "MessageAttribute.1.Value.StringValue": "blue",
        }
    )
    status, _, body = fetch(queue + "/", form)
    assert status == 200
    assert text_at(body, "SendMessageResult", "MD5OfMessageAttributes") == "da1b33cc3cbfe8b1630921e78e6b9880"
    assert receive_one(sqs, queue)["MessageAttributes"]["color"]["StringValue"] == "blue"


def test_get_reads_attributes_without_index(queue):
    status, _, body = fetch(presign(queue, Action="GetQueueAttributes", AttributeName="QueueArn"))
    assert status == 200
    assert text_at(body, "GetQueueAttributesResult", "Attribute", "Name") == "QueueArn"


def test_errors_are_xml_documents(queue):
    status, headers, body = fetch(presign(queue, Action="SendMessage"))
    assert (status, headers["Content-Type"]) == (400, "text/xml")
    assert text_at(body, "Error", "Type") == "Sender"
    assert text_at(body, "Error", "Code") == "MissingParameter"
    assert text_at(body, "Error", "Message") == "The request must contain the parameter MessageBody."
    assert text_at(body, "RequestId") == headers["x-amzn-RequestId"]


def test_unknown_action_and_no_action(queue):
    status, _, body = fetch(presign(queue, Action="Nonsense"))
    assert (status, text_at(body, "Error", "Code")) == (400, "InvalidAction")
    status, _, body = fetch(queue)
    assert (status, body.strip()) == (404, b"<UnknownOperationException/>")


def test_call_that_names_no_queue_is_an_invalid_address(endpoint):
    status, _, body = fetch(presign(endpoint, Action="ReceiveMessage"))
    assert (status, text_at(body, "Error", "Code")) == (404, "InvalidAddress")


def test_get_must_be_signed(sqs, queue):
    for agent, url in (
        ("curl/8.0", f"{queue}?Action=DeleteQueue"),
        ("Mozilla/5.0", presign(queue, Action="DeleteQueue")),
    ):
        status, _, body = fetch(url, headers={"User-Agent": agent})
        # What is refused before a service has it comes in the namespace of all services.
        code = ElementTree.fromstring(body).findtext("{*}Error/{*}Code")
        assert (status, code) == (403, "MissingAuthenticationToken")
    assert sqs.get_queue_attributes(QueueUrl=queue)


def test_json_is_posted_to_the_queue(sqs, queue):
    headers = {"X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": "application/x-amz-json-1.0"}
    status, _, _ = fetch(queue, f'{{"QueueUrl":"{queue}","MessageBody":"php"}}', headers)
    assert status == 200
    assert receive_one(sqs, queue)["Body"] == "php"


def test_malformed_json_is_refused(endpoint):
    headers = {"X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": "application/x-amz-json-1.0"}
    for bad in ("{", "[]", '"x"'):
        status, answered, body = fetch(endpoint, bad, headers)
        assert status == 400
        assert answered["x-amzn-query-error"] == "MalformedInput;Sender"
        assert b"com.amazon.coral.service#SerializationException" in body
