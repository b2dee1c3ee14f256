"""Batches: each entry has its own outcome, and a bad envelope refuses all."""

from scenario import bodies, receive, receive_count, refused

PREFIX = "AWS.SimpleQueueService."


def test_batch_is_sent_changed_and_deleted(sqs, queue):
    attribute = {"n": {"DataType": "Number", "StringValue": "1"}}
    entries = [{"Id": f"id_{n}", "MessageBody": f"body {n}", "MessageAttributes": attribute} for n in range(10)]
    sent = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    assert "Failed" not in sent
    assert [entry["Id"] for entry in sent["Successful"]] == [entry["Id"] for entry in entries]

    messages = receive_count(sqs, queue, 10)
    assert sorted(bodies(messages)) == [entry["MessageBody"] for entry in entries]
    assert {m["MessageId"] for m in messages} == {entry["MessageId"] for entry in sent["Successful"]}

    handles = [{"Id": f"id-{n}", "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
    changed = sqs.change_message_visibility_batch(
        QueueUrl=queue, Entries=[handle | {"VisibilityTimeout": 60} for handle in handles]
    )
    assert [entry["Id"] for entry in changed["Successful"]] == [handle["Id"] for handle in handles]
    deleted = sqs.delete_message_batch(QueueUrl=queue, Entries=handles)
    assert [entry["Id"] for entry in deleted["Successful"]] == [handle["Id"] for handle in handles]
    assert "Failed" not in changed
    assert "Failed" not in deleted


def test_bad_entries_fail_alone(sqs, create_queue):
    url = create_queue(MaximumMessageSize=1024)
    answer = sqs.send_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "good", "MessageBody": "x" * 1024},
            {"Id": "long", "MessageBody": "x" * 1025},
            {"Id": "control", "MessageBody": "\x00"},
            {"Id": "delay", "MessageBody": "x", "DelaySeconds": 901},
            {"Id": "fine", "MessageBody": "y"},
        ],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["good", "fine"]
    assert [(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in answer["Failed"]] == [
        ("long", "InvalidParameterValue", True),
        ("control", "InvalidMessageContents", True),
        ("delay", "InvalidParameterValue", True),
    ]
    assert answer["Failed"][0]["Message"] == (
        "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."
    )
    assert len(receive_count(sqs, url, 2)) == 2


def test_all_entries_may_fail(sqs, queue):
    answer = sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": "a", "MessageBody": "\x00"}])
    assert "Successful" not in answer
    assert len(answer["Failed"]) == 1


def test_bad_handles_fail_alone(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    (message,) = receive_count(sqs, queue, 1)
    handles = [
        {"Id": "bad", "ReceiptHandle": "garbage"},
        {"Id": "good", "ReceiptHandle": message["ReceiptHandle"]},
    ]
    changes = [handle | {"VisibilityTimeout": 30} for handle in handles]
    for answer in (
        sqs.change_message_visibility_batch(QueueUrl=queue, Entries=changes),
        sqs.delete_message_batch(QueueUrl=queue, Entries=handles),
    ):
        assert [entry["Id"] for entry in answer["Successful"]] == ["good"]
        assert answer["Failed"] == [
            {
                "Id": "bad",
                "Code": "ReceiptHandleIsInvalid",
                "SenderFault": True,
                "Message": 'The input receipt handle "garbage" is not a valid receipt handle.',
            }
        ]
    assert receive(sqs, queue) == []


def test_bad_envelopes_refuse_the_whole_batch(sqs, queue):
    def entries(*ids):
        return [{"Id": id, "MessageBody": "x"} for id in ids]

    exceptions = sqs.exceptions
    with refused(PREFIX + "EmptyBatchRequest", exception=exceptions.EmptyBatchRequest):
        sqs.send_message_batch(QueueUrl=queue, Entries=[])
    with refused(
        PREFIX + "TooManyEntriesInBatchRequest",
        exception=exceptions.TooManyEntriesInBatchRequest,
        message="Maximum number of entries per request are 10. You have sent 11.",
    ):
        sqs.send_message_batch(QueueUrl=queue, Entries=entries(*map(str, range(11))))
    for bad in ("", "a b", "ä", "x" * 81):
        with refused(PREFIX + "InvalidBatchEntryId", exception=exceptions.InvalidBatchEntryId):
            sqs.send_message_batch(QueueUrl=queue, Entries=entries("good", bad))
    with refused(
        PREFIX + "BatchEntryIdsNotDistinct",
        exception=exceptions.BatchEntryIdsNotDistinct,
        message="Id b repeated.",
    ):
        sqs.send_message_batch(QueueUrl=queue, Entries=entries("a", "b", "b", "a"))
    with refused(PREFIX + "BatchRequestTooLong", exception=exceptions.BatchRequestTooLong):
        halves = [{"Id": "a", "MessageBody": "x" * 524_288}, {"Id": "b", "MessageBody": "x" * 524_289}]
        sqs.send_message_batch(QueueUrl=queue, Entries=halves)
    assert receive(sqs, queue) == []
