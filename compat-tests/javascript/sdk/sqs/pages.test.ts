// Lists in pages, by the SDK's paginators.
import { paginateListDeadLetterSourceQueues, paginateListQueues } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { newName, test } from "../../scenario/fixtures";
import { queueArn } from "../../scenario/steps";

test("queues are listed in pages", async () => {
  const prefix = newName();
  const create = async (n: number) => (await sqs.createQueue({ QueueName: `${prefix}-${n}` })).QueueUrl!;
  const urls = await Promise.all([0, 1, 2, 3, 4].map(create));
  try {
    const pages = [];
    for await (const page of paginateListQueues({ client: sqs, pageSize: 2 }, { QueueNamePrefix: prefix })) {
      pages.push(page.QueueUrls ?? []);
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat().sort()).toEqual(urls);
  } finally {
    for (const QueueUrl of urls) await sqs.deleteQueue({ QueueUrl });
  }
});

test("sources of a dead-letter queue are listed in pages", async ({ createQueue }) => {
  const deadLetters = await createQueue();
  const RedrivePolicy = { deadLetterTargetArn: await queueArn(sqs, deadLetters), maxReceiveCount: 1 };
  const sources = await Promise.all([1, 2, 3].map(() => createQueue({ RedrivePolicy })));
  const pages = [];
  const paginator = paginateListDeadLetterSourceQueues({ client: sqs, pageSize: 2 }, { QueueUrl: deadLetters });
  for await (const page of paginator) pages.push(page.queueUrls ?? []);
  expect(pages.map((page) => page.length)).toEqual([2, 1]);
  expect(pages.flat().sort()).toEqual(sources.sort());
});
