// Long polls: they wait, and wake as soon as there is a message.
import type { Message } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { after, bodies, receive, receiveOne } from "../../scenario/steps";

const WAIT_SECONDS = 20;

/** Polls while something happens, and makes sure that the poll was woken and did not just end. */
async function woken(url: string, happens: () => Promise<unknown>): Promise<Message[]> {
  const started = Date.now();
  const [messages] = await Promise.all([receive(sqs, url, { WaitTimeSeconds: WAIT_SECONDS }), after(300, happens)]);
  expect(messages, "the poll was not woken").not.toEqual([]);
  expect(Date.now() - started).toBeLessThan((WAIT_SECONDS - 2) * 1000);
  return messages;
}

test("an empty poll waits its time", async ({ queue }) => {
  const started = Date.now();
  expect(await receive(sqs, queue, { WaitTimeSeconds: 1 })).toEqual([]);
  expect(Date.now() - started).toBeGreaterThanOrEqual(999);
});

test("the queue's own wait counts when the call names none", async ({ createQueue }) => {
  const url = await createQueue({ ReceiveMessageWaitTimeSeconds: 1 });
  const started = Date.now();
  expect(await receive(sqs, url)).toEqual([]);
  expect(Date.now() - started).toBeGreaterThanOrEqual(999);
});

test("a send from elsewhere wakes a poll", async ({ queue }) => {
  const send = () => sqs.sendMessage({ QueueUrl: queue, MessageBody: "wake" });
  expect(bodies(await woken(queue, send))).toEqual(["wake"]);
});

test("a batch wakes a poll", async ({ queue }) => {
  const send = () => sqs.sendMessageBatch({ QueueUrl: queue, Entries: [{ Id: "a", MessageBody: "wake" }] });
  expect(bodies(await woken(queue, send))).toEqual(["wake"]);
});

test("the end of a visibility timeout wakes a poll", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "again" });
  await receiveOne(sqs, queue, { VisibilityTimeout: 1 });
  expect(bodies(await woken(queue, async () => {}))).toEqual(["again"]);
});

test("a message put back wakes a poll", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "again" });
  const { ReceiptHandle } = await receiveOne(sqs, queue);
  const putBack = () => sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 });
  expect(bodies(await woken(queue, putBack))).toEqual(["again"]);
});

test("an aborted poll takes no message with it", async ({ queue }) => {
  const controller = new AbortController();
  const poll = sqs.receiveMessage({ QueueUrl: queue, WaitTimeSeconds: 20 }, { abortSignal: controller.signal });
  await Promise.all([
    expect(poll).rejects.toMatchObject({ name: "AbortError" }),
    after(300, async () => controller.abort()),
  ]);
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "for the next" });
  expect((await receiveOne(sqs, queue)).Body).toBe("for the next");
});
