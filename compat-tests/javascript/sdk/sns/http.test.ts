// HTTP endpoints: the handshake, and notifications whose signatures node:crypto verifies.
import { expect } from "vitest";
import { sns } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { isSigned, visit } from "../../scenario/notifications";
import type { Receiver } from "../../scenario/receiver";
import { isAws } from "../../scenario/server";

/** Subscribes the receiver and confirms by the link that it is sent; returns the subscription's ARN. */
async function subscribe(topic: string, receiver: Receiver, Attributes: Record<string, string> = {}) {
  const { SubscriptionArn } = await sns.subscribe({
    TopicArn: topic,
    Protocol: "http",
    Endpoint: receiver.url,
    Attributes,
    ReturnSubscriptionArn: true,
  });
  await visit((await receiver.next()).json().SubscribeURL!);
  return SubscriptionArn!;
}

const local = test.skipIf(isAws); // AWS does not reach this machine

local.for(["1", "2"])("the handshake is signed by version %s", async (version, { createTopic, receiver }) => {
  const topic = await createTopic({ SignatureVersion: version });
  const subscription = { TopicArn: topic, Protocol: "http", Endpoint: receiver.url };
  expect((await sns.subscribe(subscription)).SubscriptionArn).toBe("pending confirmation");
  const { headers, json } = await receiver.next();
  const asked = json();
  expect(headers).toMatchObject({
    "x-amz-sns-message-type": "SubscriptionConfirmation",
    "x-amz-sns-message-id": asked.MessageId,
    "x-amz-sns-topic-arn": topic,
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
  });
  expect(asked.SignatureVersion).toBe(version);
  expect(await isSigned(asked)).toBe(true);

  const { SubscriptionArn } = await sns.confirmSubscription({ TopicArn: topic, Token: asked.Token });
  const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn });
  expect(Attributes!.PendingConfirmation).toBe("false");
});

local.for(["1", "2"])("a notification is signed by version %s", async (version, { createTopic, receiver }) => {
  const topic = await createTopic({ SignatureVersion: version });
  const subscription = await subscribe(topic, receiver);
  const { MessageId } = await sns.publish({ TopicArn: topic, Message: "hello é€😀\r\n", Subject: "s" });
  const { headers, json } = await receiver.next();
  const got = json();
  expect(headers).toMatchObject({
    "x-amz-sns-message-type": "Notification",
    "x-amz-sns-message-id": MessageId,
    "x-amz-sns-topic-arn": topic,
    "x-amz-sns-subscription-arn": subscription,
  });
  expect(got).toMatchObject({ MessageId, Message: "hello é€😀\r\n", Subject: "s", SignatureVersion: version });
  expect(await isSigned(got)).toBe(true);
  expect(await isSigned({ ...got, Message: "forged" })).toBe(false);
});

local("a raw notification is the text alone", async ({ topic, receiver }) => {
  await subscribe(topic, receiver, { RawMessageDelivery: "true" });
  await sns.publish({ TopicArn: topic, Message: "a;b\n1;2" });
  const { headers, body } = await receiver.next();
  expect(headers["x-amz-sns-rawdelivery"]).toBe("true");
  expect(body).toBe("a;b\n1;2");
});

local("a failing receiver is asked again with the same id", async ({ topic, receiver }) => {
  const impatient = { numRetries: 3, numNoDelayRetries: 3, minDelayTarget: 1, maxDelayTarget: 1 };
  await subscribe(topic, receiver, { DeliveryPolicy: JSON.stringify({ healthyRetryPolicy: impatient }) });
  receiver.answers.push(500, 503, 204);
  const { MessageId } = await sns.publish({ TopicArn: topic, Message: "again" });
  for (let attempt = 0; attempt < 3; attempt++) {
    expect((await receiver.next()).headers["x-amz-sns-message-id"]).toBe(MessageId);
  }
});

local("the link in a notification ends its subscription", async ({ topic, receiver }) => {
  await subscribe(topic, receiver);
  await sns.publish({ TopicArn: topic, Message: "the last" });
  await visit((await receiver.next()).json().UnsubscribeURL!);
  expect((await sns.listSubscriptionsByTopic({ TopicArn: topic })).Subscriptions).toEqual([]);
});
