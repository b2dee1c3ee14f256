// Access policies, where they are enforced: of queues for messages from topics, of topics for other accounts.
import { AuthorizationErrorException, SNS } from "@aws-sdk/client-sns";
import { expect } from "vitest";
import { enforcingSns, enforcingSqs } from "../../scenario/clients";
import { allowing, test } from "../../scenario/fixtures";
import { envelope } from "../../scenario/notifications";
import { enforcingEndpoint, isAws, settings } from "../../scenario/server";
import { queueArn, receive, receiveOne, refusal } from "../../scenario/steps";

test("a queue takes what its policy allows", async ({ createTopic, createQueue }) => {
  const [topic, other] = [await createTopic({}, enforcingSns), await createTopic({}, enforcingSns)];
  const url = await createQueue({}, enforcingSqs);
  const Endpoint = await queueArn(enforcingSqs, url);
  for (const TopicArn of [topic, other]) await enforcingSns.subscribe({ TopicArn, Protocol: "sqs", Endpoint });
  await enforcingSns.publish({ TopicArn: topic, Message: "before" });
  await enforcingSqs.setQueueAttributes({ QueueUrl: url, Attributes: { Policy: allowing(topic, Endpoint) } });
  await enforcingSns.publish({ TopicArn: other, Message: "from another" });
  await enforcingSns.publish({ TopicArn: topic, Message: "allowed" });
  expect(envelope(await receiveOne(enforcingSqs, url)).Message).toBe("allowed");
  expect(await receive(enforcingSqs, url, { WaitTimeSeconds: 1 })).toEqual([]);
});

// Against AWS there is one account only.
test.skipIf(isAws)("a stranger needs a permission", async ({ createTopic }) => {
  const account = "888877776666";
  const topic = await createTopic({}, enforcingSns);
  const stranger = new SNS(settings({ url: enforcingEndpoint, account }));
  const publish = () => stranger.publish({ TopicArn: topic, Message: "m" });

  const error = await refusal(publish());
  expect(error).toBeInstanceOf(AuthorizationErrorException);
  expect(error.$metadata.httpStatusCode).toBe(403);
  expect(error.message).toContain(`is not authorized to perform: SNS:Publish on resource: ${topic}`);
  const permission = { TopicArn: topic, Label: "l", AWSAccountId: [account], ActionName: ["Publish"] };
  await enforcingSns.addPermission(permission);
  expect((await publish()).MessageId).toBeTruthy();
  await enforcingSns.removePermission({ TopicArn: topic, Label: "l" });
  expect(await refusal(publish())).toBeInstanceOf(AuthorizationErrorException);
});
