"""A new user's first steps with topiq, in bare HTTP: no SDK, so nothing to install."""

import json
import queue
import ssl
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PATIENCE_SECONDS = 30
_AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20260102/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"


def all_of(endpoint):
    """Raises an error if the server at `endpoint` is wrong."""
    _health(endpoint)
    _queue(endpoint)
    _delivery(endpoint)


def queues(endpoint):
    """The names of all queues."""
    urls = _json(endpoint, "ListQueues", {}).get("QueueUrls", [])
    return {url.rpartition("/")[2] for url in urls}


def https(endpoint, authority):
    """The server's certificate comes from this authority."""
    trust = ssl.create_default_context(cafile=str(authority))
    with urllib.request.urlopen(f"{endpoint}/health", timeout=_PATIENCE_SECONDS, context=trust) as answer:
        assert answer.status == 200


def _health(endpoint):
    assert json.loads(_get(f"{endpoint}/health"))["status"] == "running"
    # LocalStack's Testcontainers modules and compose files wait for these, and search them for texts.
    services = json.loads(_get(f"{endpoint}/_localstack/health"))["services"]
    assert {services["sqs"], services["sns"]} <= {"available", "running"}, services
    assert '"completed": true' in _get(f"{endpoint}/_localstack/init/ready")


def _queue(endpoint):
    url = _json(endpoint, "CreateQueue", {"QueueName": "orders"})["QueueUrl"]
    assert url.startswith(endpoint), url
    _json(endpoint, "SendMessage", {"QueueUrl": url, "MessageBody": "by JSON"})
    assert "<Body>by JSON</Body>" in _query(endpoint, "sqs", Action="ReceiveMessage", QueueUrl=url)
    _query(endpoint, "sqs", Action="SendMessage", QueueUrl=url, MessageBody="by Query")
    (message,) = _json(endpoint, "ReceiveMessage", {"QueueUrl": url})["Messages"]
    assert message["Body"] == "by Query", message


def _delivery(endpoint):
    with _Receiver() as receiver:
        answer = _query(endpoint, "sns", Action="CreateTopic", Name="orders")
        topic = _between(answer, "<TopicArn>", "</TopicArn>")
        _query(endpoint, "sns", Action="Subscribe", TopicArn=topic, Protocol="http", Endpoint=receiver.url)
        _get(receiver.next()["SubscribeURL"])
        _query(endpoint, "sns", Action="Publish", TopicArn=topic, Message="hello")
        notification = receiver.next()
        assert (notification["Type"], notification["Message"]) == ("Notification", "hello"), notification


class _Receiver:
    """An endpoint that SNS posts to."""

    def __enter__(self):
        posted = self._posted = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                posted.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def next(self):
        return self._posted.get(timeout=_PATIENCE_SECONDS)


def _json(endpoint, action, body):
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AmazonSQS.{action}"}
    return json.loads(_post(endpoint, "sqs", headers, json.dumps(body)))


def _query(endpoint, service, **form):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return _post(endpoint, service, headers, urllib.parse.urlencode(form))


def _post(endpoint, service, headers, body):
    headers["Authorization"] = _AUTHORIZATION.format(service)
    return _open(urllib.request.Request(endpoint, body.encode(), headers))


def _get(url):
    return _open(url)


def _open(request):
    with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:
        return answer.read().decode()


def _between(text, start, end):
    return text.split(start)[1].split(end)[0]
