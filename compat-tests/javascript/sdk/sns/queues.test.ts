// From a topic to queues: contents and recipients.
import { InvalidParameterException } from "@aws-sdk/client-sns";
import { expect } from "vitest";
import { sns, sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { envelope, isSigned, texts } from "../../scenario/notifications";
import { bodies, queueArn, receive, receiveCount, receiveOne, refusal } from "../../scenario/steps";

const ATTRIBUTES = {
  text: { DataType: "String", StringValue: 'é€😀 <&> "quoted" \\' },
  number: { DataType: "Number.int", StringValue: "1.50" },
  bytes: { DataType: "Binary", BinaryValue: Uint8Array.from({ length: 256 }, (_, n) => n) },
  list: { DataType: "String.Array", StringValue: '["a",1,null]' },
};

const ODD = 'é€😀 <a href="x">&amp;</a> \\ " \t\r\n\u2028 {"json":[1]}';

test("an envelope has AWS's keys", async ({ topic, subscribedQueue }) => {
  const url = await subscribedQueue(topic);
  const sent = await sns.publish({
    TopicArn: topic,
    Message: ODD,
    Subject: "Über",
    MessageAttributes: ATTRIBUTES,
  });
  expect(sent.SequenceNumber).toBeUndefined();
  const message = await receiveOne(sqs, url);
  const got = envelope(message);
  expect(Object.keys(got)).toEqual([
    "Type",
    "MessageId",
    "TopicArn",
    "Subject",
    "Message",
    "Timestamp",
    "SignatureVersion",
    "Signature",
    "SigningCertURL",
    "UnsubscribeURL",
    "MessageAttributes",
  ]);
  expect(got).toMatchObject({
    Type: "Notification",
    MessageId: sent.MessageId,
    TopicArn: topic,
    Subject: "Über",
    Message: ODD,
    Timestamp: expect.stringMatching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z$/),
    MessageAttributes: {
      text: { Type: "String", Value: ATTRIBUTES.text.StringValue },
      number: { Type: "Number.int", Value: "1.50" },
      bytes: { Type: "Binary", Value: Buffer.from(ATTRIBUTES.bytes.BinaryValue).toString("base64") },
      list: { Type: "String.Array", Value: '["a",1,null]' },
    },
  });
  expect(message.MessageAttributes).toBeUndefined();
  expect(await isSigned(got)).toBe(true);
});

test("a raw message is the text and its attributes", async ({ topic, subscribedQueue }) => {
  const url = await subscribedQueue(topic, { RawMessageDelivery: true });
  await sns.publish({ TopicArn: topic, Message: ODD, Subject: "lost", MessageAttributes: ATTRIBUTES });
  const message = await receiveOne(sqs, url);
  expect(message.Body).toBe(ODD);
  expect(message.MessageAttributes).toEqual(ATTRIBUTES);
});

test("queues get what their policies let through", async ({ topic, subscribedQueue }) => {
  const byAttribute = await subscribedQueue(topic, {
    FilterPolicy: { kind: ["order"], size: [{ numeric: [">=", 10] }] },
  });
  const byBody = await subscribedQueue(topic, {
    FilterPolicyScope: "MessageBody",
    FilterPolicy: { user: { tier: ["gold"] }, total: [{ numeric: [">", 5] }] },
  });
  const everything = await subscribedQueue(topic);

  const publish = (Message: string, kind: string, size: number) =>
    sns.publish({
      TopicArn: topic,
      Message,
      MessageAttributes: {
        kind: { DataType: "String", StringValue: kind },
        size: { DataType: "Number", StringValue: `${size}` },
      },
    });
  const gold = JSON.stringify({ user: { tier: "gold" }, total: 6 });
  const poor = JSON.stringify({ user: { tier: "gold" }, total: 5 });
  await publish("no json", "order", 10);
  await publish("small", "order", 9);
  await publish(gold, "parcel", 100);
  await publish(poor, "order", 11);

  expect(texts(await receiveCount(sqs, everything, 4)).sort()).toEqual(["no json", "small", gold, poor].sort());
  expect(texts(await receiveCount(sqs, byAttribute, 2)).sort()).toEqual(["no json", poor].sort());
  expect(texts(await receiveCount(sqs, byBody, 1))).toEqual([gold]);
  expect([...(await receive(sqs, byAttribute)), ...(await receive(sqs, byBody))]).toEqual([]);
});

test("a filter policy can be changed and taken away", async ({ topic, queue }) => {
  const { SubscriptionArn } = await sns.subscribe({
    TopicArn: topic,
    Protocol: "sqs",
    Endpoint: await queueArn(sqs, queue),
    Attributes: { FilterPolicy: '{"kind":["order"]}', RawMessageDelivery: "true" },
  });
  const set = (policy: string) =>
    sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName: "FilterPolicy", AttributeValue: policy });
  const publish = (Message: string) =>
    sns.publish({
      TopicArn: topic,
      Message,
      MessageAttributes: { kind: { DataType: "String", StringValue: "parcel" } },
    });
  await publish("1");
  await set('{"kind":[{"prefix":"par"}]}');
  await publish("2");
  await set("{}");
  await publish("3");
  expect(bodies(await receiveCount(sqs, queue, 2)).sort()).toEqual(["2", "3"]);
  expect(await receive(sqs, queue)).toEqual([]);
});

test("ten messages are published at once", async ({ topic, subscribedQueue }) => {
  const url = await subscribedQueue(topic, { RawMessageDelivery: true });
  const entries = Array.from({ length: 10 }, (_, n) => ({ Id: `id-${n}`, Message: `text ${n}` }));
  const answer = await sns.publishBatch({ TopicArn: topic, PublishBatchRequestEntries: entries });
  expect(answer.Successful!.map((entry) => entry.Id)).toEqual(entries.map((entry) => entry.Id));
  expect(answer.Failed).toEqual([]);
  expect(bodies(await receiveCount(sqs, url, 10)).sort()).toEqual(entries.map((entry) => entry.Message));
});

test("one bad entry refuses the whole batch", async ({ topic, subscribedQueue }) => {
  const url = await subscribedQueue(topic);
  const entries = [
    { Id: "good", Message: "m" },
    { Id: "empty", Message: "" },
  ];
  const call = sns.publishBatch({ TopicArn: topic, PublishBatchRequestEntries: entries });
  expect(await refusal(call)).toBeInstanceOf(InvalidParameterException);
  expect(await receive(sqs, url, { WaitTimeSeconds: 1 })).toEqual([]);
});

test("the largest message arrives", async ({ topic, subscribedQueue }) => {
  const raw = await subscribedQueue(topic, { RawMessageDelivery: true });
  const enveloped = await subscribedQueue(topic);
  const text = "é".repeat(131_072);
  await sns.publish({ TopicArn: topic, Message: text });
  expect((await receiveOne(sqs, raw)).Body === text).toBe(true);
  expect(envelope(await receiveOne(sqs, enveloped)).Message === text).toBe(true);
});

test("each protocol may have its own text", async ({ topic, subscribedQueue }) => {
  const url = await subscribedQueue(topic, { RawMessageDelivery: true });
  const Message = JSON.stringify({ default: "for all", sqs: "for queues" });
  await sns.publish({ TopicArn: topic, Message, MessageStructure: "json" });
  expect((await receiveOne(sqs, url)).Body).toBe("for queues");
});
