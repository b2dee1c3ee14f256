// sns-validator, which web applications use to check what is posted to them. It insists on a certificate at an HTTPS
// address, which a topiq that speaks plain HTTP does not have.
import https from "node:https";
import { Readable } from "node:stream";
import MessageValidator from "sns-validator";
import { afterAll, expect, vi } from "vitest";
import { sns } from "../scenario/clients";
import { test as withTopics } from "../scenario/fixtures";
import { type Notification, visit } from "../scenario/notifications";
import { endpoint, isAws } from "../scenario/server";

const AWS = "https://sns.us-east-1.amazonaws.com";

const test = withTopics.skipIf(isAws); // AWS does not reach this machine

const validator = new MessageValidator();

function validate(notification: Notification): Promise<object> {
  return new Promise((resolve, reject) => {
    validator.validate({ ...notification }, (error, message) => (error ? reject(error) : resolve(message!)));
  });
}

/** The notification with its certificate at AWS's own address, which is no part of what is signed. */
function atAws(notification: Notification): Notification {
  return { ...notification, SigningCertURL: notification.SigningCertURL.replace(endpoint!, AWS) };
}

// The way to AWS's address leads to topiq here. All else is the validator's own: its rules for addresses, what it takes
// for signed, and its reading of the certificate.
const get = vi.spyOn(https, "get").mockImplementation(function (url: string, answer: (response: object) => void) {
  const certificate = visit(url.replace(AWS, endpoint!));
  void certificate.then((pem) => answer(Object.assign(Readable.from([pem]), { statusCode: 200 })));
  return new Readable();
} as unknown as typeof https.get);
afterAll(() => get.mockRestore());

test.for(["1", "2"])("what is posted is valid by version %s", async (version, { createTopic, receiver }) => {
  const topic = await createTopic({ SignatureVersion: version });
  await sns.subscribe({ TopicArn: topic, Protocol: "http", Endpoint: receiver.url });
  const asked = (await receiver.next()).json();
  expect(asked.SignatureVersion).toBe(version);
  expect(await validate(atAws(asked))).toMatchObject({ Type: "SubscriptionConfirmation", Token: asked.Token });

  await sns.confirmSubscription({ TopicArn: topic, Token: asked.Token });
  for (const Subject of ["with a subject", undefined]) {
    await sns.publish({ TopicArn: topic, Message: "hello é€😀\r\n", Subject });
    const got = (await receiver.next()).json();
    expect(await validate(atAws(got))).toMatchObject({ Type: "Notification", Message: "hello é€😀\r\n" });
    const forged = atAws({ ...got, Message: "forged" });
    await expect(validate(forged)).rejects.toThrow("The message signature is invalid.");
  }
});

test("a certificate at a plain address is refused", async ({ topic, receiver }) => {
  await sns.subscribe({ TopicArn: topic, Protocol: "http", Endpoint: receiver.url });
  const asked = (await receiver.next()).json();
  await expect(validate(asked)).rejects.toThrow("The certificate is located on an invalid domain.");
});
