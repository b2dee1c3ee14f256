// FIFO queues: order, groups, deduplication.
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { bodies, consume, receive, receiveOne, remove } from "../../scenario/steps";

const BY_CONTENT = { FifoQueue: true, ContentBasedDeduplication: true };

function send(url: string, text: string, MessageGroupId = "g", MessageDeduplicationId?: string) {
  return sqs.sendMessage({ QueueUrl: url, MessageBody: text, MessageGroupId, MessageDeduplicationId });
}

test("messages of a group come in the order of sending", async ({ createQueue }) => {
  const url = await createQueue(BY_CONTENT);
  const sent = [];
  for (let n = 0; n < 25; n++) sent.push(await send(url, `${n}`));
  const numbers = sent.map((answer) => answer.SequenceNumber!);
  expect(numbers.every((number) => /^[0-9]{20}$/.test(number))).toBe(true);
  expect(numbers).toEqual([...new Set(numbers)].sort());

  const messages = await consume(sqs, url, 25);
  expect(bodies(messages)).toEqual(Array.from({ length: 25 }, (_, n) => `${n}`));
  expect(messages.map((message) => message.Attributes!.SequenceNumber)).toEqual(numbers);
});

test("a group waits for its message in flight, other groups do not", async ({ createQueue }) => {
  const url = await createQueue(BY_CONTENT);
  for (const [text, group] of [
    ["a1", "a"],
    ["a2", "a"],
    ["b1", "b"],
  ])
    await send(url, text, group);
  const first = await receiveOne(sqs, url);
  expect(first.Body).toBe("a1");
  expect(bodies(await receive(sqs, url, { WaitTimeSeconds: 20 }))).toEqual(["b1"]);
  expect(await receive(sqs, url)).toEqual([]);
  await remove(sqs, url, first);
  expect((await receiveOne(sqs, url)).Body).toBe("a2");
});

test("the same deduplication id is sent once", async ({ fifoQueue }) => {
  const first = await send(fifoQueue, "one", "g", "same");
  const again = await send(fifoQueue, "two", "g", "same");
  expect(again.MessageId).toBe(first.MessageId);
  expect(again.SequenceNumber).toBe(first.SequenceNumber);
  const message = await receiveOne(sqs, fifoQueue);
  expect(message.Body).toBe("one");
  expect(message.Attributes!.MessageDeduplicationId).toBe("same");
  await remove(sqs, fifoQueue, message);
  await send(fifoQueue, "three", "g", "same");
  expect(await receive(sqs, fifoQueue, { WaitTimeSeconds: 1 }), "deleting does not end the five minutes").toEqual([]);
});

test("the same content is sent once", async ({ createQueue }) => {
  const url = await createQueue(BY_CONTENT);
  const first = await send(url, "same");
  const again = await send(url, "same");
  const other = await send(url, "same", "g", "explicit");
  expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
  expect(other.MessageId).not.toBe(first.MessageId);
  const messages = await receive(sqs, url, { WaitTimeSeconds: 20 });
  expect(messages.map((message) => message.Attributes!.MessageDeduplicationId)).toEqual([
    "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5",
    "explicit",
  ]);
});

test("deduplication may be each group's own", async ({ createQueue }) => {
  const url = await createQueue({
    ...BY_CONTENT,
    DeduplicationScope: "messageGroup",
    FifoThroughputLimit: "perMessageGroupId",
  });
  for (const group of ["g", "h", "g"]) await send(url, "same", group);
  const messages = await consume(sqs, url, 2);
  expect(messages.map((message) => message.Attributes!.MessageGroupId).sort()).toEqual(["g", "h"]);
  expect(await receive(sqs, url, { WaitTimeSeconds: 1 })).toEqual([]);
});
