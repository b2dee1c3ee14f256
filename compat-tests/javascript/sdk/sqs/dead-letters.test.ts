// Dead-letter queues and redrive.
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { attributes, bodies, eventually, queueArn, receive, receiveCount, receiveOne } from "../../scenario/steps";

type CreateQueue = (attributes?: Record<string, object>) => Promise<string>;

/** Creates a queue and its dead-letter queue; returns both URLs. */
async function pair(createQueue: CreateQueue, maxReceiveCount: number) {
  const deadLetters = await createQueue();
  const deadLetterTargetArn = await queueArn(sqs, deadLetters);
  const source = await createQueue({ RedrivePolicy: { deadLetterTargetArn, maxReceiveCount } });
  return { source, deadLetters, deadLetterTargetArn };
}

/** Sends messages to a queue with a maxReceiveCount of 1 and lets each fail once. */
async function makeDeadLetters(source: string, deadLetters: string, ...texts: string[]) {
  for (const text of texts) await sqs.sendMessage({ QueueUrl: source, MessageBody: text });
  await receiveCount(sqs, source, texts.length, { VisibilityTimeout: 0 });
  await eventually(async () => {
    expect(await receive(sqs, source)).toEqual([]);
    const { ApproximateNumberOfMessages } = await attributes(sqs, deadLetters, "ApproximateNumberOfMessages");
    return Number(ApproximateNumberOfMessages) === texts.length;
  });
}

async function newestTask(SourceArn: string) {
  return (await sqs.listMessageMoveTasks({ SourceArn })).Results?.[0];
}

test("a message moves after its last receive", async ({ createQueue }) => {
  const { source, deadLetters } = await pair(createQueue, 2);
  const kept = { kept: { DataType: "String", StringValue: "yes" } };
  const sent = await sqs.sendMessage({ QueueUrl: source, MessageBody: "poison", MessageAttributes: kept });
  for (const count of ["1", "2"]) {
    const message = await receiveOne(sqs, source, { VisibilityTimeout: 0 });
    expect(message.Attributes!.ApproximateReceiveCount).toBe(count);
  }
  expect(await receive(sqs, source, { WaitTimeSeconds: 1 })).toEqual([]);

  const dead = await receiveOne(sqs, deadLetters);
  expect([dead.MessageId, dead.Body]).toEqual([sent.MessageId, "poison"]);
  expect(dead.MessageAttributes).toEqual(kept);
  expect(dead.Attributes!.DeadLetterQueueSourceArn).toBe(await queueArn(sqs, source));
});

test("the sources of a dead-letter queue are listed", async ({ createQueue }) => {
  const { source, deadLetters } = await pair(createQueue, 1);
  expect((await sqs.listDeadLetterSourceQueues({ QueueUrl: deadLetters })).queueUrls).toEqual([source]);
  expect((await sqs.listDeadLetterSourceQueues({ QueueUrl: source })).queueUrls ?? []).toEqual([]);
});

test("a move task brings messages back to their source", async ({ createQueue }) => {
  const { source, deadLetters, deadLetterTargetArn } = await pair(createQueue, 1);
  await makeDeadLetters(source, deadLetters, "a", "b", "c");
  const started = await sqs.startMessageMoveTask({ SourceArn: deadLetterTargetArn });
  expect(started.TaskHandle).toBeTruthy();

  const task = await eventually(async () => {
    const newest = await newestTask(deadLetterTargetArn);
    return newest?.Status === "COMPLETED" && newest;
  });
  expect(task).toMatchObject({
    SourceArn: deadLetterTargetArn,
    ApproximateNumberOfMessagesMoved: 3,
    ApproximateNumberOfMessagesToMove: 3,
    StartedTimestamp: expect.any(Number),
  });
  const messages = await receiveCount(sqs, source, 3);
  expect(bodies(messages).sort()).toEqual(["a", "b", "c"]);
  expect(messages.map((message) => message.Attributes!.ApproximateReceiveCount)).toEqual(["1", "1", "1"]);
  expect(await receive(sqs, deadLetters)).toEqual([]);
});

test("a move task goes to another queue on request", async ({ createQueue, queue }) => {
  const { source, deadLetters, deadLetterTargetArn } = await pair(createQueue, 1);
  await makeDeadLetters(source, deadLetters, "a");
  await sqs.startMessageMoveTask({ SourceArn: deadLetterTargetArn, DestinationArn: await queueArn(sqs, queue) });
  expect((await receiveOne(sqs, queue)).Body).toBe("a");
});

test("a slow move task can be cancelled", async ({ createQueue }) => {
  const { source, deadLetters, deadLetterTargetArn } = await pair(createQueue, 1);
  await makeDeadLetters(source, deadLetters, "a", "b", "c", "d", "e");
  const { TaskHandle } = await sqs.startMessageMoveTask({
    SourceArn: deadLetterTargetArn,
    MaxNumberOfMessagesPerSecond: 1,
  });
  expect(await newestTask(deadLetterTargetArn)).toMatchObject({ Status: "RUNNING", TaskHandle });
  const { ApproximateNumberOfMessagesMoved } = await sqs.cancelMessageMoveTask({ TaskHandle });
  expect(ApproximateNumberOfMessagesMoved).toBeLessThan(5);
  await eventually(async () => (await newestTask(deadLetterTargetArn))?.Status === "CANCELLED");
});
