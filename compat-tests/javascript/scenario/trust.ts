// HTTPS by a certificate that topiq made: the authority to trust, and AWS's name leading to topiq.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, type AgentOptions, get } from "node:https";
import { text } from "node:stream/consumers";
import { connect, type ConnectionOptions } from "node:tls";

/** The certificate of a server's authority, fetched by a client that does not trust it yet. */
export async function authorityOf(url: string): Promise<string> {
  const request = get(`${url}/_topiq/ca.pem`, { rejectUnauthorized: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return text(response);
}

/**
 * Does what a container's alias and its port 443 do: every host is topiq. The client still checks that the certificate
 * is for the requested host.
 */
export async function agentThatLeadsTo(url: string): Promise<Agent> {
  const { hostname, port } = new URL(url);
  const ca = await authorityOf(url);
  return new (class extends Agent {
    createConnection(options: AgentOptions & ConnectionOptions) {
      return connect({ ...options, ca, servername: options.host, host: hostname, port: Number(port) });
    }
  })();
}
