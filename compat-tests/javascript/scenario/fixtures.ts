// Fixtures that a scenario asks for by name: queues and topics that are deleted after it.
import { randomUUID } from "node:crypto";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { test as plain } from "vitest";
import { sns, sqs } from "./clients";
import { startReceiver, type Receiver } from "./receiver";
import { queueArn } from "./steps";

/** Attributes as plain values: objects become JSON, the rest text. */
export type Attributes = Record<string, string | number | boolean | object>;

interface Fixtures {
  /** Creates a queue that is deleted after the test, and returns its URL. */
  createQueue: (attributes?: Attributes, client?: SQS) => Promise<string>;
  queue: string;
  fifoQueue: string;
  /** Creates a topic that is deleted after the test, and returns its ARN. */
  createTopic: (attributes?: Attributes, client?: SNS) => Promise<string>;
  topic: string;
  fifoTopic: string;
  /** Creates a queue that subscribes a topic, and returns its URL. */
  subscribedQueue: (topic: string, subscription?: Attributes, queue?: Attributes) => Promise<string>;
  /** An HTTP endpoint for SNS to post to; AWS does not reach it. */
  receiver: Receiver;
}

export const test = plain.extend<Fixtures>({
  createQueue: async ({}, use) => {
    const created: [SQS, string][] = [];
    await use(async (attributes = {}, client = sqs) => {
      const name = newName(attributes.FifoQueue ? ".fifo" : "");
      const { QueueUrl } = await client.createQueue({ QueueName: name, Attributes: texts(attributes) });
      created.push([client, QueueUrl!]);
      return QueueUrl!;
    });
    for (const [client, url] of created) {
      await client.deleteQueue({ QueueUrl: url }).catch((error) => {
        const testDeletedIt = error.Code === "AWS.SimpleQueueService.NonExistentQueue";
        if (!testDeletedIt) throw error;
      });
    }
  },

  queue: async ({ createQueue }, use) => use(await createQueue()),

  fifoQueue: async ({ createQueue }, use) => use(await createQueue({ FifoQueue: true })),

  createTopic: async ({}, use) => {
    const created: [SNS, string][] = [];
    await use(async (attributes = {}, client = sns) => {
      const name = newName(attributes.FifoTopic ? ".fifo" : "");
      const { TopicArn } = await client.createTopic({ Name: name, Attributes: texts(attributes) });
      created.push([client, TopicArn!]);
      return TopicArn!;
    });
    for (const [client, arn] of created) await client.deleteTopic({ TopicArn: arn });
  },

  topic: async ({ createTopic }, use) => use(await createTopic()),

  fifoTopic: async ({ createTopic }, use) => use(await createTopic({ FifoTopic: true })),

  subscribedQueue: ({ createQueue }, use) =>
    use(async (topic, subscription = {}, queue = {}) => {
      const url = await createQueue(queue);
      const arn = await queueArn(sqs, url);
      await sqs.setQueueAttributes({ QueueUrl: url, Attributes: { Policy: allowing(topic, arn) } });
      await sns.subscribe({ TopicArn: topic, Protocol: "sqs", Endpoint: arn, Attributes: texts(subscription) });
      return url;
    }),

  receiver: async ({}, use) => {
    const receiver = await startReceiver();
    await use(receiver);
    receiver.close();
  },
});

/** A name that no other test uses. */
export function newName(suffix = ""): string {
  return `compat-${randomUUID().slice(0, 13)}${suffix}`;
}

export function texts(attributes: Attributes): Record<string, string> {
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, text(value)]));
}

/** A policy that lets a topic send to a queue: AWS requires that, topiq only with --enforce-policies. */
export function allowing(topic: string, queue: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
        Condition: { ArnEquals: { "aws:SourceArn": topic } },
      },
    ],
  });
}
