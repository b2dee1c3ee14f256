// Clients of version 2, and queues and topics that are deleted after the test. In JavaScript, as its users write it.
import AWS from "aws-sdk";
import { test as plain } from "vitest";
import { newName, texts } from "../scenario/fixtures";
import { settings, strictEndpoint } from "../scenario/server";
import { PATIENCE_MS } from "../scenario/steps";

function options(given) {
  const { region, endpoint, credentials } = settings(given);
  return { region, endpoint, ...credentials, maxRetries: 0 };
}

AWS.config.logger = null;
export const sqs = new AWS.SQS(options());
export const strictSqs = new AWS.SQS(options({ url: strictEndpoint }));
export const sns = new AWS.SNS(options());

export const test = plain.extend({
  /** Creates a queue that is deleted after the test, and returns its URL. */
  createQueue: async ({}, use) => {
    const created = [];
    await use(async (attributes = {}, client = sqs) => {
      const QueueName = newName(attributes.FifoQueue ? ".fifo" : "");
      const { QueueUrl } = await client.createQueue({ QueueName, Attributes: texts(attributes) }).promise();
      created.push([client, QueueUrl]);
      return QueueUrl;
    });
    for (const [client, QueueUrl] of created) {
      await client
        .deleteQueue({ QueueUrl })
        .promise()
        .catch((error) => {
          const testDeletedIt = error.code === "AWS.SimpleQueueService.NonExistentQueue";
          if (!testDeletedIt) throw error;
        });
    }
  },

  queue: async ({ createQueue }, use) => use(await createQueue()),

  /** Creates a topic that is deleted after the test, and returns its ARN. */
  createTopic: async ({}, use) => {
    const created = [];
    await use(async (attributes = {}) => {
      const Name = newName(attributes.FifoTopic ? ".fifo" : "");
      const { TopicArn } = await sns.createTopic({ Name, Attributes: texts(attributes) }).promise();
      created.push(TopicArn);
      return TopicArn;
    });
    for (const TopicArn of created) await sns.deleteTopic({ TopicArn }).promise();
  },
});

export async function queueArn(QueueUrl) {
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["QueueArn"] }).promise();
  return Attributes.QueueArn;
}

/** Receives up to ten messages with all their attributes. */
export async function receive(QueueUrl, parameters = {}) {
  const everything = { MaxNumberOfMessages: 10, AttributeNames: ["All"], MessageAttributeNames: ["All"] };
  const { Messages } = await sqs.receiveMessage({ QueueUrl, ...everything, ...parameters }).promise();
  return Messages ?? [];
}

/** Receives and deletes until `count` messages have come. */
export async function consume(QueueUrl, count) {
  const messages = [];
  const deadline = Date.now() + PATIENCE_MS;
  while (messages.length < count) {
    if (Date.now() > deadline) throw new Error(`${messages.length} of ${count} messages came`);
    const more = await receive(QueueUrl, { WaitTimeSeconds: 1 });
    for (const { ReceiptHandle } of more) await sqs.deleteMessage({ QueueUrl, ReceiptHandle }).promise();
    messages.push(...more);
  }
  return messages;
}
