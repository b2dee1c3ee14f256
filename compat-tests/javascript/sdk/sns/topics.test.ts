// A topic's life, its subscriptions, and lists in pages.
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  NotFoundException,
  paginateListSubscriptions,
  paginateListSubscriptionsByTopic,
  paginateListTopics,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { expect } from "vitest";
import { sns, sqs } from "../../scenario/clients";
import { newName, test } from "../../scenario/fixtures";
import { settings } from "../../scenario/server";
import { queueArn, refusal } from "../../scenario/steps";

test("a topic is created, changed, tagged and deleted", async () => {
  const client = new SNSClient(settings());
  const name = newName();
  const create = new CreateTopicCommand({ Name: name, Tags: [{ Key: "team", Value: "orders" }] });
  const { TopicArn } = await client.send(create);
  expect(TopicArn).toMatch(new RegExp(`^arn:aws:sns:us-east-1:[0-9]{12}:${name}$`));
  expect((await client.send(create)).TopicArn, "the same again").toBe(TopicArn);

  const change = { TopicArn, AttributeName: "DisplayName", AttributeValue: "Orders <&> é" };
  await client.send(new SetTopicAttributesCommand(change));
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({
    TopicArn,
    DisplayName: "Orders <&> é",
    Owner: TopicArn!.split(":")[4],
    SubscriptionsConfirmed: "0",
    SubscriptionsPending: "0",
    SubscriptionsDeleted: "0",
    Policy: expect.stringContaining('"Version"'),
    EffectiveDeliveryPolicy: expect.stringContaining('"numRetries"'),
  });

  const stage = { Key: "stage", Value: "test" };
  await client.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [stage] }));
  await client.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ["team"] }));
  expect((await client.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual([stage]);

  await client.send(new DeleteTopicCommand({ TopicArn }));
  await client.send(new DeleteTopicCommand({ TopicArn })); // twice is no error
  const gone = await refusal(client.send(new GetTopicAttributesCommand({ TopicArn })));
  expect(gone).toBeInstanceOf(NotFoundException);
  client.destroy();
});

test("a subscription is made, changed and ended", async ({ topic, queue }) => {
  const Endpoint = await queueArn(sqs, queue);
  const subscribe = { TopicArn: topic, Protocol: "sqs", Endpoint };
  const { SubscriptionArn } = await sns.subscribe(subscribe);
  expect(SubscriptionArn).toMatch(new RegExp(`^${topic}:[0-9a-f-]{36}$`));
  expect((await sns.subscribe(subscribe)).SubscriptionArn, "the same again").toBe(SubscriptionArn);

  const raw = { SubscriptionArn, AttributeName: "RawMessageDelivery", AttributeValue: "true" };
  await sns.setSubscriptionAttributes(raw);
  const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn });
  expect(Attributes).toMatchObject({ ...subscribe, SubscriptionArn, RawMessageDelivery: "true" });
  const listed = { SubscriptionArn, Owner: topic.split(":")[4], ...subscribe };
  expect((await sns.listSubscriptionsByTopic({ TopicArn: topic })).Subscriptions).toEqual([listed]);

  await sns.unsubscribe({ SubscriptionArn });
  expect((await sns.listSubscriptionsByTopic({ TopicArn: topic })).Subscriptions).toEqual([]);
});

test("topics and subscriptions are listed in pages", async ({ createTopic }) => {
  const topic = await createTopic();
  const account = topic.split(":")[4];
  const others = await Promise.all(Array.from({ length: 101 }, () => createTopic()));
  const subscriptions = await Promise.all(
    Array.from({ length: 101 }, async (_, n) => {
      const Endpoint = `arn:aws:sqs:us-east-1:${account}:queue-${n}`; // which need not exist
      return (await sns.subscribe({ TopicArn: topic, Protocol: "sqs", Endpoint })).SubscriptionArn;
    }),
  );

  const topics = [];
  for await (const page of paginateListTopics({ client: sns }, {})) topics.push(page.Topics!.map((it) => it.TopicArn));
  expect(topics.length).toBeGreaterThan(1);
  expect(topics.every((page) => page.length <= 100)).toBe(true);
  expect(topics.flat()).toEqual(expect.arrayContaining([topic, ...others]));

  const byTopic = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topic })) {
    byTopic.push(page.Subscriptions!.map((it) => it.SubscriptionArn));
  }
  expect(byTopic.map((page) => page.length)).toEqual([100, 1]);
  expect(byTopic.flat().sort()).toEqual(subscriptions.sort());

  const all = [];
  for await (const page of paginateListSubscriptions({ client: sns }, {})) {
    all.push(...page.Subscriptions!.map((it) => it.SubscriptionArn));
  }
  expect(all).toEqual(expect.arrayContaining(subscriptions));
});
