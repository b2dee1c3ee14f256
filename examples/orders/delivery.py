"""Deliveries, by another company: it has an HTTP API and an API key, and no queue.

EventBridge calls it by an API destination, at most ten times a second; what it answers are events of its own.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shop import Service

API_KEY = "carrier-pigeon"
service = Service("delivery")


def estimate(order, data):
    service.publish("DeliveryEstimated", order, {"delivery_price": 2 + data["weight"] // 1000})


def start(order, data):
    service.publish("DeliveryStarted", order, {"to": data["address"]})


HANDLERS = {"EstimateDelivery": estimate, "StartDelivery": start}


class Carrier(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-Api-Key"] != API_KEY:
            self.send_response(401)
        else:
            service.handle(json.loads(body), HANDLERS)
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Nothing: the service says itself what it does."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Carrier)
    service.ready()
    server.serve_forever()
