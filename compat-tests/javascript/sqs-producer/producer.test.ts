// sqs-producer: one message or many, which it cuts into batches.
import { Producer } from "sqs-producer";
import { expect } from "vitest";
import { sqs } from "../scenario/clients";
import { test } from "../scenario/fixtures";
import { bodies, consume, receiveCount, receiveOne } from "../scenario/steps";

test("one message is sent", async ({ queue }) => {
  const [sent] = await Producer.create({ queueUrl: queue, sqs }).send("hello"); // a bare text is its own id
  const message = await receiveOne(sqs, queue);
  expect(message.Body).toBe("hello");
  expect(message.MessageId).toBe(sent.MessageId);
});

test("a message takes its attributes along", async ({ queue }) => {
  const messageAttributes = { kind: { DataType: "String", StringValue: "order" } };
  const producer = Producer.create({ queueUrl: queue, sqs });
  const [sent] = await producer.send({ id: "id1", body: "x", messageAttributes, delaySeconds: 1 });
  expect(sent.Id).toBe("id1");
  expect(await producer.queueSize(), "it is delayed").toBe(0);
  const message = await receiveOne(sqs, queue);
  expect(message.MessageAttributes).toEqual(messageAttributes);
  expect(message.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
});

test("many messages are cut into batches", async ({ queue }) => {
  const producer = Producer.create({ queueUrl: queue, sqs });
  const texts = Array.from({ length: 25 }, (_, n) => `message-${n}`);
  expect(await producer.send(texts)).toHaveLength(25);
  expect(await producer.queueSize()).toBe(25);
  expect(bodies(await receiveCount(sqs, queue, 25)).sort()).toEqual(texts.sort());
});

test("messages of a group arrive in order, and once", async ({ fifoQueue }) => {
  const producer = Producer.create({ queueUrl: fifoQueue, sqs, batchSize: 3 });
  const messages = Array.from({ length: 7 }, (_, n) => ({
    id: `${n}`,
    body: `${n}`,
    groupId: "g",
    deduplicationId: `d-${n}`,
  }));
  await producer.send(messages);
  await producer.send({ ...messages[0], body: "a duplicate" });
  expect(bodies(await consume(sqs, fifoQueue, 7))).toEqual(messages.map((message) => message.body));
  expect(await producer.queueSize()).toBe(0);
});

test("the ids of failed messages are reported", async ({ createQueue }) => {
  const url = await createQueue({ MaximumMessageSize: 1024 });
  const sending = Producer.create({ queueUrl: url, sqs }).send([
    { id: "good", body: "x" },
    { id: "long", body: "x".repeat(1025) },
    { id: "control", body: "\0" },
  ]);
  await expect(sending).rejects.toMatchObject({
    message: "Failed to send messages: long, control",
    failedMessages: ["long", "control"],
  });
  expect((await receiveOne(sqs, url)).Body).toBe("x");
});
