// Each error is thrown as the client's own class, with AWS's code, status and text.
import { randomInt } from "node:crypto";
import * as client from "@aws-sdk/client-sns";
import { SNS } from "@aws-sdk/client-sns";
import { expect } from "vitest";
import { newName, test } from "../../scenario/fixtures";
import { endpoint, isAws, settings } from "../../scenario/server";
import { refusal } from "../../scenario/steps";

/** Provokes an error by a topic of an account that has nothing else: some limits are the account's. */
type Provoke = (sns: SNS, topic: string) => Promise<unknown>;

async function createPhone(sns: SNS, Attributes?: Record<string, string>) {
  const key = { PlatformCredential: "key" };
  const application = await sns.createPlatformApplication({ Name: newName(), Platform: "GCM", Attributes: key });
  const { PlatformApplicationArn } = application;
  const phone = await sns.createPlatformEndpoint({ PlatformApplicationArn, Token: "token", Attributes });
  return { PlatformApplicationArn, TargetArn: phone.EndpointArn };
}

// Class, code, status, words (undefined: not known of AWS), how to provoke it.
const THROWN: [string, string, number, string | undefined, Provoke][] = [
  [
    "AuthorizationErrorException",
    "AuthorizationError",
    403,
    undefined,
    async (sns, topic) => {
      const email = { TopicArn: topic, Protocol: "email", Endpoint: "a@example.com", ReturnSubscriptionArn: true };
      const { SubscriptionArn } = await sns.subscribe(email);
      // topiq shows the token without its mail.
      const answer = await fetch(`${endpoint}/_aws/sns/subscription-tokens/${SubscriptionArn}`);
      const { subscription_token: Token } = (await answer.json()) as { subscription_token: string };
      await sns.confirmSubscription({ TopicArn: topic, Token, AuthenticateOnUnsubscribe: "true" });
      const nobody = new SNS({ ...settings(), signer: { sign: async (request) => request } });
      await nobody.unsubscribe({ SubscriptionArn });
    },
  ],
  [
    "BatchEntryIdsNotDistinctException",
    "BatchEntryIdsNotDistinct",
    400,
    "Two or more batch entries in the request have the same Id.",
    (sns, TopicArn) => {
      const entry = { Id: "a", Message: "m" };
      return sns.publishBatch({ TopicArn, PublishBatchRequestEntries: [entry, entry] });
    },
  ],
  [
    "BatchRequestTooLongException",
    "BatchRequestTooLong",
    400,
    "The length of all the messages put together is more than the limit.",
    (sns, TopicArn) => {
      const entries = ["a", "b", "c"].map((Id) => ({ Id, Message: "x".repeat(100_000) }));
      return sns.publishBatch({ TopicArn, PublishBatchRequestEntries: entries });
    },
  ],
  [
    "EmptyBatchRequestException",
    "EmptyBatchRequest",
    400,
    undefined,
    (sns, TopicArn) => sns.publishBatch({ TopicArn, PublishBatchRequestEntries: [] }),
  ],
  [
    "EndpointDisabledException",
    "EndpointDisabled",
    400,
    "Endpoint is disabled",
    async (sns) => {
      const { TargetArn } = await createPhone(sns, { Enabled: "false" });
      await sns.publish({ TargetArn, Message: "m" });
    },
  ],
  [
    "InvalidBatchEntryIdException",
    "InvalidBatchEntryId",
    400,
    "The Id of a batch entry in the batch request contains an impermissible character: a b",
    (sns, TopicArn) => sns.publishBatch({ TopicArn, PublishBatchRequestEntries: [{ Id: "a b", Message: "m" }] }),
  ],
  [
    "InvalidParameterException",
    "InvalidParameter",
    400,
    "Invalid parameter: Empty message",
    (sns, TopicArn) => sns.publish({ TopicArn, Message: "" }),
  ],
  [
    "InvalidParameterValueException",
    "ParameterValueInvalid",
    400,
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. " +
      "Can only include alphanumeric characters, hyphens, underscores, or dots.",
    (sns, TopicArn) => {
      const MessageAttributes = { "a^": { DataType: "String", StringValue: "v" } };
      return sns.publish({ TopicArn, Message: "m", MessageAttributes });
    },
  ],
  [
    "InvalidStateException",
    "InvalidState",
    400,
    "Invalid state: Cannot delete a topic with an ArchivePolicy",
    async (sns) => {
      const Attributes = { FifoTopic: "true", ArchivePolicy: '{"MessageRetentionPeriod":"1"}' };
      const { TopicArn } = await sns.createTopic({ Name: newName(".fifo"), Attributes });
      await sns.deleteTopic({ TopicArn });
    },
  ],
  [
    "NotFoundException",
    "NotFound",
    404,
    "Topic does not exist",
    (sns, topic) => sns.publish({ TopicArn: topic + "-missing", Message: "m" }),
  ],
  [
    "PlatformApplicationDisabledException",
    "PlatformApplicationDisabled",
    400,
    "Platform application is disabled",
    async (sns) => {
      const { PlatformApplicationArn, TargetArn } = await createPhone(sns);
      await sns.setPlatformApplicationAttributes({ PlatformApplicationArn, Attributes: { Enabled: "false" } });
      await sns.publish({ TargetArn, Message: "m" });
    },
  ],
  [
    "ResourceNotFoundException",
    "ResourceNotFound",
    404,
    "Resource does not exist",
    (sns, topic) => sns.tagResource({ ResourceArn: topic + "-missing", Tags: [{ Key: "k", Value: "v" }] }),
  ],
  [
    "SubscriptionLimitExceededException",
    "SubscriptionLimitExceeded",
    403,
    undefined,
    async (sns) => {
      const { TopicArn } = await sns.createTopic({ Name: newName(".fifo"), Attributes: { FifoTopic: "true" } });
      for (let n = 0; n <= 100; n++) {
        await sns.subscribe({ TopicArn, Protocol: "sqs", Endpoint: `arn:aws:sqs:us-east-1:123456789012:queue-${n}` });
      }
    },
  ],
  [
    "TagLimitExceededException",
    "TagLimitExceeded",
    400,
    undefined,
    (sns, ResourceArn) => {
      const Tags = Array.from({ length: 51 }, (_, n) => ({ Key: `${n}`, Value: "v" }));
      return sns.tagResource({ ResourceArn, Tags });
    },
  ],
  [
    "TooManyEntriesInBatchRequestException",
    "TooManyEntriesInBatchRequest",
    400,
    "The batch request contains more entries than permissible.",
    (sns, TopicArn) => {
      const entries = Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, Message: "m" }));
      return sns.publishBatch({ TopicArn, PublishBatchRequestEntries: entries });
    },
  ],
  [
    "UserErrorException",
    "UserError",
    400,
    undefined,
    async (sns) => {
      for (let n = 0; n <= 10; n++) await sns.createSMSSandboxPhoneNumber({ PhoneNumber: `+1555123${1000 + n}` });
    },
  ],
];

// Modelled, but thrown only by features that emulators lack: KMS keys, throttling, transport security, organisations'
// tag policies; or beyond numbers that a test cannot reach.
const NOT_THROWN = [
  "ConcurrentAccessException",
  "FilterPolicyLimitExceededException",
  "InternalErrorException",
  "InvalidSecurityException",
  "KMSAccessDeniedException",
  "KMSDisabledException",
  "KMSInvalidStateException",
  "KMSNotFoundException",
  "KMSOptInRequired",
  "KMSThrottlingException",
  "OptedOutException", // no phone answers STOP
  "ReplayLimitExceededException",
  "StaleTagException",
  "TagPolicyException",
  "ThrottledException",
  "TopicLimitExceededException",
  "ValidationException", // on the wire it is ValidationError, which clients do not know
  "VerificationException", // its password goes by text message; Python's scenarios read it
];

type ErrorClass = new (...args: never[]) => client.SNSServiceException;

const classes = Object.fromEntries(
  Object.entries(client as object).filter(([, value]) => value?.prototype instanceof client.SNSServiceException),
) as Record<string, ErrorClass>;

// Many leave something behind, which would cost money on AWS.
test.skipIf(isAws).for(THROWN)("%s is thrown", async ([name, code, status, message, provoke]) => {
  const sns = new SNS(settings({ account: `${randomInt(1e11, 1e12)}` }));
  const { TopicArn } = await sns.createTopic({ Name: newName() });
  const error = await refusal(provoke(sns, TopicArn!));
  expect(error).toBeInstanceOf(classes[name]);
  expect(error).toMatchObject({ name, $fault: "client", Code: code, Type: "Sender" });
  expect(error.$metadata.httpStatusCode).toBe(status);
  expect(error.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  if (message) expect(error.message).toBe(message);
  await sns.deleteTopic({ TopicArn });
});

test("the table knows every error of the client", () => {
  const known = [...THROWN.map(([name]) => name), ...NOT_THROWN, "SNSServiceException"];
  expect(Object.keys(classes).filter((name) => !known.includes(name))).toEqual([]);
});
