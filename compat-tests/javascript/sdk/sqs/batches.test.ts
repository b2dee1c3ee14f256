// Batches: each entry has its own outcome.
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { bodies, receive, receiveCount, remove } from "../../scenario/steps";

test("ten messages are sent, changed and deleted at once", async ({ queue }) => {
  const entries = Array.from({ length: 10 }, (_, n) => ({ Id: `id_${n}`, MessageBody: `body ${n}` }));
  const sent = await sqs.sendMessageBatch({ QueueUrl: queue, Entries: entries });
  expect(sent.Failed ?? []).toEqual([]);
  expect(sent.Successful!.map((entry) => entry.Id)).toEqual(entries.map((entry) => entry.Id));

  const messages = await receiveCount(sqs, queue, 10);
  expect(bodies(messages).sort()).toEqual(entries.map((entry) => entry.MessageBody));
  const ids = (entries: { MessageId?: string }[]) => entries.map((entry) => entry.MessageId).sort();
  expect(ids(messages)).toEqual(ids(sent.Successful!));

  const handles = messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
  const changes = handles.map((handle) => ({ ...handle, VisibilityTimeout: 60 }));
  const changed = await sqs.changeMessageVisibilityBatch({ QueueUrl: queue, Entries: changes });
  const deleted = await sqs.deleteMessageBatch({ QueueUrl: queue, Entries: handles });
  for (const answer of [changed, deleted]) {
    expect(answer.Successful!.map((entry) => entry.Id)).toEqual(handles.map((handle) => handle.Id));
    expect(answer.Failed ?? []).toEqual([]);
  }
});

test("bad entries fail alone", async ({ createQueue }) => {
  const url = await createQueue({ MaximumMessageSize: 1024 });
  const answer = await sqs.sendMessageBatch({
    QueueUrl: url,
    Entries: [
      { Id: "good", MessageBody: "x".repeat(1024) },
      { Id: "long", MessageBody: "x".repeat(1025) },
      { Id: "control", MessageBody: "\0" },
      { Id: "delay", MessageBody: "x", DelaySeconds: 901 },
      { Id: "fine", MessageBody: "y" },
    ],
  });
  expect(answer.Successful!.map((entry) => entry.Id)).toEqual(["good", "fine"]);
  expect(answer.Failed!.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
    ["long", "InvalidParameterValue", true],
    ["control", "InvalidMessageContents", true],
    ["delay", "InvalidParameterValue", true],
  ]);
  expect(answer.Failed![0].Message).toBe(
    "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.",
  );
  expect(bodies(await receiveCount(sqs, url, 2)).sort()).toEqual(["x".repeat(1024), "y"]);
});

test("bad handles fail alone", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" });
  const [message] = await receiveCount(sqs, queue, 1);
  const Entries = [
    { Id: "bad", ReceiptHandle: "garbage" },
    { Id: "good", ReceiptHandle: message.ReceiptHandle },
  ];
  const answer = await sqs.deleteMessageBatch({ QueueUrl: queue, Entries });
  expect(answer.Successful).toEqual([{ Id: "good" }]);
  expect(answer.Failed).toEqual([
    expect.objectContaining({ Id: "bad", Code: "ReceiptHandleIsInvalid", SenderFault: true }),
  ]);
});

test("all entries may fail", async ({ queue }) => {
  const answer = await sqs.sendMessageBatch({ QueueUrl: queue, Entries: [{ Id: "a", MessageBody: "\u0001" }] });
  expect(answer.Successful ?? []).toEqual([]);
  expect(answer.Failed).toHaveLength(1);
});

test("a batch may be shared between groups of a FIFO queue", async ({ fifoQueue }) => {
  const entries = Array.from({ length: 10 }, (_, n) => ({
    Id: `${n}`,
    MessageBody: `${n}`,
    MessageGroupId: n % 2 ? "odd" : "even",
    MessageDeduplicationId: `d-${n}`,
  }));
  const { Successful } = await sqs.sendMessageBatch({ QueueUrl: fifoQueue, Entries: entries });
  const numbers = Successful!.map((entry) => entry.SequenceNumber!);
  expect(numbers).toEqual([...numbers].sort());
  const groups: Record<string, string[]> = { odd: [], even: [] };
  for (const message of await receive(sqs, fifoQueue, { WaitTimeSeconds: 20 })) {
    groups[message.Attributes!.MessageGroupId!].push(message.Body!);
    await remove(sqs, fifoQueue, message);
  }
  expect(groups).toEqual({ odd: ["1", "3", "5", "7", "9"], even: ["0", "2", "4", "6", "8"] });
});
