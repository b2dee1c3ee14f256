// Environment variables are all that a program needs: the SDK reads them itself.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { newName, test } from "../scenario/fixtures";
import { ACCOUNT, endpoint, isAws, REGION, tlsEndpoint } from "../scenario/server";
import { authorityOf } from "../scenario/trust";

// A program that knows nothing of topiq.
const PROGRAM = `
  import { SQSClient, CreateQueueCommand, DeleteQueueCommand, SendMessageCommand, ReceiveMessageCommand }
    from "@aws-sdk/client-sqs";
  import { SNSClient, CreateTopicCommand, DeleteTopicCommand } from "@aws-sdk/client-sns";

  const sqs = new SQSClient(), sns = new SNSClient();
  const name = process.argv.at(-1);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  console.log(JSON.stringify({ QueueUrl, TopicArn, bodies: Messages.map(({ Body }) => Body) }));
`;

async function run(environment: Record<string, string>) {
  const name = newName();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", PROGRAM, "--", name],
    {
      env: {
        PATH: process.env.PATH!,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: ACCOUNT,
        AWS_SECRET_ACCESS_KEY: "anything",
        ...environment,
      },
    },
  );
  return { name, ...JSON.parse(stdout) };
}

function expectDone({ name, QueueUrl, TopicArn, bodies }: Awaited<ReturnType<typeof run>>, url: string) {
  expect(QueueUrl).toBe(`${url}/${ACCOUNT}/${name}`);
  expect(TopicArn).toBe(`arn:aws:sns:${REGION}:${ACCOUNT}:${name}`);
  expect(bodies).toEqual(["hello"]);
}

test.skipIf(isAws).for([
  ["AWS_ENDPOINT_URL", { AWS_ENDPOINT_URL: endpoint! }],
  ["one variable a service", { AWS_ENDPOINT_URL_SQS: endpoint!, AWS_ENDPOINT_URL_SNS: endpoint! }],
] as const)("%s is all the configuration", async ([, environment]) => {
  expectDone(await run(environment), endpoint!);
});

test.skipIf(!tlsEndpoint)("over HTTPS it takes the certificate to trust, too", async () => {
  await expect(run({ AWS_ENDPOINT_URL: tlsEndpoint! })).rejects.toThrow("unable to verify the first certificate");

  const folder = await mkdtemp(join(tmpdir(), "compat-"));
  const authority = join(folder, "ca.pem");
  await writeFile(authority, await authorityOf(tlsEndpoint!));
  expectDone(await run({ AWS_ENDPOINT_URL: tlsEndpoint!, NODE_EXTRA_CA_CERTS: authority }), tlsEndpoint!);
  await rm(folder, { recursive: true });
});
