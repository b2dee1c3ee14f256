"""An HTTP endpoint in this process that SNS and EventBridge post to."""

import json
import queue
import threading
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scenario import PATIENCE_SECONDS


@dataclass
class Posted:
    """A request as received."""

    path: str
    headers: Message
    body: str

    @property
    def type(self):
        return self.headers["x-amz-sns-message-type"]

    @property
    def json(self):
        return json.loads(self.body)


class Receiver:
    """Keeps the requests posted to it, and answers by `answers` first, then always by `status`; with what `bodies` has for
    the path."""

    def __init__(self):
        self.status = 200
        self.answers = []
        self.headers = {}
        self.bodies = {}
        self._posted = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def url(self):
        return f"{self.base}/inbox?from=sns"

    @property
    def base(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def next(self):
        """Waits for the next request."""
        return self._posted.get(timeout=PATIENCE_SECONDS)

    def none_came(self, seconds=1):
        try:
            return self._posted.get(timeout=seconds) is None
        except queue.Empty:
            return True

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(receiver):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status = receiver.answers.pop(0) if receiver.answers else receiver.status
                answer = receiver.bodies.get(self.path, "").encode()
                receiver._posted.put(Posted(self.path, self.headers, body))
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self):
                receiver._posted.put(Posted(self.path, self.headers, ""))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler
