// sqs-consumer: a handler for each message or for a batch, and the fate of failed messages.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "@aws-sdk/client-sqs";
import { Consumer, type ConsumerOptions } from "sqs-consumer";
import { expect } from "vitest";
import { sqs } from "../scenario/clients";
import { test as withQueues } from "../scenario/fixtures";
import { attributes, bodies, eventually, queueArn, receive, receiveOne } from "../scenario/steps";

type Options = Omit<ConsumerOptions, "queueUrl" | "sqs">;

const test = withQueues.extend<{
  /** Starts a consumer that is stopped after the test. */
  start: (queueUrl: string, options: Options) => Consumer;
}>({
  start: async ({}, use) => {
    const started: Consumer[] = [];
    await use((queueUrl, options) => {
      const consumer = Consumer.create({ queueUrl, sqs, waitTimeSeconds: 20, ...options });
      for (const event of ["error", "processing_error", "timeout_error"] as const) consumer.on(event, () => {});
      consumer.start();
      started.push(consumer);
      return consumer;
    });
    for (const consumer of started) consumer.stop({ abort: true });
  },
});

async function send(url: string, ...texts: string[]) {
  for (const text of texts) await sqs.sendMessage({ QueueUrl: url, MessageBody: text });
}

/** Waits until a queue holds nothing, neither visible nor in flight. */
async function untilEmpty(url: string) {
  const counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  await eventually(async () => Object.values(await attributes(sqs, url, ...counts)).every((count) => count === "0"));
}

test("each message is handled and deleted", async ({ queue, start }) => {
  const handled: string[] = [];
  const processed: string[] = [];
  const consumer = start(queue, {
    batchSize: 10,
    handleMessage: async (message) => {
      handled.push(message.Body!);
      return message;
    },
  });
  consumer.on("message_processed", (message) => processed.push(message.Body!));
  await send(queue, "a", "b", "c");
  await untilEmpty(queue);
  expect(handled.sort()).toEqual(["a", "b", "c"]);
  await eventually(() => processed.length === 3);
});

test("a message has the attributes that the consumer asks for", async ({ queue, start }) => {
  const handled: Message[] = [];
  start(queue, {
    messageAttributeNames: ["kind"],
    messageSystemAttributeNames: ["ApproximateReceiveCount"],
    handleMessage: async (message) => {
      handled.push(message);
      return message;
    },
  });
  const MessageAttributes = {
    kind: { DataType: "String", StringValue: "order" },
    other: { DataType: "Number", StringValue: "1" },
  };
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x", MessageAttributes });
  const [message] = await eventually(() => handled.length > 0 && handled);
  expect(message.MessageAttributes).toEqual({ kind: MessageAttributes.kind });
  expect(message.Attributes).toEqual({ ApproximateReceiveCount: "1" });
});

test("a batch is handled at once, and acknowledged messages are deleted", async ({ queue, start }) => {
  await send(queue, "good", "bad", "good too");
  const batches: string[][] = [];
  const consumer = start(queue, {
    batchSize: 10,
    handleMessageBatch: async (messages) => {
      batches.push(bodies(messages).sort());
      return messages.filter((message) => message.Body !== "bad");
    },
  });
  await once(consumer, "response_processed");
  expect(batches).toEqual([["bad", "good", "good too"]]);
  const counts = await attributes(sqs, queue, "ApproximateNumberOfMessagesNotVisible");
  expect(counts.ApproximateNumberOfMessagesNotVisible).toBe("1");
});

test("a message whose handler fails comes again at once on request", async ({ queue, start }) => {
  await send(queue, "poison");
  const counts: string[] = [];
  const errors: string[] = [];
  const consumer = start(queue, {
    messageSystemAttributeNames: ["ApproximateReceiveCount"],
    terminateVisibilityTimeout: true,
    handleMessage: async (message) => {
      counts.push(message.Attributes!.ApproximateReceiveCount!);
      if (counts.length < 3) throw new Error("not yet");
      return message;
    },
  });
  consumer.on("processing_error", (error) => errors.push(error.message));
  await untilEmpty(queue);
  expect(counts).toEqual(["1", "2", "3"]);
  expect(errors).toEqual(Array(2).fill("Unexpected message handler failure: not yet"));
});

test("a failed batch comes again when its visibility timeout ends", async ({ createQueue, start }) => {
  const url = await createQueue({ VisibilityTimeout: 1 });
  await send(url, "a", "b");
  let failures = 0;
  const consumer = start(url, {
    batchSize: 10,
    handleMessageBatch: async (messages) => {
      if (failures === 0) throw new Error("not yet");
      return messages;
    },
  });
  consumer.on("error", () => failures++);
  await untilEmpty(url);
  expect(failures).toBe(1);
});

test("a message that always fails ends in the dead-letter queue", async ({ createQueue, start }) => {
  const deadLetters = await createQueue();
  const RedrivePolicy = { deadLetterTargetArn: await queueArn(sqs, deadLetters), maxReceiveCount: 2 };
  const url = await createQueue({ RedrivePolicy });
  await send(url, "poison");
  let attempts = 0;
  start(url, {
    waitTimeSeconds: 1,
    terminateVisibilityTimeout: true,
    handleMessage: async () => {
      attempts++;
      throw new Error("never");
    },
  });
  expect((await receiveOne(sqs, deadLetters)).Body).toBe("poison");
  expect(attempts).toBe(2);
});

test("a heartbeat keeps a slow message hidden", async ({ queue, start }) => {
  await send(queue, "slow");
  let attempts = 0;
  start(queue, {
    visibilityTimeout: 2,
    heartbeatInterval: 1,
    handleMessage: async (message) => {
      attempts++;
      expect(await receive(sqs, queue, { WaitTimeSeconds: 4 }), "it is hidden").toEqual([]);
      return message;
    },
  });
  await untilEmpty(queue);
  expect(attempts).toBe(1);
});

test("a handler that takes too long has failed", async ({ queue, start }) => {
  await send(queue, "stuck");
  const consumer = start(queue, {
    handleMessageTimeout: 100,
    terminateVisibilityTimeout: true,
    handleMessage: async (message) => {
      await sleep(3_000);
      return message;
    },
  });
  const [error, message] = await once(consumer, "timeout_error");
  expect(error.message).toContain("Message handler timed out after 100ms");
  expect(message.Body).toBe("stuck");
});

test("a poll that waits is woken by a send", async ({ queue, start }) => {
  const handled: string[] = [];
  start(queue, {
    handleMessage: async (message) => {
      handled.push(message.Body!);
      return message;
    },
  });
  const started = Date.now();
  await sleep(300);
  await send(queue, "wake");
  await eventually(() => handled.length > 0);
  expect(handled).toEqual(["wake"]);
  expect(Date.now() - started).toBeLessThan(18_000);
});

test("a consumer stopped in its poll takes no message with it", async ({ queue, start }) => {
  const handled: string[] = [];
  const consumer = start(queue, {
    handleMessage: async (message) => {
      handled.push(message.Body!);
      return message;
    },
  });
  await sleep(300);
  expect(consumer.status).toEqual({ isRunning: true, isPolling: true });
  consumer.stop({ abort: true });
  await eventually(() => !consumer.status.isPolling);
  await send(queue, "for the next");
  expect((await receiveOne(sqs, queue)).Body).toBe("for the next");
  expect(handled).toEqual([]);
});

test("a consumer stopped gently finishes its poll first", async ({ queue, start }) => {
  const handled: string[] = [];
  const consumer = start(queue, {
    pollingCompleteWaitTimeMs: 25_000,
    handleMessage: async (message) => {
      handled.push(message.Body!);
      return message;
    },
  });
  await sleep(300);
  const stopped = once(consumer, "stopped");
  consumer.stop();
  await send(queue, "the last");
  await stopped;
  expect(handled).toEqual(["the last"]);
  await untilEmpty(queue);
});

test("a missing queue is reported as an error", async ({ queue }) => {
  const handleMessage = async (message: Message) => message;
  const consumer = Consumer.create({ queueUrl: queue + "-missing", sqs, handleMessage, pollingWaitTimeMs: 1_000 });
  consumer.start();
  const [error] = await new Promise<[Error]>((resolve) => consumer.on("error", (error) => resolve([error])));
  consumer.stop({ abort: true });
  expect(error).toMatchObject({
    name: "SQSError",
    code: "QueueDoesNotExist",
    statusCode: 400,
    fault: "client",
    message: "SQS receive message failed: The specified queue does not exist.",
  });
});
