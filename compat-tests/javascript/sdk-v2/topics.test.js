// Topics by version 2 of the SDK.
import { expect } from "vitest";
import { consume, queueArn, receive, sns, test } from "./fixtures";

async function subscribe(TopicArn, queue, Attributes = {}) {
  const Endpoint = await queueArn(queue);
  return sns.subscribe({ TopicArn, Protocol: "sqs", Endpoint, Attributes }).promise();
}

test("a topic's messages reach queues by their filter policies", async ({ createTopic, createQueue }) => {
  const TopicArn = await createTopic();
  const [enveloped, raw, filtered] = [await createQueue(), await createQueue(), await createQueue()];
  await subscribe(TopicArn, enveloped);
  await subscribe(TopicArn, raw, { RawMessageDelivery: "true" });
  const policy = { FilterPolicyScope: "MessageBody", FilterPolicy: '{"kind":["order"]}' };
  await subscribe(TopicArn, filtered, policy);

  const MessageAttributes = { color: { DataType: "String", StringValue: "blue" } };
  const publish = (Message) => sns.publish({ TopicArn, Message, MessageAttributes }).promise();
  const { MessageId } = await publish('{"kind":"order"}');
  await publish('{"kind":"parcel"}');

  const envelopes = (await consume(enveloped, 2)).map(({ Body }) => JSON.parse(Body));
  const order = envelopes.find((it) => it.MessageId === MessageId);
  expect(order).toMatchObject({ Type: "Notification", TopicArn, Message: '{"kind":"order"}' });
  expect(order.MessageAttributes).toEqual({ color: { Type: "String", Value: "blue" } });
  const [first] = await consume(raw, 2);
  expect(first.MessageAttributes.color).toMatchObject(MessageAttributes.color);
  expect(await consume(filtered, 1)).toHaveLength(1);
  expect(await receive(filtered)).toEqual([]);
});

test("a FIFO topic keeps order and drops duplicates", async ({ createTopic, createQueue }) => {
  const TopicArn = await createTopic({ FifoTopic: true, ContentBasedDeduplication: true });
  const url = await createQueue({ FifoQueue: true });
  await subscribe(TopicArn, url, { RawMessageDelivery: "true" });
  for (const Message of ["a", "b", "a", "c"]) await sns.publish({ TopicArn, Message, MessageGroupId: "g" }).promise();
  expect((await consume(url, 3)).map(({ Body }) => Body)).toEqual(["a", "b", "c"]);
  expect(await receive(url, { WaitTimeSeconds: 1 })).toEqual([]);
});

test("ten messages are published at once", async ({ createTopic, createQueue }) => {
  const TopicArn = await createTopic();
  const url = await createQueue();
  await subscribe(TopicArn, url, { RawMessageDelivery: "true" });
  const entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, Message: `${n}` }));
  const { Successful, Failed } = await sns.publishBatch({ TopicArn, PublishBatchRequestEntries: entries }).promise();
  expect(Successful).toHaveLength(10);
  expect(Failed).toEqual([]);
  expect((await consume(url, 10)).map(({ Body }) => Body).sort()).toEqual(entries.map(({ Message }) => Message));
});
