// Bodies that break careless codecs.
import { InvalidMessageContents } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { speaksQuery, sqs } from "../../scenario/clients";
import { test } from "../../scenario/fixtures";
import { receiveOne, refusal } from "../../scenario/steps";

test.for([
  ["emoji and beyond", "é€😀👩‍👩‍👧‍👦\u{10ffff}"],
  ["line ends", "a\r\nb\rc\nd\te\r"],
  ["markup", '<a href="x">&amp;&#13;\'</a><![CDATA[ ]]>'],
  ["a form", "a=b&c=d+e%20f;g?h#i"],
  ["blanks", "   "],
  ["outer blanks", "\n  x  \n"],
  ["JSON", '{"a":"\\u0000 \\n \\\\ \\""}'],
  ["the edges of what is allowed", "\t\n\r \ud7ff\ue000\ufffd"],
  ["right to left", "\u202eabc\u200f"],
  ["a byte order mark", "\ufeffx"],
  ["line separators", "a\u2028b\u2029c\u0085d"],
  ["a prototype's words", '{"__proto__":{"constructor":1}}'],
])("%s come back as sent", async ([, text], { queue }) => {
  const attribute = { same: { DataType: "String", StringValue: text } };
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: text, MessageAttributes: attribute });
  const message = await receiveOne(sqs, queue);
  expect(message.Body).toBe(text);
  expect(message.MessageAttributes).toEqual(attribute);
});

// Releases that speak Query drop such text when they read XML, and then its digest does not match.
test.skipIf(speaksQuery)("nothing but line ends comes back as sent", async ({ queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: "\r\n\n" });
  expect((await receiveOne(sqs, queue)).Body).toBe("\r\n\n");
});

test.for(["\0", "\u0001", "\b", "\v", "\f", "\u001f", "\ufffe", "\uffff"].map((text) => [JSON.stringify(text), text]))(
  "control character %s is refused",
  async ([, character], { queue }) => {
    const error = await refusal(sqs.sendMessage({ QueueUrl: queue, MessageBody: `a${character}b` }));
    expect(error).toBeInstanceOf(InvalidMessageContents);
  },
);

test.for([
  ["letters", "x".repeat(1_048_576)],
  ["letters of two bytes", "é".repeat(524_288)],
  ["letters of four bytes", "😀".repeat(262_144)],
  ["lines", "x\r\n".repeat(349_525)],
])("1 MiB of %s passes", async ([, text], { queue }) => {
  await sqs.sendMessage({ QueueUrl: queue, MessageBody: text });
  const { Body } = await receiveOne(sqs, queue);
  expect(Body === text, "it came back as sent").toBe(true); // a difference of megabytes helps nobody
});

test("one byte more than 1 MiB is refused", async ({ queue }) => {
  const error = await refusal(sqs.sendMessage({ QueueUrl: queue, MessageBody: "x".repeat(1_048_577) }));
  expect(error.name).toMatch(/^InvalidParameterValue/);
  expect(error.message).toBe("One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.");
});
