"""Streams by the AWS CLI, whose process lives for one call."""

import base64

import pytest

pytestmark = pytest.mark.topiq


def test_a_record_goes_in_and_comes_out(aws, new_name):
    name = new_name()
    kinesis = lambda *words: aws(*words, service="kinesis")  # noqa: E731
    assert kinesis("create-stream", "--stream-name", name, "--shard-count", "1") is None
    try:
        put = kinesis("put-record", "--stream-name", name, "--partition-key", "a", "--data", "hello")
        shard = put["ShardId"]
        start = ["--stream-name", name, "--shard-id", shard, "--shard-iterator-type", "TRIM_HORIZON"]
        iterator = kinesis("get-shard-iterator", *start)["ShardIterator"]
        (record,) = kinesis("get-records", "--shard-iterator", iterator)["Records"]
        data = base64.b64encode(b"hello").decode()
        assert (record["Data"], record["SequenceNumber"]) == (data, put["SequenceNumber"])
        assert name in kinesis("list-streams")["StreamNames"]
    finally:
        kinesis("delete-stream", "--stream-name", name)
