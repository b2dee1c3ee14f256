// SNS's messages to subscribers, read and verified as subscribers do.
import { createVerify, X509Certificate } from "node:crypto";
import type { Message } from "@aws-sdk/client-sqs";
import { expect } from "vitest";

export interface Notification {
  Type: "Notification" | "SubscriptionConfirmation" | "UnsubscribeConfirmation";
  MessageId: string;
  TopicArn: string;
  Subject?: string;
  Message: string;
  Timestamp: string;
  Token?: string;
  SubscribeURL?: string;
  SignatureVersion: string;
  Signature: string;
  SigningCertURL: string;
  UnsubscribeURL?: string;
  MessageAttributes?: Record<string, { Type: string; Value: string }>;
  SequenceNumber?: string;
}

const SIGNED = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;

const ALGORITHMS: Record<string, string> = { "1": "RSA-SHA1", "2": "RSA-SHA256" };

/** The notification in a queue's message. */
export function envelope(message: Message): Notification {
  return JSON.parse(message.Body!);
}

/** The published messages in the envelopes of queue messages. */
export function texts(messages: Message[]): string[] {
  return messages.map((message) => envelope(message).Message);
}

/** Whether the certificate that a notification names says that SNS signed it. */
export async function isSigned(notification: Notification): Promise<boolean> {
  const certificate = new X509Certificate(await visit(notification.SigningCertURL));
  const verifier = createVerify(ALGORITHMS[notification.SignatureVersion]);
  for (const key of SIGNED[notification.Type]) {
    if (notification[key] !== undefined) verifier.update(`${key}\n${notification[key]}\n`);
  }
  return verifier.verify(certificate.publicKey, notification.Signature, "base64");
}

/** Opens a link as a browser does: unsigned. */
export async function visit(url: string): Promise<string> {
  const answer = await fetch(url);
  expect(answer.status, url).toBe(200);
  return answer.text();
}
