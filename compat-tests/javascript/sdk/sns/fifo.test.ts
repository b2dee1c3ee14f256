// From a FIFO topic to FIFO queues: in order, and once.
import { expect } from "vitest";
import { sns, sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { envelope, texts } from "../../scenario/notifications";
import { consume, receive } from "../../scenario/steps";

const BY_CONTENT = { FifoTopic: true, ContentBasedDeduplication: true };
const FIFO_QUEUE = { FifoQueue: true };

test("messages come in order, and a duplicate does not", async ({ createTopic, subscribedQueue }) => {
  const topic = await createTopic(BY_CONTENT);
  const url = await subscribedQueue(topic, {}, FIFO_QUEUE);
  const publish = (Message: string) => sns.publish({ TopicArn: topic, Message, MessageGroupId: "g" });
  const sent = [];
  for (let n = 0; n < 12; n++) sent.push(await publish(`${n}`));
  const again = await publish("2");
  expect([again.MessageId, again.SequenceNumber]).toEqual([sent[2].MessageId, sent[2].SequenceNumber]);
  const numbers = sent.map((answer) => answer.SequenceNumber!);
  expect(numbers.every((number) => /^[0-9]{20}$/.test(number))).toBe(true);
  expect(numbers).toEqual([...new Set(numbers)].sort());

  const messages = await consume(sqs, url, 12);
  expect(texts(messages)).toEqual(Array.from({ length: 12 }, (_, n) => `${n}`));
  expect(messages.map((message) => envelope(message).SequenceNumber)).toEqual(numbers);
  expect(new Set(messages.map((message) => message.Attributes!.MessageGroupId))).toEqual(new Set(["g"]));
  expect(await receive(sqs, url, { WaitTimeSeconds: 1 })).toEqual([]);
});

test("a deduplication id goes along with a raw message", async ({ fifoTopic, subscribedQueue }) => {
  const url = await subscribedQueue(fifoTopic, { RawMessageDelivery: true }, FIFO_QUEUE);
  const publish = (Message: string, MessageDeduplicationId: string) =>
    sns.publish({ TopicArn: fifoTopic, Message, MessageGroupId: "g", MessageDeduplicationId });
  await publish("one", "a");
  await publish("two", "a");
  await publish("three", "b");
  const messages = await consume(sqs, url, 2);
  expect(messages.map(({ Body, Attributes }) => [Body, Attributes!.MessageDeduplicationId])).toEqual([
    ["one", "a"],
    ["three", "b"],
  ]);
});

test("a batch keeps its order", async ({ createTopic, subscribedQueue }) => {
  const topic = await createTopic(BY_CONTENT);
  const url = await subscribedQueue(topic, { RawMessageDelivery: true }, FIFO_QUEUE);
  const entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, Message: `${n}`, MessageGroupId: "g" }));
  const { Successful } = await sns.publishBatch({ TopicArn: topic, PublishBatchRequestEntries: entries });
  expect(Successful!.map((entry) => entry.Id)).toEqual(entries.map((entry) => entry.Id));
  const messages = await consume(sqs, url, 10);
  expect(messages.map((message) => message.Body)).toEqual(entries.map((entry) => entry.Message));
});
