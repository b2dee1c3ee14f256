// sns-validator, which web applications use to check posted notifications. It insists on a certificate at AWS's own
// address, which a topiq with --tls and --sns-url has, but one that speaks plain HTTP does not.
import https from "node:https";
import { SNS } from "@aws-sdk/client-sns";
import MessageValidator from "sns-validator";
import { afterAll, beforeAll, expect } from "vitest";
import { sns as plainSns } from "../scenario/clients";
import { newName, test } from "../scenario/fixtures";
import type { Notification } from "../scenario/notifications";
import { isAws, settings, tlsEndpoint } from "../scenario/server";
import { agentThatLeadsTo } from "../scenario/trust";

const validator = new MessageValidator();

function validate(notification: Notification): Promise<object> {
  return new Promise((resolve, reject) => {
    validator.validate({ ...notification }, (error, message) => (error ? reject(error) : resolve(message!)));
  });
}

// The validator has no agent of its own: it reaches AWS's address by this process's.
const { globalAgent } = https;
beforeAll(async () => {
  if (tlsEndpoint) https.globalAgent = await agentThatLeadsTo(tlsEndpoint);
});
afterAll(() => {
  https.globalAgent = globalAgent;
});

test.skipIf(!tlsEndpoint).for(["1", "2"])("a notification is valid by version %s", async (version, { receiver }) => {
  const requestHandler = { httpsAgent: await agentThatLeadsTo(tlsEndpoint!) };
  const sns = new SNS({ ...settings({ url: tlsEndpoint }), requestHandler });
  const { TopicArn } = await sns.createTopic({ Name: newName(), Attributes: { SignatureVersion: version } });
  await sns.subscribe({ TopicArn, Protocol: "http", Endpoint: receiver.url });
  const asked = (await receiver.next()).json();
  expect(asked.SignatureVersion).toBe(version);
  expect(asked.SigningCertURL).toMatch(/^https:\/\/sns\.us-east-1\.amazonaws\.com\/SimpleNotificationService-/);
  expect(await validate(asked)).toMatchObject({ Type: "SubscriptionConfirmation", Token: asked.Token });

  await sns.confirmSubscription({ TopicArn, Token: asked.Token });
  for (const Subject of ["with a subject", undefined]) {
    await sns.publish({ TopicArn, Message: "hello é€😀\r\n", Subject });
    const got = (await receiver.next()).json();
    expect(await validate(got)).toMatchObject({ Type: "Notification", Message: "hello é€😀\r\n" });
    await expect(validate({ ...got, Message: "forged" })).rejects.toThrow("The message signature is invalid.");
  }
  await sns.deleteTopic({ TopicArn });
});

// AWS does not reach this machine.
test.skipIf(isAws)("a certificate at a plain address is refused", async ({ topic, receiver }) => {
  await plainSns.subscribe({ TopicArn: topic, Protocol: "http", Endpoint: receiver.url });
  const asked = (await receiver.next()).json();
  await expect(validate(asked)).rejects.toThrow("The certificate is located on an invalid domain.");
});
