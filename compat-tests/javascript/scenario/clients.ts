// The clients that most scenarios use.
import { SNS } from "@aws-sdk/client-sns";
import * as client from "@aws-sdk/client-sqs";
import { SQS } from "@aws-sdk/client-sqs";
import { enforcingEndpoint, settings, strictEndpoint } from "./server";

export const sqs = new SQS(settings());
export const sns = new SNS(settings());
export const strictSqs = new SQS(settings({ url: strictEndpoint }));
export const enforcingSqs = new SQS(settings({ url: enforcingEndpoint }));
export const enforcingSns = new SNS(settings({ url: enforcingEndpoint }));

/** Whether the client speaks Query to SQS, as releases before November 2023 do: this error came with AWS JSON. */
export const speaksQuery = !("InvalidAddress" in client);
