"""Powertools for AWS Lambda over messages as a Lambda function gets them: received, and put into an event."""

import base64
import datetime
import json

import pytest
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    SqsFifoPartialProcessor,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent, SQSEvent
from aws_lambda_powertools.utilities.parser import BaseModel, envelopes, parse
from aws_lambda_powertools.utilities.parser.models import (
    EventBridgeModel,
    KinesisDataStreamModel,
    SnsNotificationModel,
    SqsModel,
)
from conftest import ACCOUNT, REGION
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


@pytest.fixture
def rule(make_client, new_name):
    """Makes a rule for a target, and returns what puts an event on its bus."""
    events, bus = make_client("events"), new_name()
    named = {"Rule": "orders", "EventBusName": bus}
    events.create_event_bus(Name=bus)
    events.put_rule(Name="orders", EventBusName=bus, EventPattern='{"source": ["shop.orders"]}')

    def run(target):
        events.put_targets(**named, Targets=[{"Id": "1", "Arn": target}])
        entry = {"EventBusName": bus, "Source": "shop.orders", "DetailType": "OrderPlaced", "Resources": ["arn:é"]}
        return lambda detail: events.put_events(Entries=[{**entry, "Detail": detail}])["Entries"][0]["EventId"]

    yield run
    events.remove_targets(**named, Ids=["1"])
    events.delete_rule(Name="orders", EventBusName=bus)
    events.delete_event_bus(Name=bus)


@pytest.mark.topiq
def test_parser_reads_the_event_that_a_rule_delivers(sqs, queue, rule):
    arn = queue_arn(sqs, queue)
    identifier = rule(arn)(order(7))
    event = parse(event_of(receive_count(sqs, queue, 1), arn), model=SqsModel)
    body = event.Records[0].body
    model = EventBridgeModel.model_validate_json(body)
    assert (model.id, model.version, model.account, model.region) == (identifier, "0", ACCOUNT, REGION)
    assert (model.source, model.detail_type, model.resources) == ("shop.orders", "OrderPlaced", ["arn:é"])
    assert abs(datetime.datetime.now(datetime.timezone.utc) - model.time) < datetime.timedelta(minutes=5)
    assert model.replay_name is None
    assert parse(json.loads(body), model=Order, envelope=envelopes.EventBridgeEnvelope) == Order(id=7, items=["é", "b"])

    shown = EventBridgeEvent(json.loads(body))
    assert (shown.get_id, shown.source, shown.detail_type) == (identifier, "shop.orders", "OrderPlaced")
    assert (shown.detail["id"], shown.resources) == (7, ["arn:é"])
    assert shown.time == model.time.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.topiq
def test_parser_reads_the_event_that_came_by_a_topic(sqs, make_client, queue, rule, new_name):
    sns = make_client("sns")
    topic = sns.create_topic(Name=new_name())["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(sqs, queue))
    identifier = rule(topic)(order(7))
    (message,) = receive_count(sqs, queue, 1)
    notification = SnsNotificationModel.model_validate_json(message["Body"])
    assert EventBridgeModel.model_validate_json(notification.Message).id == identifier
    sns.delete_topic(TopicArn=topic)


@pytest.mark.topiq
def test_parser_reads_the_event_that_came_by_a_stream(make_client, rule, new_name):
    kinesis, stream = make_client("kinesis"), new_name()
    kinesis.create_stream(StreamName=stream, ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    identifier = rule(arn)(order(7))
    shard = "shardId-000000000000"
    start = {"StreamName": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = kinesis.get_shard_iterator(**start)["ShardIterator"]
    (record,) = kinesis.get_records(ShardIterator=iterator)["Records"]
    kinesis.delete_stream(StreamName=stream)
    event = parse(stream_event_of(record, shard, arn), model=KinesisDataStreamModel)
    (read,) = event.Records
    assert EventBridgeModel.model_validate_json(read.kinesis.data).id == identifier
    assert read.kinesis.partitionKey == identifier


def stream_event_of(record, shard, arn):
    """The event that Lambda makes of a stream's record."""
    return {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": record["PartitionKey"],
                    "sequenceNumber": record["SequenceNumber"],
                    "data": base64.b64encode(record["Data"]).decode(),
                    "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": f"{shard}:{record['SequenceNumber']}",
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": "arn:aws:iam::123456789012:role/r",
                "awsRegion": REGION,
                "eventSourceARN": arn,
            }
        ]
    }
