"""Powertools for AWS Lambda over messages as a Lambda function gets them: received, and put into an event."""

import json

import pytest
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    SqsFifoPartialProcessor,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes import SQSEvent
from aws_lambda_powertools.utilities.parser import BaseModel, envelopes, parse
from conftest import REGION
from scenario import queue_arn, receive_count


class Order(BaseModel):
    id: int
    items: list[str]


def event_of(messages, arn):
    """The event that Lambda makes of received messages."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {
                    name: {f"{key[0].lower()}{key[1:]}": value for key, value in attribute.items()}
                    for name, attribute in message.get("MessageAttributes", {}).items()
                },
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": arn,
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def order(number):
    return json.dumps({"id": number, "items": ["é", "b"]})


def refuse_odd_ones(record):
    if record.json_body["id"] % 2:
        raise ValueError(record.body)


def test_batch_processor_reports_failed_messages(sqs, queue):
    for number in range(6):
        sqs.send_message(QueueUrl=queue, MessageBody=order(number))
    messages = receive_count(sqs, queue, 6)
    failed = process_partial_response(
        event=event_of(messages, queue_arn(sqs, queue)),
        record_handler=refuse_odd_ones,
        processor=BatchProcessor(event_type=EventType.SQS),
    )
    odd = {message["MessageId"] for message in messages if json.loads(message["Body"])["id"] % 2}
    assert {failure["itemIdentifier"] for failure in failed["batchItemFailures"]} == odd


def test_fifo_processor_stops_at_the_first_failure(sqs, fifo_queue):
    for number in (0, 2, 3, 4):
        group = {"MessageGroupId": "g", "MessageDeduplicationId": str(number)}
        sqs.send_message(QueueUrl=fifo_queue, MessageBody=order(number), **group)
    messages = receive_count(sqs, fifo_queue, 4)
    failed = process_partial_response(
        event=event_of(messages, queue_arn(sqs, fifo_queue)),
        record_handler=refuse_odd_ones,
        processor=SqsFifoPartialProcessor(),
    )
    identifiers = [failure["itemIdentifier"] for failure in failed["batchItemFailures"]]
    assert identifiers == [message["MessageId"] for message in messages[2:]]


def test_event_shows_the_contents_of_the_message(sqs, queue):
    attribute = {"count": {"DataType": "Number", "StringValue": "3"}}
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    sqs.send_message(QueueUrl=queue, MessageBody=order(1), MessageAttributes=attribute, MessageSystemAttributes=trace)
    (record,) = SQSEvent(event_of(receive_count(sqs, queue, 1), queue_arn(sqs, queue))).records
    assert record.json_body["id"] == 1
    assert record.message_attributes["count"].string_value == "3"
    assert record.attributes.aws_trace_header == "Root=1-5759e988-bd862e3fe1be46a994272793"
    assert record.attributes.approximate_receive_count == "1"
    assert record.queue_url.endswith(queue.split("/", 3)[3])


@pytest.mark.topiq  # AWS requires a policy on the queue
def test_parser_finds_the_order_in_an_sns_envelope(sqs, make_client, queue, new_name):
    sns = make_client("sns")
    topic = sns.create_topic(Name=new_name())["TopicArn"]
    arn = queue_arn(sqs, queue)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=topic, Message=order(7), Subject="s")
    event = event_of(receive_count(sqs, queue, 1), arn)
    assert parse(event, model=Order, envelope=envelopes.SnsSqsEnvelope) == [Order(id=7, items=["é", "b"])]
    sns.delete_topic(TopicArn=topic)
