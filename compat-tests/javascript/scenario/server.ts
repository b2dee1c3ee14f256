// The servers to call, and the caller.
import { Agent } from "node:http";
import { NodeHttpHandler } from "@smithy/node-http-handler";

export const REGION = "us-east-1";
export const ACCOUNT = "123456789012";

/** Whether the scenarios run against AWS itself, with the caller's own credentials. */
export const isAws = process.env.TOPIQ_ENDPOINT === "aws";

export const endpoint = url("TOPIQ_ENDPOINT");
/** A server that keeps AWS's waits, as AWS itself does. */
export const strictEndpoint = url("TOPIQ_STRICT_ENDPOINT");
/** A server that enforces access policies, as AWS itself does. */
export const enforcingEndpoint = url("TOPIQ_ENFORCING_ENDPOINT");

/** The https:// URL of a server with a certificate that it made and AWS's --sns-url, if there is one. */
export const tlsEndpoint = process.env.TOPIQ_TLS_ENDPOINT;

/** The URL to call; undefined lets the client find AWS. */
function url(variable: string): string | undefined {
  const given = process.env[variable];
  if (!given) throw new Error(`name an endpoint in ${variable}: a URL, or aws`);
  return given === "aws" ? undefined : given;
}

/** A client's configuration as a user writes it; against topiq the access key names the account. */
export function settings({ url = endpoint, account = ACCOUNT, region = REGION } = {}) {
  return {
    region,
    ...(url && { endpoint: url, credentials: { accessKeyId: account, secretAccessKey: "anything" } }),
    maxAttempts: 1, // a failure hidden by a retry is still a failure
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }) }),
  };
}
