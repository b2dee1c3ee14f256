// Events go from a bus by its rules to queues, at once or from an archive.
import {
  EventBridge,
  EventBridgeServiceException,
  IllegalStatusException,
  InvalidEventPatternException,
  LimitExceededException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  type PutEventsCommandOutput,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { expect } from "vitest";
import { sqs } from "../../scenario/clients";
import { newName, test as plain } from "../../scenario/fixtures";
import { settings } from "../../scenario/server";
import { eventually, queueArn, receive, receiveOne, refusal } from "../../scenario/steps";

const events = new EventBridge(settings());

/** A bus with rules, which go after the test. */
interface Bus {
  name: string;
  arn: string;
  rule: (name: string, pattern: object, target?: Omit<Target, "Id">) => Promise<string>;
  put: (...details: string[]) => Promise<PutEventsCommandOutput>;
}

const test = plain.extend<{ bus: Bus }>({
  bus: async ({}, use) => {
    const name = newName();
    const rules = new Set<string>();
    const { EventBusArn } = await events.createEventBus({ Name: name });
    await use({
      name,
      arn: EventBusArn!,
      rule: async (rule, pattern, target) => {
        const named = { Name: rule, EventBusName: name };
        const { RuleArn } = await events.putRule({ ...named, EventPattern: JSON.stringify(pattern) });
        rules.add(rule);
        const targets = { Rule: rule, EventBusName: name, Targets: [{ Id: "1", ...target! }] };
        if (target) expect((await events.putTargets(targets)).FailedEntryCount).toBe(0);
        return RuleArn!;
      },
      put: (...details) => {
        const entry = { EventBusName: name, Source: "shop.orders", DetailType: "OrderPlaced" };
        return events.putEvents({ Entries: details.map((Detail) => ({ ...entry, Detail })) });
      },
    });
    for (const rule of rules) {
      await events.removeTargets({ Rule: rule, EventBusName: name, Ids: ["1"] });
      await events.deleteRule({ Name: rule, EventBusName: name });
    }
    await events.deleteEventBus({ Name: name });
  },
});

test("a queue gets what the transformer makes of events that match", async ({ bus, queue }) => {
  const InputTransformer = {
    InputPathsMap: { id: "$.detail.id" },
    InputTemplate: '{"order":<id>,"rule":<aws.events.rule-arn>}',
  };
  const pattern = { detail: { total: [{ numeric: [">", 100] }] } };
  const rule = await bus.rule("orders", pattern, { Arn: await queueArn(sqs, queue), InputTransformer });
  const { FailedEntryCount, Entries } = await bus.put('{"id":"A-1","total":99}', "no JSON", '{"id":"A-2","total":100.5}');
  expect(FailedEntryCount).toBe(1);
  expect(Entries!.map((entry) => entry.EventId?.length)).toEqual([36, undefined, 36]);
  expect(Entries![1]).toEqual({ ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." });
  expect(JSON.parse((await receiveOne(sqs, queue)).Body!)).toEqual({ order: "A-2", rule });
  expect(await receive(sqs, queue)).toEqual([]);
});

test("an archive is replayed", async ({ bus, queue }) => {
  const ArchiveName = newName();
  const { ArchiveArn } = await events.createArchive({ ArchiveName, EventSourceArn: bus.arn, RetentionDays: 1 });
  const { Entries } = await bus.put('{"id":"A-1"}');
  await bus.rule("again", { "replay-name": [{ exists: true }] }, { Arn: await queueArn(sqs, queue) });
  const ReplayName = newName();
  await events.startReplay({
    ReplayName,
    EventSourceArn: ArchiveArn,
    EventStartTime: new Date(Date.now() - 300_000),
    EventEndTime: new Date(Date.now() + 300_000),
    Destination: { Arn: bus.arn },
  });
  const event = JSON.parse((await receiveOne(sqs, queue)).Body!);
  expect(event).toMatchObject({ id: Entries![0].EventId, "replay-name": ReplayName, detail: { id: "A-1" } });
  await eventually(async () => (await events.describeReplay({ ReplayName })).State === "COMPLETED");
  const { EventStartTime } = await events.describeReplay({ ReplayName });
  expect(EventStartTime).toBeInstanceOf(Date);
  expect(await refusal(events.cancelReplay({ ReplayName }))).toBeInstanceOf(IllegalStatusException);
  await events.deleteArchive({ ArchiveName });
});

test("rules are listed by pages", async ({ bus }) => {
  for (const name of ["r-1", "r-2", "r-3"]) await bus.rule(name, { source: ["s"] });
  const first = await events.listRules({ EventBusName: bus.name, Limit: 2 });
  const second = await events.listRules({ EventBusName: bus.name, Limit: 2, NextToken: first.NextToken });
  expect([first, second].map((page) => page.Rules!.map((rule) => rule.Name))).toEqual([["r-1", "r-2"], ["r-3"]]);
  expect(second.NextToken).toBeUndefined();
});

test("refusals are the SDK's classes", async ({ bus }) => {
  const absent = await refusal(events.describeRule({ Name: "absent", EventBusName: bus.name }));
  expect(absent).toBeInstanceOf(ResourceNotFoundException);
  expect(absent.message).toBe(`Rule absent does not exist on EventBus ${bus.name}.`);
  expect(absent.$metadata.httpStatusCode).toBe(400);
  expect(absent.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(await refusal(events.createEventBus({ Name: bus.name }))).toBeInstanceOf(ResourceAlreadyExistsException);
  const rule = { Name: "r", EventBusName: bus.name };
  const pattern = await refusal(events.putRule({ ...rule, EventPattern: '{"source":"s"}' }));
  expect(pattern).toBeInstanceOf(InvalidEventPatternException);
  expect(pattern.message).toMatch(/^Event pattern is not valid. Reason: "source" must be an object or an array\n/);
  await bus.rule("r", { source: ["s"] });
  const Targets = Array.from({ length: 6 }, (_, n) => ({ Id: `${n}`, Arn: "arn:aws:sqs:us-east-1:123456789012:q" }));
  const many = await refusal(events.putTargets({ Rule: "r", EventBusName: bus.name, Targets }));
  expect(many).toBeInstanceOf(LimitExceededException);
  const schedule = await refusal(events.putRule({ Name: "s", ScheduleExpression: "rate(1 minute" }));
  expect(schedule).toBeInstanceOf(EventBridgeServiceException);
  expect(schedule.name).toBe("ValidationException");
});
