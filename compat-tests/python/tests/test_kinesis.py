"""Records go into a stream's shards, and come out in order, across a split; consumers have them pushed."""

from contextlib import closing

import pytest
from botocore.exceptions import ClientError, EventStreamError
from scenario import eventually

# Streams cost money by the hour on AWS, and take their time there.
pytestmark = pytest.mark.topiq


@pytest.fixture
def kinesis(make_client):
    return make_client("kinesis")


@pytest.fixture
def stream(kinesis, new_name):
    name = new_name()
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name)
    yield name
    kinesis.delete_stream(StreamName=name, EnforceConsumerDeletion=True)


def read(kinesis, stream, shard):
    """All records of a shard, and its children if it is closed."""
    answer = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    iterator, records = answer["ShardIterator"], []
    while iterator:
        answer = kinesis.get_records(ShardIterator=iterator, Limit=2)
        records += answer["Records"]
        iterator = answer.get("NextShardIterator")
        if not answer["Records"] and answer["MillisBehindLatest"] == 0:
            break
    return records, answer.get("ChildShards")


def test_records_are_read_in_order_across_a_split(kinesis, stream):
    for number in range(5):
        kinesis.put_record(StreamName=stream, PartitionKey="a", Data=f"{number}".encode())
    middle = str(1 << 127)
    kinesis.split_shard(StreamName=stream, ShardToSplit="shardId-000000000000", NewStartingHashKey=middle)
    entries = [{"PartitionKey": "a", "Data": f"{number}".encode()} for number in range(5, 8)]
    answer = kinesis.put_records(StreamName=stream, Records=entries)
    assert answer["FailedRecordCount"] == 0

    records, children = read(kinesis, stream, "shardId-000000000000")
    assert [record["Data"] for record in records] == [b"0", b"1", b"2", b"3", b"4"]
    sequence = [int(record["SequenceNumber"]) for record in records]
    assert sequence == sorted(set(sequence))
    assert [child["ParentShards"] for child in children] == [["shardId-000000000000"]] * 2

    shard = answer["Records"][0]["ShardId"]
    records, _ = read(kinesis, stream, shard)
    assert [record["Data"] for record in records] == [b"5", b"6", b"7"]


def test_streams_and_shards_are_listed_by_pages(kinesis, stream):
    names = kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 1})
    assert stream in [name for page in names for name in page["StreamNames"]]
    kinesis.update_shard_count(StreamName=stream, TargetShardCount=2, ScalingType="UNIFORM_SCALING")
    # boto3's paginator names the stream beside the token, which AWS refuses.
    answer = kinesis.list_shards(StreamName=stream, MaxResults=1)
    shards = answer["Shards"]
    while token := answer.get("NextToken"):
        answer = kinesis.list_shards(NextToken=token, MaxResults=1)
        shards += answer["Shards"]
    assert [shard.get("ParentShardId") for shard in shards] == [None] + ["shardId-000000000000"] * 2


def test_refusals_are_typed_exceptions(kinesis, new_name):
    with pytest.raises(kinesis.exceptions.ResourceNotFoundException):
        kinesis.describe_stream(StreamName=new_name())
    with pytest.raises(kinesis.exceptions.InvalidArgumentException):
        kinesis.get_records(ShardIterator="none")
    with pytest.raises(ClientError, match="Member must satisfy regular expression pattern"):
        kinesis.create_stream(StreamName="no name", ShardCount=1)


def test_a_rule_delivers_to_a_stream(make_client, kinesis, stream, new_name):
    events = make_client("events")
    bus, arn = new_name(), kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    events.create_event_bus(Name=bus)
    try:
        events.put_rule(Name="orders", EventBusName=bus, EventPattern='{"source": ["shop.orders"]}')
        events.put_targets(Rule="orders", EventBusName=bus, Targets=[{"Id": "stream", "Arn": arn}])
        entry = {"EventBusName": bus, "Source": "shop.orders", "DetailType": "OrderPlaced", "Detail": "{}"}
        events.put_events(Entries=[entry])
        (record,) = eventually(lambda: read(kinesis, stream, "shardId-000000000000")[0])
        assert b'"source":"shop.orders"' in record["Data"]
    finally:
        events.remove_targets(Rule="orders", EventBusName=bus, Ids=["stream"])
        events.delete_rule(Name="orders", EventBusName=bus)
        events.delete_event_bus(Name=bus)


@pytest.fixture
def consumer(kinesis, stream):
    arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    return kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="shipping")["Consumer"]["ConsumerARN"]


def subscribe(kinesis, consumer, shard, **position):
    answer = kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId=shard, StartingPosition=position)
    return closing(answer["EventStream"])


def events(subscription):
    """What a subscription pushes, event by event."""
    return (event["SubscribeToShardEvent"] for event in subscription)


def pushed(subscription, count):
    """The data of the next records, of which so many are expected, and the position behind them."""
    data = []
    for event in events(subscription):
        data += [record["Data"] for record in event["Records"]]
        if len(data) >= count:
            return data, event["ContinuationSequenceNumber"]
    raise AssertionError(f"the subscription ended after {data}")


def test_records_are_pushed_as_they_come(kinesis, stream, consumer):
    kinesis.put_record(StreamName=stream, PartitionKey="a", Data=b"0")
    shard = "shardId-000000000000"
    with subscribe(kinesis, consumer, shard, Type="TRIM_HORIZON") as subscription:
        assert pushed(subscription, 1)[0] == [b"0"]
        kinesis.put_record(StreamName=stream, PartitionKey="a", Data=b"1\xff")
        kinesis.put_record(StreamName=stream, PartitionKey="a", Data=b"2")
        data, last = pushed(subscription, 2)
        assert data == [b"1\xff", b"2"]
    kinesis.put_record(StreamName=stream, PartitionKey="a", Data=b"3")

    def again():
        # The server learns that the connection is closed when it does.
        try:
            return subscribe(kinesis, consumer, shard, Type="AFTER_SEQUENCE_NUMBER", SequenceNumber=last)
        except kinesis.exceptions.ResourceInUseException:
            return None

    with eventually(again) as subscription:
        assert pushed(subscription, 1)[0] == [b"3"]


def test_a_subscription_to_a_closed_shard_ends_with_its_children(kinesis, stream, consumer):
    shard = "shardId-000000000000"
    with subscribe(kinesis, consumer, shard, Type="LATEST") as subscription:
        pushing = events(subscription)
        assert next(pushing)["Records"] == []
        kinesis.put_record(StreamName=stream, PartitionKey="a", Data=b"last")
        kinesis.split_shard(StreamName=stream, ShardToSplit=shard, NewStartingHashKey=str(1 << 127))
        *others, end = pushing
    assert [record["Data"] for event in others for record in event["Records"]] == [b"last"]
    assert "ContinuationSequenceNumber" not in end
    assert [child["ParentShards"] for child in end["ChildShards"]] == [[shard]] * 2


def test_a_consumer_that_is_gone_ends_its_subscription(kinesis, stream, consumer):
    with subscribe(kinesis, consumer, "shardId-000000000000", Type="LATEST") as subscription:
        pushing = events(subscription)
        next(pushing)
        kinesis.deregister_stream_consumer(ConsumerARN=consumer)
        with pytest.raises(EventStreamError, match="ResourceNotFoundException"):
            list(pushing)


def test_one_subscription_at_a_time(kinesis, stream, consumer):
    shard = "shardId-000000000000"
    with subscribe(kinesis, consumer, shard, Type="LATEST"):
        with pytest.raises(kinesis.exceptions.ResourceInUseException):
            subscribe(kinesis, consumer, shard, Type="LATEST")
