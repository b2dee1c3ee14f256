// Records go into a stream's shards and come out in order. This client speaks HTTP/2 unless it is told not to.
import {
  type _Record,
  InvalidArgumentException,
  Kinesis,
  paginateListStreams,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import { newName, test as plain } from "../../scenario/fixtures";
import { settings } from "../../scenario/server";
import { refusal } from "../../scenario/steps";

const { requestHandler: _, ...unhandled } = settings();
const kinesis = new Kinesis(unhandled);

const test = plain.extend<{ stream: string }>({
  stream: async ({}, use) => {
    const StreamName = newName();
    await kinesis.createStream({ StreamName, ShardCount: 1 });
    await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30 }, { StreamName });
    await use(StreamName);
    await kinesis.deleteStream({ StreamName });
    await waitUntilStreamNotExists({ client: kinesis, maxWaitTime: 30 }, { StreamName });
  },
});

test("records are read as they were put, in order", async ({ stream }) => {
  const bytes = (n: number) => Uint8Array.of(0, 255, n);
  const put = await kinesis.putRecord({ StreamName: stream, PartitionKey: "Zoë", Data: bytes(0) });
  const Records = Array.from({ length: 20 }, (_, n) => ({ PartitionKey: "a", Data: bytes(n + 1) }));
  expect((await kinesis.putRecords({ StreamName: stream, Records })).FailedRecordCount).toBe(0);

  const start = { StreamName: stream, ShardId: put.ShardId, ShardIteratorType: "TRIM_HORIZON" as const };
  let ShardIterator = (await kinesis.getShardIterator(start)).ShardIterator;
  const read = [];
  while (read.length < 21) {
    const answer = await kinesis.getRecords({ ShardIterator, Limit: 7 });
    read.push(...answer.Records!);
    ShardIterator = answer.NextShardIterator;
  }
  expect(read.map((record) => Uint8Array.from(record.Data!))).toEqual(Array.from({ length: 21 }, (_, n) => bytes(n)));
  expect(read[0]).toMatchObject({ PartitionKey: "Zoë", SequenceNumber: put.SequenceNumber });
  expect(read[0].ApproximateArrivalTimestamp).toBeInstanceOf(Date);
});

test("records are pushed to a consumer as they come", async ({ stream }) => {
  const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName: stream });
  const { StreamARN } = StreamDescriptionSummary!;
  const { Consumer } = await kinesis.registerStreamConsumer({ StreamARN, ConsumerName: "shipping" });
  const { ConsumerARN } = Consumer!;
  const ShardId = "shardId-000000000000";
  const StartingPosition = { Type: "LATEST" as const };
  const { EventStream } = await kinesis.subscribeToShard({ ConsumerARN, ShardId, StartingPosition });
  const again = kinesis.subscribeToShard({ ConsumerARN, ShardId, StartingPosition });
  expect(await refusal(again)).toBeInstanceOf(ResourceInUseException);

  const Data = Uint8Array.of(0, 255, 97);
  const put = await kinesis.putRecord({ StreamName: stream, PartitionKey: "Zoë", Data });
  let deregistered = false;
  const read: _Record[] = [];
  const pushing = (async () => {
    for await (const { SubscribeToShardEvent } of EventStream!) {
      read.push(...SubscribeToShardEvent!.Records!);
      if (read.length > 0 && !deregistered) {
        deregistered = true;
        await kinesis.deregisterStreamConsumer({ ConsumerARN });
      }
    }
  })();
  // An error amid the events.
  await expect(pushing).rejects.toBeInstanceOf(ResourceNotFoundException);
  expect(read).toMatchObject([{ PartitionKey: "Zoë", SequenceNumber: put.SequenceNumber }]);
  expect(Uint8Array.from(read[0].Data!)).toEqual(Data);
});

test("streams are listed by pages", async ({ stream }) => {
  const names = [];
  for await (const page of paginateListStreams({ client: kinesis, pageSize: 1 }, {})) names.push(...page.StreamNames!);
  expect(names).toContain(stream);
});

test("refusals are the SDK's classes", async () => {
  const absent = await refusal(kinesis.describeStreamSummary({ StreamName: newName() }));
  expect(absent).toBeInstanceOf(ResourceNotFoundException);
  expect(await refusal(kinesis.getRecords({ ShardIterator: "none" }))).toBeInstanceOf(InvalidArgumentException);
});
