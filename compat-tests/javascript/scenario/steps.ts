// Steps that many scenarios share, in a user's words.
import { setTimeout as sleep } from "node:timers/promises";
import type { Message, QueueAttributeName, ReceiveMessageCommandInput, SQS } from "@aws-sdk/client-sqs";
import { expect } from "vitest";

export const PATIENCE_MS = 30_000;

export async function attributes(
  sqs: SQS,
  url: string,
  ...names: QueueAttributeName[]
): Promise<Record<string, string>> {
  const answer = await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: names.length > 0 ? names : ["All"] });
  return answer.Attributes ?? {};
}

export async function queueArn(sqs: SQS, url: string): Promise<string> {
  return (await attributes(sqs, url, "QueueArn")).QueueArn;
}

export function nameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

type Receiving = Omit<Partial<ReceiveMessageCommandInput>, "AttributeNames"> & { AttributeNames?: string[] };

/** Receives up to ten messages with all their attributes. */
export async function receive(sqs: SQS, url: string, options: Receiving = {}): Promise<Message[]> {
  // Every release knows AttributeNames; today's prefer MessageSystemAttributeNames.
  const everything = { MaxNumberOfMessages: 10, AttributeNames: ["All"], MessageAttributeNames: ["All"] };
  const request = { QueueUrl: url, ...everything, ...options } as ReceiveMessageCommandInput;
  return (await sqs.receiveMessage(request)).Messages ?? [];
}

/** Waits for one message and returns it. */
export async function receiveOne(sqs: SQS, url: string, options: Receiving = {}): Promise<Message> {
  const messages = await receive(sqs, url, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1, ...options });
  expect(messages, "no message came").toHaveLength(1);
  return messages[0];
}

/** Receives until `count` messages have come, and returns them in the order of arrival. */
export async function receiveCount(sqs: SQS, url: string, count: number, options: Receiving = {}): Promise<Message[]> {
  const messages: Message[] = [];
  const deadline = Date.now() + PATIENCE_MS;
  while (messages.length < count) {
    if (Date.now() > deadline) throw new Error(`${messages.length} of ${count} messages came`);
    messages.push(...(await receive(sqs, url, { WaitTimeSeconds: 1, ...options })));
  }
  return messages;
}

/** Receives and deletes until `count` messages have come: the way to get more than one of a FIFO group. */
export async function consume(sqs: SQS, url: string, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < count) {
    const more = await receiveCount(sqs, url, 1);
    for (const message of more) await remove(sqs, url, message);
    messages.push(...more);
  }
  return messages;
}

export async function remove(sqs: SQS, url: string, message: Message): Promise<void> {
  await sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle });
}

export function bodies(messages: Message[]): string[] {
  return messages.map((message) => message.Body!);
}

/** Polls until the answer is neither false nor undefined, and returns it. */
export async function eventually<T>(
  question: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error("it never came true");
    await sleep(50);
  }
}

/** Makes a call some time later, while something else waits for its effect. */
export async function after<T>(milliseconds: number, call: () => Promise<T>): Promise<T> {
  await sleep(milliseconds);
  return call();
}

/** An error thrown by a client. */
export interface Refusal extends Error {
  $fault?: "client" | "server";
  $metadata: { httpStatusCode?: number; requestId?: string };
}

/** The error with which a call fails. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  return call.then(
    () => expect.fail("it was not refused"),
    (error) => error,
  );
}
