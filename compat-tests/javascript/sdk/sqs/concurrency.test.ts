// Many producers and consumers at once: nothing is lost, nothing is received twice.
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { isAws } from "../../scenario/server";
import { attributes, PATIENCE_MS } from "../../scenario/steps";

const PRODUCERS = 64;
const CONSUMERS = 64;
const MESSAGES = 10_000;

// AWS's standard queues deliver at least once.
test.skipIf(isAws)("each of 10,000 messages comes exactly once", async ({ createQueue }) => {
  const url = await createQueue({ VisibilityTimeout: 600 });
  const texts = Array.from({ length: MESSAGES }, (_, n) => `message ${n}`);
  const unsent = texts.slice();
  const received = new Map<string, number>();
  let lastCame = Date.now();

  const produce = async () => {
    for (let mine = unsent.splice(0, 10); mine.length > 0; mine = unsent.splice(0, 10)) {
      const Entries = mine.map((text, n) => ({ Id: `${n}`, MessageBody: text }));
      const sent = await sqs.sendMessageBatch({ QueueUrl: url, Entries });
      expect(sent.Successful).toHaveLength(mine.length);
    }
  };

  const consume = async () => {
    while (received.size < MESSAGES && Date.now() - lastCame < PATIENCE_MS) {
      const { Messages } = await sqs.receiveMessage({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      if (!Messages?.length) continue;
      lastCame = Date.now();
      for (const { Body } of Messages) received.set(Body!, (received.get(Body!) ?? 0) + 1);
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
      expect((await sqs.deleteMessageBatch({ QueueUrl: url, Entries })).Failed ?? []).toEqual([]);
    }
  };

  await Promise.all([...Array.from({ length: CONSUMERS }, consume), ...Array.from({ length: PRODUCERS }, produce)]);
  expect([...received.keys()].sort()).toEqual(texts.sort());
  expect(new Set(received.values())).toEqual(new Set([1]));
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  expect(Object.values(await attributes(sqs, url, ...names))).toEqual(["0", "0"]);
});
