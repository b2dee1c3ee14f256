// Each error is thrown as the client's own class, with AWS's code, status and text.
import * as client from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { speaksQuery, sqs, strictSqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { nameOf, queueArn, receiveOne, refusal, remove } from "../../scenario/steps";

/** Provokes an error by a queue of its own, on a server that keeps AWS's waits. */
type Provoke = (url: string) => Promise<unknown>;

// Class, status, words (undefined: they vary), how to provoke it.
const THROWN: [string, number, string | undefined, Provoke][] = [
  [
    "QueueDoesNotExist",
    400,
    "The specified queue does not exist.",
    (url) => strictSqs.getQueueUrl({ QueueName: nameOf(url) + "-missing" }),
  ],
  [
    "QueueNameExists",
    400,
    "A queue already exists with the same name and a different value for attribute DelaySeconds",
    (url) => strictSqs.createQueue({ QueueName: nameOf(url), Attributes: { DelaySeconds: "1" } }),
  ],
  [
    "QueueDeletedRecently",
    400,
    "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    async (url) => {
      await strictSqs.deleteQueue({ QueueUrl: url });
      await strictSqs.createQueue({ QueueName: nameOf(url) });
    },
  ],
  [
    "PurgeQueueInProgress",
    403,
    undefined, // names the queue
    async (url) => {
      await strictSqs.purgeQueue({ QueueUrl: url });
      await strictSqs.purgeQueue({ QueueUrl: url });
    },
  ],
  [
    "InvalidAttributeName",
    400,
    "Unknown Attribute Bogus.",
    (url) => strictSqs.setQueueAttributes({ QueueUrl: url, Attributes: { Bogus: "1" } as object }),
  ],
  [
    "InvalidAttributeValue",
    400,
    "Invalid value for the parameter DelaySeconds.",
    (url) => strictSqs.setQueueAttributes({ QueueUrl: url, Attributes: { DelaySeconds: "901" } }),
  ],
  [
    "InvalidMessageContents",
    400,
    undefined, // lists the characters that are allowed
    (url) => strictSqs.sendMessage({ QueueUrl: url, MessageBody: "\ufffe" }),
  ],
  [
    "ReceiptHandleIsInvalid",
    404,
    'The input receipt handle "garbage" is not a valid receipt handle.',
    (url) => strictSqs.deleteMessage({ QueueUrl: url, ReceiptHandle: "garbage" }),
  ],
  [
    "OverLimit",
    403,
    "8 Actions were found, maximum allowed is 7.",
    async (url) => {
      const account = (await queueArn(strictSqs, url)).split(":")[4];
      const sends = ["SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"];
      const others = ["GetQueueAttributes", "GetQueueUrl", "PurgeQueue", "ListDeadLetterSourceQueues"];
      const Actions = [...sends, ...others];
      await strictSqs.addPermission({ QueueUrl: url, Label: "eight", AWSAccountIds: [account], Actions });
    },
  ],
  [
    "UnsupportedOperation",
    400,
    "Message attribute list values in SendMessage operation are not supported.",
    (url) => {
      const list = { DataType: "String", StringListValues: ["a", "b"] };
      return strictSqs.sendMessage({ QueueUrl: url, MessageBody: "x", MessageAttributes: { list } });
    },
  ],
  [
    "ResourceNotFoundException",
    404,
    "The resource that you specified for the SourceArn parameter doesn't exist.",
    async (url) => strictSqs.listMessageMoveTasks({ SourceArn: (await queueArn(strictSqs, url)) + "-missing" }),
  ],
  [
    "BatchEntryIdsNotDistinct",
    400,
    "Id a repeated.",
    (url) => {
      const entry = { Id: "a", ReceiptHandle: "x" };
      return strictSqs.deleteMessageBatch({ QueueUrl: url, Entries: [entry, entry] });
    },
  ],
  [
    "BatchRequestTooLong",
    400,
    "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    (url) => {
      const entry = { Id: "a", MessageBody: "x".repeat(1_048_577) };
      return strictSqs.sendMessageBatch({ QueueUrl: url, Entries: [entry] });
    },
  ],
  [
    "EmptyBatchRequest",
    400,
    "There should be at least one SendMessageBatchRequestEntry in the request.",
    (url) => strictSqs.sendMessageBatch({ QueueUrl: url, Entries: [] }),
  ],
  [
    "InvalidBatchEntryId",
    400,
    undefined,
    (url) => strictSqs.sendMessageBatch({ QueueUrl: url, Entries: [{ Id: "a b", MessageBody: "x" }] }),
  ],
  [
    "TooManyEntriesInBatchRequest",
    400,
    "Maximum number of entries per request are 10. You have sent 11.",
    (url) => {
      const Entries = Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: "x" }));
      return strictSqs.sendMessageBatch({ QueueUrl: url, Entries });
    },
  ],
];

// Modelled, but thrown only by features that emulators lack: KMS keys, throttling, transport security; or never by SQS.
const NOT_THROWN = [
  "InvalidAddress",
  "InvalidIdFormat",
  "InvalidSecurity",
  "KmsAccessDenied",
  "KmsDisabled",
  "KmsInvalidKeyUsage",
  "KmsInvalidState",
  "KmsNotFound",
  "KmsOptInRequired",
  "KmsThrottled",
  "MessageNotInflight",
  "RequestThrottled",
];

type ErrorClass = new (...args: never[]) => client.SQSServiceException;

/** The classes of the client's errors, by their names; releases before today's have fewer. */
const classes = Object.fromEntries(
  Object.entries(client as object).filter(([, value]) => value?.prototype instanceof client.SQSServiceException),
) as Record<string, ErrorClass>;

test.for(THROWN)("%s is thrown", async ([name, status, message, provoke], { createQueue }) => {
  const url = await createQueue({}, strictSqs);
  const error = await refusal(provoke(url));
  expect(error).toBeInstanceOf(classes[name] ?? client.SQSServiceException);
  expect(error.name).toBe(name);
  expect(error.$fault).toBe("client");
  expect(error.$metadata.httpStatusCode).toBe(status);
  expect(error.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  // Releases that speak Query lose the words of errors that have a class.
  if (message && !speaksQuery) expect(error.message).toBe(message);
});

test("the table knows every error of the client", () => {
  const known = [...THROWN.map(([name]) => name), ...NOT_THROWN, "SQSServiceException"];
  expect(Object.keys(classes).filter((name) => !known.includes(name))).toEqual([]);
});

test("an error keeps the code that it had in Query", async ({ queue }) => {
  const error = await refusal(sqs.receiveMessage({ QueueUrl: queue + "-missing" }));
  expect(error).toMatchObject({ Code: "AWS.SimpleQueueService.NonExistentQueue" });
});

test("errors that are not modelled have a name and the general class", async ({ queue, fifoQueue }) => {
  const empty = await refusal(sqs.sendMessage({ QueueUrl: queue, MessageBody: "" }));
  expect(empty).toBeInstanceOf(client.SQSServiceException);
  expect(empty.message).toBe("The request must contain the parameter MessageBody.");
  const groupless = await refusal(sqs.sendMessage({ QueueUrl: fifoQueue, MessageBody: "x" }));
  expect(groupless.message).toBe("The request must contain the parameter MessageGroupId.");
  for (const error of [empty, groupless]) {
    expect(error.name).toMatch(/^Missing(RequiredParameterException|Parameter)$/);
    expect(error).toMatchObject({ Code: "MissingParameter" });
  }
});

test("a refused send leaves no message", async ({ queue }) => {
  await refusal(sqs.sendMessage({ QueueUrl: queue, MessageBody: "\0" }));
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "good" });
  const message = await receiveOne(sqs, queue);
  expect(message.Body).toBe("good");
  await remove(sqs, queue, message);
});
