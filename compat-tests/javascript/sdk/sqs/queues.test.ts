// A queue's life, in the words of the SDK's commands; elsewhere the scenarios use its shorter methods.
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { newName, test } from "../../scenario/fixtures";
import { settings } from "../../scenario/server";
import { attributes, eventually, receive, receiveCount } from "../../scenario/steps";

test("a queue is created, used, emptied and deleted", async () => {
  const client = new SQSClient(settings());
  const name = newName();
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { DelaySeconds: "0" }, tags: { team: "orders" } }),
  );
  expect(new URL(QueueUrl!).pathname).toMatch(new RegExp(`^/[0-9]{12}/${name}$`));
  expect((await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl);
  expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: name }))).QueueUrls).toEqual([QueueUrl]);

  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "40" } }));
  const shown = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout", "QueueArn"] }),
  );
  expect(shown.Attributes).toEqual({
    VisibilityTimeout: "40",
    QueueArn: expect.stringMatching(new RegExp(`^arn:aws:sqs:us-east-1:[0-9]{12}:${name}$`)),
  });

  await client.send(new TagQueueCommand({ QueueUrl, Tags: { stage: "test", "é +@": "" } }));
  await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["team"] }));
  expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ stage: "test", "é +@": "" });

  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  expect(sent.MD5OfMessageBody).toBe("5d41402abc4b2a76b9719d911017c592");
  expect(sent.SequenceNumber).toBeUndefined();
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  expect(Messages).toEqual([
    {
      MessageId: sent.MessageId,
      ReceiptHandle: expect.any(String),
      MD5OfBody: sent.MD5OfMessageBody,
      Body: "hello",
    },
  ]);
  for (let times = 0; times < 2; times++) {
    const { ReceiptHandle } = Messages![0];
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })); // twice is no error
  }
  const { Messages: none } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(none ?? []).toEqual([]);

  for (const MessageBody of ["a", "b"]) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  await eventually(async () => {
    return (await attributes(sqs, QueueUrl!, "ApproximateNumberOfMessages")).ApproximateNumberOfMessages === "0";
  });

  await client.send(new DeleteQueueCommand({ QueueUrl }));
  await eventually(() =>
    client.send(new GetQueueUrlCommand({ QueueName: name })).then(
      () => false,
      (error) => error instanceof QueueDoesNotExist,
    ),
  );
  client.destroy();
});

test("a new queue shows AWS's defaults", async ({ queue }) => {
  expect(await attributes(sqs, queue)).toEqual({
    QueueArn: expect.any(String),
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesDelayed: "0",
    ApproximateNumberOfMessagesNotVisible: "0",
    CreatedTimestamp: expect.stringMatching(/^[0-9]{10}$/),
    LastModifiedTimestamp: expect.stringMatching(/^[0-9]{10}$/),
    DelaySeconds: "0",
    MaximumMessageSize: "1048576",
    MessageRetentionPeriod: "345600",
    ReceiveMessageWaitTimeSeconds: "0",
    SqsManagedSseEnabled: "true",
    VisibilityTimeout: "30",
  });
});

test("creating a queue again with the same attributes returns the same queue", async ({ createQueue }) => {
  const url = await createQueue({ VisibilityTimeout: 45 });
  const again = { QueueName: url.slice(url.lastIndexOf("/") + 1), Attributes: { VisibilityTimeout: "45" } };
  expect((await sqs.createQueue(again)).QueueUrl).toBe(url);
});

test("a queue's permissions are kept as its policy", async ({ queue }) => {
  const [account] = new URL(queue).pathname.split("/").slice(1);
  await sqs.addPermission({ QueueUrl: queue, Label: "reader", AWSAccountIds: [account], Actions: ["ReceiveMessage"] });
  const policy = JSON.parse((await attributes(sqs, queue, "Policy")).Policy);
  expect(policy.Statement).toEqual([expect.objectContaining({ Sid: "reader", Action: "SQS:ReceiveMessage" })]);
  await sqs.removePermission({ QueueUrl: queue, Label: "reader" });
  expect((await attributes(sqs, queue)).Policy ?? "").not.toContain("reader");
});

test("a delayed message comes when its delay is over", async ({ queue }) => {
  const started = Date.now();
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "late", DelaySeconds: 1 });
  expect(await receive(sqs, queue)).toEqual([]);
  await receiveCount(sqs, queue, 1);
  expect(Date.now() - started).toBeGreaterThanOrEqual(999);
});
