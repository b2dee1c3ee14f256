// Errors of version 2: one class, distinguished by AWS's code.
import { expect } from "vitest";
import { nameOf, refusal } from "../scenario/steps";
import { queueArn, sns, sqs, strictSqs, test } from "./fixtures";

const PREFIX = "AWS.SimpleQueueService.";
const eleven = Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: "x" }));

// Code, status, words (undefined: they vary), how to provoke it.
const OF_SQS = [
  [
    PREFIX + "NonExistentQueue",
    400,
    "The specified queue does not exist for this wsdl version.",
    (url) => sqs.sendMessage({ QueueUrl: url + "-missing", MessageBody: "x" }),
  ],
  [
    "QueueAlreadyExists",
    400,
    "A queue already exists with the same name and a different value for attribute DelaySeconds",
    (url) => sqs.createQueue({ QueueName: nameOf(url), Attributes: { DelaySeconds: "1" } }),
  ],
  [
    "InvalidAttributeName",
    400,
    "Unknown Attribute Bogus.",
    (url) => sqs.setQueueAttributes({ QueueUrl: url, Attributes: { Bogus: "1" } }),
  ],
  [
    "InvalidAttributeValue",
    400,
    "Invalid value for the parameter DelaySeconds.",
    (url) => sqs.setQueueAttributes({ QueueUrl: url, Attributes: { DelaySeconds: "901" } }),
  ],
  ["InvalidMessageContents", 400, undefined, (url) => sqs.sendMessage({ QueueUrl: url, MessageBody: "\ufffe" })],
  [
    "ReceiptHandleIsInvalid",
    404,
    'The input receipt handle "garbage" is not a valid receipt handle.',
    (url) => sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: "garbage" }),
  ],
  [
    PREFIX + "EmptyBatchRequest",
    400,
    "There should be at least one SendMessageBatchRequestEntry in the request.",
    (url) => sqs.sendMessageBatch({ QueueUrl: url, Entries: [] }),
  ],
  [
    PREFIX + "TooManyEntriesInBatchRequest",
    400,
    "Maximum number of entries per request are 10. You have sent 11.",
    (url) => sqs.sendMessageBatch({ QueueUrl: url, Entries: eleven }),
  ],
  [
    PREFIX + "BatchEntryIdsNotDistinct",
    400,
    "Id 0 repeated.",
    (url) => sqs.sendMessageBatch({ QueueUrl: url, Entries: [eleven[0], eleven[0]] }),
  ],
  [
    PREFIX + "InvalidBatchEntryId",
    400,
    undefined,
    (url) => sqs.sendMessageBatch({ QueueUrl: url, Entries: [{ Id: "a b", MessageBody: "x" }] }),
  ],
  [
    PREFIX + "BatchRequestTooLong",
    400,
    "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    (url) => sqs.sendMessageBatch({ QueueUrl: url, Entries: [{ Id: "a", MessageBody: "x".repeat(1_048_577) }] }),
  ],
  [
    PREFIX + "UnsupportedOperation",
    400,
    undefined,
    (url) => {
      const list = { DataType: "String", StringListValues: ["a"] };
      return sqs.sendMessage({ QueueUrl: url, MessageBody: "x", MessageAttributes: { list } });
    },
  ],
  ["MissingParameter", 400, undefined, (url) => sqs.sendMessage({ QueueUrl: url, MessageBody: "" })],
];

test.for(OF_SQS)("%s is thrown", async ([code, statusCode, message, provoke], { queue }) => {
  const error = await refusal(provoke(queue).promise());
  expect(error).toMatchObject({ code, statusCode, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  if (message) expect(error.message).toBe(message);
});

test("AWS's waits are kept by a strict server", async ({ createQueue }) => {
  const url = await createQueue({}, strictSqs);
  await strictSqs.purgeQueue({ QueueUrl: url }).promise();
  const purge = await refusal(strictSqs.purgeQueue({ QueueUrl: url }).promise());
  expect(purge).toMatchObject({
    code: PREFIX + "PurgeQueueInProgress",
    statusCode: 403,
    message: `Only one PurgeQueue operation on ${nameOf(url)} is allowed every 60 seconds.`,
  });
  await strictSqs.deleteQueue({ QueueUrl: url }).promise();
  const create = await refusal(strictSqs.createQueue({ QueueName: nameOf(url) }).promise());
  expect(create).toMatchObject({ code: PREFIX + "QueueDeletedRecently", statusCode: 400 });
});

test("a move task needs its queue", async ({ queue }) => {
  const SourceArn = (await queueArn(queue)) + "-missing";
  const error = await refusal(sqs.startMessageMoveTask({ SourceArn }).promise());
  expect(error).toMatchObject({ code: "ResourceNotFoundException", statusCode: 404 });
});

test.for([
  ["NotFound", 404, "Topic does not exist", (TopicArn) => sns.publish({ TopicArn: TopicArn + "-x", Message: "m" })],
  ["InvalidParameter", 400, "Invalid parameter: Empty message", (TopicArn) => sns.publish({ TopicArn, Message: "" })],
  ["EmptyBatchRequest", 400, undefined, (TopicArn) => sns.publishBatch({ TopicArn, PublishBatchRequestEntries: [] })],
])("SNS's %s is thrown", async ([code, statusCode, message, provoke], { createTopic }) => {
  const error = await refusal(provoke(await createTopic()).promise());
  expect(error).toMatchObject({ code, statusCode });
  if (message) expect(error.message).toBe(message);
});
