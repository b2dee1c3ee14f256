// A received message is hidden until its timeout ends or is changed.
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { receive, receiveOne, refusal } from "../../scenario/steps";

test("a message is hidden, put back, and counts its receives", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" });
  for (const count of ["1", "2", "3"]) {
    const message = await receiveOne(sqs, queue);
    expect(message.Attributes!.ApproximateReceiveCount).toBe(count);
    expect(await receive(sqs, queue), "it is hidden").toEqual([]);
    const { ReceiptHandle } = message;
    await sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 });
  }
});

test("a message comes back when its timeout ends", async ({ createQueue }) => {
  const url = await createQueue({ VisibilityTimeout: 1 });
  await sqs.sendMessage({ QueueUrl: url, MessageBody: "x" });
  const started = Date.now();
  const first = await receiveOne(sqs, url);
  const second = await receiveOne(sqs, url);
  expect(Date.now() - started).toBeGreaterThanOrEqual(999);
  expect(second.MessageId).toBe(first.MessageId);
  expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
  expect(second.Attributes!.ApproximateFirstReceiveTimestamp).toBe(first.Attributes!.ApproximateFirstReceiveTimestamp);
});

test("a timeout can be extended", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" });
  const { ReceiptHandle } = await receiveOne(sqs, queue, { VisibilityTimeout: 2 });
  await sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 600 });
  expect(await receive(sqs, queue, { WaitTimeSeconds: 3 })).toEqual([]);
});

test("a deleted message's timeout cannot be changed", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" });
  const { ReceiptHandle } = await receiveOne(sqs, queue);
  await sqs.deleteMessage({ QueueUrl: queue, ReceiptHandle });
  const change = sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 });
  expect((await refusal(change)).name).toMatch(/^InvalidParameterValue/);
});
