// The contents of a message, and the digests by which the client checks them.
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { speaksQuery, sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { settings } from "../../scenario/server";
import { receive, receiveOne } from "../../scenario/steps";

const EVERY_TYPE = {
  text: { DataType: "String", StringValue: "Zürich €😀" },
  labelled: { DataType: "String.json", StringValue: '{"a": "<&>\\r\\n"}' },
  number: { DataType: "Number", StringValue: "-00012.500" },
  big: { DataType: "Number.bigint", StringValue: "12345678901234567890123456789012345678" },
  bytes: { DataType: "Binary", BinaryValue: Uint8Array.from({ length: 256 }, (_, n) => n) },
  picture: { DataType: "Binary.png", BinaryValue: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10) },
  "a.b-c_d": { DataType: "String", StringValue: " " },
};

test("attributes of every type come back", async ({ queue }) => {
  const sent = await sqs.sendMessage({ QueueUrl: queue, MessageBody: "typed", MessageAttributes: EVERY_TYPE });
  const message = await receiveOne(sqs, queue);
  expect(message.MessageAttributes).toEqual(EVERY_TYPE);
  expect(message.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
});

test("the digest of attributes is AWS's", async ({ queue }) => {
  const color = { color: { DataType: "String", StringValue: "blue" } };
  const sent = await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x", MessageAttributes: color });
  expect(sent.MD5OfMessageAttributes).toBe("da1b33cc3cbfe8b1630921e78e6b9880");
});

test.for([
  { names: ["All"], expected: Object.keys(EVERY_TYPE) },
  { names: ["b.*"], expected: ["big", "bytes"] },
  { names: ["text", "number", "missing"], expected: ["number", "text"] },
  { names: [], expected: [] },
])("attributes $names come when asked for", async ({ names, expected }, { queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "typed", MessageAttributes: EVERY_TYPE });
  const message = await receiveOne(sqs, queue, { MessageAttributeNames: names });
  expect(Object.keys(message.MessageAttributes ?? {}).sort()).toEqual([...expected].sort());
});

test("system attributes come when asked for", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" });
  const all = await receiveOne(sqs, queue, { VisibilityTimeout: 0 });
  expect(all.Attributes).toEqual({
    SenderId: expect.any(String),
    SentTimestamp: expect.stringMatching(/^[0-9]{13}$/),
    ApproximateFirstReceiveTimestamp: expect.stringMatching(/^[0-9]{13}$/),
    ApproximateReceiveCount: "1",
  });
  const one = await receiveOne(sqs, queue, { AttributeNames: ["SentTimestamp"], VisibilityTimeout: 0 });
  expect(one.Attributes).toEqual({ SentTimestamp: all.Attributes!.SentTimestamp });
});

test.skipIf(speaksQuery)("system attributes come by their newer name too", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" });
  const message = await receiveOne(sqs, queue, {
    AttributeNames: [],
    MessageSystemAttributeNames: ["ApproximateReceiveCount"],
  });
  expect(message.Attributes).toEqual({ ApproximateReceiveCount: "1" });
});

test("a trace header travels with its message", async ({ queue }) => {
  const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  const sent = await sqs.sendMessage({
    QueueUrl: queue,
    MessageBody: "x",
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: header } },
  });
  expect(sent.MD5OfMessageSystemAttributes).toBe("5ae4d5d7636402d80f4eb6d213245a88");
  expect((await receiveOne(sqs, queue)).Attributes!.AWSTraceHeader).toBe(header);
});

// All other scenarios show that digests are right; this one, that the client checks them at all.
test("a body that changes on its way is noticed by its digest", async ({ queue }) => {
  const client = new SQS(settings());
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const [message] = (result.output as { Messages?: { Body: string }[] }).Messages ?? [];
      if (message) message.Body += "!";
      return result;
    },
    { step: "deserialize", priority: "high", name: "change the body" },
  );
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" });
  await expect(receive(client, queue, { WaitTimeSeconds: 20 })).rejects.toThrow("Invalid MD5 checksum on messages");
});
