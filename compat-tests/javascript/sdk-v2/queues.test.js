// Queues by version 2 of the SDK, which speaks Query to SQS.
import { expect } from "vitest";
import { newName } from "../scenario/fixtures";
import { after, eventually } from "../scenario/steps";
import { consume, queueArn, receive, sqs, test } from "./fixtures";

test("the client speaks Query", () => {
  expect(sqs.api.protocol).toBe("query");
});

test("a queue is created, used, emptied and deleted", async () => {
  const QueueName = newName();
  const { QueueUrl } = await sqs.createQueue({ QueueName, tags: { team: "orders" } }).promise();
  expect((await sqs.getQueueUrl({ QueueName }).promise()).QueueUrl).toBe(QueueUrl);
  expect((await sqs.listQueues({ QueueNamePrefix: QueueName }).promise()).QueueUrls).toEqual([QueueUrl]);

  await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: "40" } }).promise();
  const shown = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }).promise();
  expect(shown.Attributes).toEqual({ VisibilityTimeout: "40" });
  await sqs.tagQueue({ QueueUrl, Tags: { stage: "test" } }).promise();
  await sqs.untagQueue({ QueueUrl, TagKeys: ["team"] }).promise();
  expect((await sqs.listQueueTags({ QueueUrl }).promise()).Tags).toEqual({ stage: "test" });

  const sent = await sqs.sendMessage({ QueueUrl, MessageBody: "hello" }).promise();
  expect(sent.MD5OfMessageBody).toBe("5d41402abc4b2a76b9719d911017c592");
  const [message] = await consume(QueueUrl, 1);
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: "hello", MD5OfBody: sent.MD5OfMessageBody });

  await sqs.sendMessage({ QueueUrl, MessageBody: "to be purged" }).promise();
  await sqs.purgeQueue({ QueueUrl }).promise();
  await eventually(async () => (await receive(QueueUrl)).length === 0);
  await sqs.deleteQueue({ QueueUrl }).promise();
  await eventually(() =>
    sqs
      .getQueueUrl({ QueueName })
      .promise()
      .then(
        () => false,
        (error) => error.code === "AWS.SimpleQueueService.NonExistentQueue",
      ),
  );
});

test("bad entries of a batch fail alone", async ({ queue }) => {
  const Entries = [
    { Id: "good", MessageBody: "x" },
    { Id: "control", MessageBody: "\u0001" },
    { Id: "delay", MessageBody: "x", DelaySeconds: 901 },
  ];
  const { Successful, Failed } = await sqs.sendMessageBatch({ QueueUrl: queue, Entries }).promise();
  expect(Successful.map(({ Id }) => Id)).toEqual(["good"]);
  expect(Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
    ["control", "InvalidMessageContents", true],
    ["delay", "InvalidParameterValue", true],
  ]);
  expect(await consume(queue, 1)).toHaveLength(1);
});

test("a send from elsewhere wakes a long poll", async ({ queue }) => {
  const started = Date.now();
  const [messages] = await Promise.all([
    receive(queue, { WaitTimeSeconds: 20 }),
    after(300, () => sqs.sendMessage({ QueueUrl: queue, MessageBody: "wake" }).promise()),
  ]);
  expect(messages.map(({ Body }) => Body)).toEqual(["wake"]);
  expect(Date.now() - started).toBeLessThan(18_000);
});

test("a message is hidden, put back, and counts its receives", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "x" }).promise();
  for (const count of ["1", "2"]) {
    const [message] = await receive(queue, { WaitTimeSeconds: 20 });
    expect(message.Attributes.ApproximateReceiveCount).toBe(count);
    expect(await receive(queue), "it is hidden").toEqual([]);
    const { ReceiptHandle } = message;
    await sqs.changeMessageVisibility({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 }).promise();
  }
});

test("a FIFO queue keeps order and drops duplicates", async ({ createQueue }) => {
  const QueueUrl = await createQueue({ FifoQueue: true, ContentBasedDeduplication: true });
  const send = (MessageBody) => sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId: "g" }).promise();
  const sent = [];
  for (let n = 0; n < 12; n++) sent.push(await send(`${n}`));
  const again = await send("3");
  expect([again.MessageId, again.SequenceNumber]).toEqual([sent[3].MessageId, sent[3].SequenceNumber]);
  const messages = await consume(QueueUrl, 12);
  expect(messages.map(({ Body }) => Body)).toEqual(Array.from({ length: 12 }, (_, n) => `${n}`));
  expect(messages.map(({ Attributes }) => Attributes.SequenceNumber)).toEqual(sent.map((it) => it.SequenceNumber));
});

test("a dead letter comes back by a move task", async ({ createQueue }) => {
  const deadLetters = await createQueue();
  const SourceArn = await queueArn(deadLetters);
  const source = await createQueue({ RedrivePolicy: { deadLetterTargetArn: SourceArn, maxReceiveCount: 1 } });
  expect((await sqs.listDeadLetterSourceQueues({ QueueUrl: deadLetters }).promise()).queueUrls).toEqual([source]);

  const sent = await sqs.sendMessage({ QueueUrl: source, MessageBody: "poison" }).promise();
  expect(await receive(source, { WaitTimeSeconds: 20, VisibilityTimeout: 0 })).toHaveLength(1);
  const [dead] = await eventually(async () => {
    expect(await receive(source)).toEqual([]);
    const messages = await receive(deadLetters, { VisibilityTimeout: 0 });
    return messages.length > 0 && messages;
  });
  expect(dead.MessageId).toBe(sent.MessageId);

  await sqs.startMessageMoveTask({ SourceArn }).promise();
  const task = await eventually(async () => {
    const [newest] = (await sqs.listMessageMoveTasks({ SourceArn }).promise()).Results;
    return newest.Status === "COMPLETED" && newest;
  });
  expect(task.ApproximateNumberOfMessagesMoved).toBe(1);
  expect((await consume(source, 1))[0].Body).toBe("poison");
});

test("attributes of every type come back", async ({ queue }) => {
  const MessageAttributes = {
    text: { DataType: "String", StringValue: "Zürich €😀" },
    labelled: { DataType: "Number.int", StringValue: "42" },
    bytes: { DataType: "Binary", BinaryValue: Buffer.from([0, 1, 254, 255]) },
  };
  const header = "Root=1-5759e988-bd862e3fe1be46a994272793";
  const MessageSystemAttributes = { AWSTraceHeader: { DataType: "String", StringValue: header } };
  const message = { QueueUrl: queue, MessageBody: "x", MessageAttributes, MessageSystemAttributes };
  const sent = await sqs.sendMessage(message).promise();
  const [got] = await consume(queue, 1);
  expect(got.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(got.Attributes.AWSTraceHeader).toBe(header);
  for (const [name, attribute] of Object.entries(MessageAttributes)) {
    expect(got.MessageAttributes[name]).toMatchObject(attribute);
  }
});

// A text of only blanks is not among them: this version drops it when it reads XML.
test.for([
  ["emoji", "é€😀👩‍👩‍👧‍👦\u{10ffff}"],
  ["line ends", "a\r\nb\rc\nd\te\r"],
  ["markup", '<a href="x">&amp;&#13;\'</a><![CDATA[ ]]>'],
  ["a form", "a=b&c=d+e%20f;g?h#i"],
  ["outer blanks", "\n  x  \n"],
  ["1 MiB", "é".repeat(524_288)],
])("%s come back as sent", async ([, text], { queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: text }).promise();
  const [{ Body }] = await consume(queue, 1);
  expect(Body === text, "it came back as sent").toBe(true);
});

test("queues are listed in pages", async () => {
  const prefix = newName();
  const create = async (n) => (await sqs.createQueue({ QueueName: `${prefix}-${n}` }).promise()).QueueUrl;
  const urls = await Promise.all([0, 1, 2].map(create));
  const pages = [];
  await new Promise((resolve, reject) => {
    sqs.listQueues({ QueueNamePrefix: prefix, MaxResults: 2 }).eachPage((error, page) => {
      if (error) return reject(error);
      if (page === null) return resolve();
      pages.push(page.QueueUrls);
    });
  });
  expect(pages.map((page) => page.length)).toEqual([2, 1]);
  expect(pages.flat().sort()).toEqual(urls);
  for (const QueueUrl of urls) await sqs.deleteQueue({ QueueUrl }).promise();
});
