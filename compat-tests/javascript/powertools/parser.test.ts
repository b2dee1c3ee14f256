// Powertools' parser over messages as a Lambda function gets them: received, and put into an event.
import { EventBridge } from "@aws-sdk/client-eventbridge";
import type { Message } from "@aws-sdk/client-sqs";
import { EventBridgeEnvelope } from "@aws-lambda-powertools/parser/envelopes/eventbridge";
import { JSONStringified } from "@aws-lambda-powertools/parser/helpers";
import { EventBridgeSchema, SnsSqsNotificationSchema, SqsSchema, SqsRecordSchema } from "@aws-lambda-powertools/parser/schemas";
import { expect } from "vitest";
import { z } from "zod";
import { sqs } from "../scenario/clients";
import { newName, test as plain } from "../scenario/fixtures";
import { ACCOUNT, REGION, settings } from "../scenario/server";
import { queueArn, receiveOne } from "../scenario/steps";

const events = new EventBridge(settings());
const Order = z.object({ id: z.number(), items: z.array(z.string()) });
const ORDER = { id: 7, items: ["é", "b"] };

/** Makes a rule for a target and puts an order on its bus; the id of the event. */
type Deliver = (target: string) => Promise<string>;

const test = plain.extend<{ deliver: Deliver }>({
  deliver: async ({}, use) => {
    const EventBusName = newName();
    const named = { Rule: "orders", EventBusName };
    await events.createEventBus({ Name: EventBusName });
    await events.putRule({ Name: "orders", EventBusName, EventPattern: '{"source":["shop.orders"]}' });
    await use(async (Arn) => {
      await events.putTargets({ ...named, Targets: [{ Id: "1", Arn }] });
      const entry = { EventBusName, Source: "shop.orders", DetailType: "OrderPlaced", Detail: JSON.stringify(ORDER) };
      return (await events.putEvents({ Entries: [entry] })).Entries![0].EventId!;
    });
    await events.removeTargets({ ...named, Ids: ["1"] });
    await events.deleteRule({ Name: "orders", EventBusName });
    await events.deleteEventBus({ Name: EventBusName });
  },
});

/** The event that Lambda makes of a received message. */
function eventOf(message: Message, eventSourceARN: string) {
  const record = {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN,
    awsRegion: REGION,
  };
  return { Records: [record] };
}

test("the event that a rule delivers is read", async ({ queue, deliver }) => {
  const arn = await queueArn(sqs, queue);
  const id = await deliver(arn);
  const event = eventOf(await receiveOne(sqs, queue), arn);
  const body = JSONStringified(EventBridgeSchema.extend({ detail: Order }));
  const { Records } = SqsSchema.extend({ Records: z.array(SqsRecordSchema.extend({ body })) }).parse(event);
  expect(Records[0].body).toMatchObject({
    id,
    version: "0",
    account: ACCOUNT,
    region: REGION,
    source: "shop.orders",
    "detail-type": "OrderPlaced",
    resources: [],
    detail: ORDER,
  });
  expect(EventBridgeEnvelope.parse(JSON.parse(event.Records[0].body!), Order)).toEqual(ORDER);
});

test("the event that came by a topic is read", async ({ topic, subscribedQueue, deliver }) => {
  const queue = await subscribedQueue(topic);
  const id = await deliver(topic);
  const notification = SnsSqsNotificationSchema.parse(JSON.parse((await receiveOne(sqs, queue)).Body!));
  expect(EventBridgeSchema.parse(JSON.parse(notification.Message!)).id).toBe(id);
});
