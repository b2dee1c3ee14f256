"""Every action that the client knows is answered."""

import json

from scenario import attributes, queue_arn


def test_every_action_of_the_client_is_answered(sqs, make_client, new_name, create_queue):
    client = make_client()
    answered = set()
    client.meta.events.register(
        "after-call.sqs",
        lambda http_response, model, **_: http_response.status_code == 200 and answered.add(model.name),
    )

    dead_letters = create_queue()
    dead_letters_arn = queue_arn(sqs, dead_letters)
    redrive = json.dumps({"deadLetterTargetArn": dead_letters_arn, "maxReceiveCount": 1})
    url = client.create_queue(QueueName=new_name())["QueueUrl"]
    name = url.rsplit("/", 1)[1]

    assert client.get_queue_url(QueueName=name)["QueueUrl"] == url
    assert url in client.list_queues(QueueNamePrefix=name)["QueueUrls"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "40"})
    assert client.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"] == {
        "VisibilityTimeout": "40"
    }
    client.tag_queue(QueueUrl=url, Tags={"team": "orders"})
    assert client.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "orders"}
    client.untag_queue(QueueUrl=url, TagKeys=["team"])
    account = queue_arn(sqs, url).split(":")[4]
    client.add_permission(QueueUrl=url, Label="reader", AWSAccountIds=[account], Actions=["ReceiveMessage"])
    client.remove_permission(QueueUrl=url, Label="reader")
    assert client.list_dead_letter_source_queues(QueueUrl=dead_letters)["queueUrls"] == [url]

    client.send_message(QueueUrl=url, MessageBody="one")
    client.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "two"}])
    first, second = (
        client.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]["ReceiptHandle"] for _ in range(2)
    )
    client.change_message_visibility(QueueUrl=url, ReceiptHandle=first, VisibilityTimeout=60)
    client.change_message_visibility_batch(
        QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": second, "VisibilityTimeout": 60}]
    )
    client.delete_message(QueueUrl=url, ReceiptHandle=first)
    client.delete_message_batch(QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": second}])

    # A rate keeps the task running until it is cancelled.
    for text in ("x", "y", "z"):
        client.send_message(QueueUrl=dead_letters, MessageBody=text)
    task = client.start_message_move_task(
        SourceArn=dead_letters_arn, DestinationArn=queue_arn(sqs, url), MaxNumberOfMessagesPerSecond=1
    )["TaskHandle"]
    assert client.list_message_move_tasks(SourceArn=dead_letters_arn)["Results"]
    client.cancel_message_move_task(TaskHandle=task)

    client.purge_queue(QueueUrl=url)
    assert attributes(client, url)["ApproximateNumberOfMessages"] == "0"
    client.delete_queue(QueueUrl=url)

    assert answered == set(client.meta.service_model.operation_names)
    assert len(answered) == 23
