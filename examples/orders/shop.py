"""What the services of the shop have in common: one bus, one envelope, and a queue of their own behind one rule."""

import json
import uuid

import boto3

BUS = "shop"


class Service:
    """A service that knows the bus and nobody else."""

    def __init__(self, name):
        self.name = name
        self.source = f"shop.{name}"
        self.events = boto3.client("events")
        self.sqs = boto3.client("sqs")
        # What was done already. In production it is a table, written in the same transaction as the service's own state.
        self.done = set()

    def publish(self, detail_type, order, data, key=None):
        """Puts an event on the bus. Its key is made of the order's, so that doing a thing twice gives the same key."""
        metadata = {
            "domain": "shop",
            "service": self.name,
            "correlation_id": order,
            "idempotency_key": key or f"{order}/{detail_type}",
        }
        entry = {
            "EventBusName": BUS,
            "Source": self.source,
            "DetailType": detail_type,
            "Detail": json.dumps({"metadata": metadata, "data": data}),
        }
        answer = self.events.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise RuntimeError(f"{detail_type}: {answer['Entries']}")
        self.say(detail_type, order)

    def listen(self, detail_types):
        """Makes the service's queue, its dead-letter queue and the one rule that brings its events. Returns its URL."""
        dead = self.queue(f"{self.name}-dead-letters")
        redrive = {"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": "3"}
        queue = self.queue(self.name, RedrivePolicy=json.dumps(redrive))
        pattern = {"detail-type": detail_types, "detail": {"metadata": {"domain": ["shop"]}}}
        rule = self.events.put_rule(Name=self.name, EventBusName=BUS, EventPattern=json.dumps(pattern))
        allow = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": self.arn(queue),
                "Condition": {"ArnEquals": {"aws:SourceArn": rule["RuleArn"]}},
            },
        }
        self.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(allow)})
        self.events.put_targets(
            Rule=self.name, EventBusName=BUS, Targets=[{"Id": "queue", "Arn": self.arn(queue)}]
        )
        return queue

    def run(self, handlers):
        """Handles events until it is stopped: `handlers` has a function of the order and the data for each detail type."""
        queue = self.listen(sorted(handlers))
        self.ready()
        while True:
            answer = self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=20)
            for message in answer.get("Messages", []):
                self.handle(json.loads(message["Body"]), handlers)
                # Only now: what is not handled comes again, and in the end goes to the dead-letter queue.
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def handle(self, event, handlers):
        """Handles an event once, however often it comes. Its `id` is not enough: who sends twice makes two events."""
        metadata = event["detail"]["metadata"]
        key = metadata["idempotency_key"]
        if key in self.done:
            self.say(f"absorbs another {event['detail-type']}", metadata["correlation_id"])
            return
        handlers[event["detail-type"]](metadata["correlation_id"], event["detail"]["data"])
        self.done.add(key)

    def queue(self, name, **attributes):
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def arn(self, queue):
        attributes = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        return attributes["Attributes"]["QueueArn"]

    def ready(self):
        print("ready", flush=True)

    def say(self, what, order):
        print(f"{self.name:>12}: {what} ({order})", flush=True)


def new_key():
    """The idempotency key of something that somebody asks for."""
    return str(uuid.uuid4())
