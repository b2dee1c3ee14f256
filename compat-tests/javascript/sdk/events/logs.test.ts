// CloudWatch Logs: events go into streams, and are read and found again.
import {
  CloudWatchLogs,
  InvalidParameterException,
  paginateFilterLogEvents,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { newName, test as plain } from "../../scenario/fixtures";
import { settings } from "../../scenario/server";
import { refusal } from "../../scenario/steps";

const logs = new CloudWatchLogs(settings());

const test = plain.extend<{ group: string }>({
  group: async ({}, use) => {
    const logGroupName = newName();
    await logs.createLogGroup({ logGroupName, tags: { team: "orders" } });
    await use(logGroupName);
    await logs.deleteLogGroup({ logGroupName });
  },
});

/** Puts messages into a new stream, a millisecond apart. */
async function put(logGroupName: string, logStreamName: string, messages: string[]): Promise<void> {
  const start = Date.now() - 1000;
  const logEvents = messages.map((message, n) => ({ timestamp: start + n, message }));
  await logs.createLogStream({ logGroupName, logStreamName });
  await logs.putLogEvents({ logGroupName, logStreamName, logEvents });
}

test("events of all streams are found by pages", async ({ group }) => {
  for (const stream of ["a", "b"]) {
    await put(group, stream, ["50", "150", "250"].map((total) => `{"total":${total}}`));
  }
  const pages = paginateFilterLogEvents(
    { client: logs, pageSize: 3 },
    { logGroupName: group, filterPattern: "{ $.total > 100 }" },
  );
  const found = [];
  for await (const page of pages) found.push(...page.events!.map((event) => JSON.parse(event.message!).total));
  expect(found.sort()).toEqual([150, 150, 250, 250]);
});

test("a stream is read to its end", async ({ group }) => {
  const texts = Array.from({ length: 25 }, (_, n) => `message é ${n}`);
  await put(group, "s", texts);
  const named = { logGroupName: group, logStreamName: "s", startFromHead: true };
  const page = await logs.getLogEvents(named);
  expect(page.events!.map((event) => event.message)).toEqual(texts);
  const end = await logs.getLogEvents({ ...named, nextToken: page.nextForwardToken });
  expect([end.events, end.nextForwardToken]).toEqual([[], page.nextForwardToken]);
});

test("a group is described", async ({ group }) => {
  await logs.putRetentionPolicy({ logGroupName: group, retentionInDays: 7 });
  const [shown] = (await logs.describeLogGroups({ logGroupNamePrefix: group })).logGroups!;
  expect(shown).toMatchObject({ retentionInDays: 7, arn: `${shown.logGroupArn}:*` });
  const { tags } = await logs.listTagsForResource({ resourceArn: shown.logGroupArn });
  expect(tags).toEqual({ team: "orders" });
});

test("refusals are the SDK's classes", async ({ group }) => {
  const twice = await refusal(logs.createLogGroup({ logGroupName: group }));
  expect(twice).toBeInstanceOf(ResourceAlreadyExistsException);
  expect(twice.message).toBe("The specified log group already exists");
  const absent = await refusal(logs.getLogEvents({ logGroupName: group, logStreamName: "absent" }));
  expect(absent).toBeInstanceOf(ResourceNotFoundException);
  const pattern = await refusal(logs.filterLogEvents({ logGroupName: group, filterPattern: "a@b.c" }));
  expect(pattern).toBeInstanceOf(InvalidParameterException);
});
