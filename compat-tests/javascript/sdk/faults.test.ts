// What a client that retries makes of faults is what the answer to PUT says.
import { SQS } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { test } from "../scenario/fixtures";
import { endpoint, isAws, settings } from "../scenario/server";

const sqs = new SQS({ ...settings(), maxAttempts: 3 });

/** Sets a fault for one action on the test's own queue, and returns what today's clients make of it. */
async function strike(queue: string, action: string, effect: object, limits: object = {}) {
  const name = queue.split("/").at(-1)!;
  const fault = { match: { service: "sqs", action, queue: name }, effect, ...limits };
  const answer = await fetch(`${endpoint}/_topiq/faults/${name}`, { method: "PUT", body: JSON.stringify(fault) });
  expect(answer.status).toBe(200);
  const { Clients } = (await answer.json()) as { Clients: { Attempts: number; Outcome: string }[] };
  return Clients[0];
}

async function struck(queue: string) {
  const name = queue.split("/").at(-1)!;
  const url = `${endpoint}/_topiq/faults/${name}`;
  const { Struck } = (await (await fetch(url)).json()) as { Struck: number };
  await fetch(url, { method: "DELETE" });
  return Struck;
}

async function bodies(queue: string) {
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: queue, MaxNumberOfMessages: 10 });
  return Messages.map(({ Body }) => Body);
}

test.skipIf(isAws)("a throttle of two strikes is hidden by retries", async ({ queue }) => {
  const told = await strike(queue, "SendMessage", { error: "RequestThrottled" }, { count: 2 });
  expect(told.Outcome).toContain("Attempt 3 succeeds");

  const { $metadata } = await sqs.sendMessage({ QueueUrl: queue, MessageBody: "m" });

  expect($metadata.attempts).toBe(3);
  expect(await struck(queue)).toBe(2);
});

test.skipIf(isAws)("three failures reach the program", async ({ queue }) => {
  const told = await strike(queue, "SendMessage", { error: "ServiceUnavailable" });
  expect(told.Outcome).toContain("after attempt 3");

  const sent = sqs.sendMessage({ QueueUrl: queue, MessageBody: "m" });

  await expect(sent).rejects.toMatchObject({ name: "ServiceUnavailable", $metadata: { attempts: 3 } });
  expect(await struck(queue)).toBe(told.Attempts);
  expect(await bodies(queue)).toEqual([]);
});

test.skipIf(isAws)("an error that is not retried reaches it at once", async ({ queue }) => {
  const told = await strike(queue, "ReceiveMessage", { error: "OverLimit" });

  await expect(sqs.receiveMessage({ QueueUrl: queue })).rejects.toMatchObject({ name: "OverLimit" });

  expect(await struck(queue)).toBe(told.Attempts);
});

test.skipIf(isAws)("an answer that is lost is asked for again", async ({ queue }) => {
  await strike(queue, "SendMessage", { reset: "after" }, { count: 1 });

  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "m" });

  expect(await struck(queue)).toBe(1);
  expect(await bodies(queue)).toEqual(["m", "m"]);
});
