// An HTTP endpoint in this process that SNS posts to.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Notification } from "./notifications";
import { eventually } from "./steps";

/** A request as received. */
export interface Posted {
  headers: IncomingHttpHeaders;
  body: string;
  json: () => Notification;
}

export interface Receiver {
  url: string;
  /** Statuses to answer with; when none is left it is 200. */
  answers: number[];
  /** Waits for the next request. */
  next: () => Promise<Posted>;
  close: () => void;
}

export async function startReceiver(): Promise<Receiver> {
  const posted: Posted[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    posted.push({ headers: request.headers, body, json: () => JSON.parse(body) });
    response.writeHead(answers.shift() ?? 200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbox`,
    answers,
    next: () => eventually(() => posted.shift()),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
