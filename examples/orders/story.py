"""Plays the story: starts the services, places orders, and holds what the central log says against what must happen."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import boto3

import infrastructure
from shop import BUS, Service, new_key

HERE = Path(__file__).parent
PATIENCE = 60

PAID = [
    "CreateOrder", "OrderCreated", "ReserveItem", "ItemReserved", "DescribeItem", "ItemDescribed",
    "DescribeCustomer", "CustomerDescribed", "EstimateDelivery", "DeliveryEstimated", "MakePayment", "PaymentMade",
    "RemoveItem", "ItemRemoved", "StartDelivery", "DeliveryStarted",
]  # fmt: skip
UNPAID = [*PAID[: PAID.index("PaymentMade")], "PaymentFailed", "UnreserveItem", "ItemUnreserved"]
SOLD_OUT = [*PAID[: PAID.index("ItemReserved")], "ItemNotAvailable"]

processes = {}
lines = Queue()
heard = []


def main():
    port = free_port()
    infrastructure.make(f"http://127.0.0.1:{port}/orders")
    for name in ["order", "inventory", "customer", "payment"]:
        start(name)
    start("delivery", str(port))
    shop = Service("website")

    chapter("An order is paid and delivered")
    place(shop, "order-1", "ada", "book", key := new_key())
    expect("order-1", PAID)

    chapter("It is placed once more: a second event, the same idempotency key")
    place(shop, "order-1", "ada", "book", key)
    hear("absorbs another CreateOrder (order-1)")
    expect("order-1", ["CreateOrder", *PAID])

    chapter("A payment fails: what was reserved is given back")
    place(shop, "order-2", "bob", "book")
    expect("order-2", UNPAID)

    chapter("An item is sold out")
    place(shop, "order-3", "ada", "lamp")
    expect("order-3", SOLD_OUT)

    chapter("Notifications come: one more rule, and the past from the archive")
    start("notification")
    replay("notification")
    hear("We have your order (order-1)")
    hear("It is on its way to you (order-1)")
    hear("Your payment failed (order-2)")
    place(shop, "order-4", "ada", "book")
    expect("order-4", PAID)
    hear("It is on its way to you (order-4)")

    chapter("The delivery company is down: a dead letter, which is put on the bus again when it is back")
    stop("delivery")
    place(shop, "order-5", "ada", "book")
    event = dead_letter()
    expect("order-5", PAID[: PAID.index("DeliveryEstimated")])
    start("delivery", str(port))
    put_again(event)
    expect("order-5", [*PAID[: PAID.index("DeliveryEstimated")], *PAID[PAID.index("EstimateDelivery") :]])

    expect("order-1", ["CreateOrder", *PAID])
    print("\nThe end: everything happened as it must.")


def place(shop, order, customer, item, key=None):
    shop.publish("CreateOrder", order, {"customer": customer, "item": item}, key or new_key())


def expect(order, wanted):
    """Waits until the central log has these events of the order, and no others."""
    logs = boto3.client("logs")
    pages = logs.get_paginator("filter_log_events")
    pattern = f'{{ $.detail.metadata.correlation_id = "{order}" }}'
    deadline = time.monotonic() + PATIENCE
    found = []
    while sorted(found) != sorted(wanted):
        if time.monotonic() > deadline:
            raise SystemExit(f"{order}:\nwanted {wanted}\nfound  {found}")
        time.sleep(0.05)
        found = [
            json.loads(event["message"])["detail-type"]
            for page in pages.paginate(logGroupName=infrastructure.LOG, filterPattern=pattern)
            for event in page["events"]
        ]
    print(f"         log: {len(found)} events of {order}, {found[-1]} the last", flush=True)


def replay(rule):
    """Replays the archive to one rule."""
    events = boto3.client("events")
    bus = events.describe_event_bus(Name=BUS)["Arn"]
    now = time.time()
    events.start_replay(
        ReplayName="notifications",
        EventSourceArn=events.describe_archive(ArchiveName=infrastructure.ARCHIVE)["ArchiveArn"],
        EventStartTime=now - 3600,
        EventEndTime=now + 1,
        Destination={"Arn": bus, "FilterArns": [events.describe_rule(Name=rule, EventBusName=BUS)["Arn"]]},
    )


def dead_letter():
    """Waits for the event that could not be delivered."""
    sqs = boto3.client("sqs")
    queue = sqs.get_queue_url(QueueName=infrastructure.DEAD_LETTERS)["QueueUrl"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20, MessageAttributeNames=["All"])
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            said = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
            assert said["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts", said
            print(f" dead letter: {said['ERROR_CODE']} after {said['RETRY_ATTEMPTS']} retries", flush=True)
            return json.loads(message["Body"])
    raise SystemExit("there is no dead letter")


def put_again(event):
    """A dead letter is an envelope, not an entry."""
    entry = {
        "EventBusName": BUS,
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
    }
    boto3.client("events").put_events(Entries=[entry])


def start(name, *arguments):
    process = subprocess.Popen(
        [sys.executable, HERE / f"{name}.py", *arguments], stdout=subprocess.PIPE, text=True, cwd=HERE
    )
    processes[name] = process
    Thread(target=relay, args=(name, process.stdout), daemon=True).start()
    hear(f"{name} ready")


def relay(name, output):
    for line in output:
        if line == "ready\n":
            lines.put(f"{name} ready")
        else:
            print(line, end="", flush=True)
            lines.put(line.rstrip())


def hear(text):
    """Waits until a service has said it."""
    deadline = time.monotonic() + PATIENCE
    while not any(line.endswith(text) for line in heard):
        try:
            heard.append(lines.get(timeout=max(0, deadline - time.monotonic())))
        except Empty:
            raise SystemExit(f"nobody said: {text}") from None


def stop(name):
    process = processes.pop(name)
    process.terminate()
    process.wait()
    heard.remove(f"{name} ready")


def chapter(title):
    print(f"\n== {title}", flush=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


if __name__ == "__main__":
    try:
        main()
    finally:
        for name in list(processes):
            stop(name)
