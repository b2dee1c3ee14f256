export interface TopiqOptions {
  /** Flags of the command line, such as `["--init", "infra.yaml"]`. */
  flags?: string[];
  /** The environment of the process, in place of this one's. */
  env?: Record<string, string | undefined>;
  /** How long the start may take: 30 seconds by default. */
  timeoutMs?: number;
}

/** A running server. It stops with `stop()`, with `await using`, or with this process. */
export interface Topiq {
  readonly url: string;
  readonly port: number;
  /** What a client of the AWS SDK takes: `new SQSClient(topiq.clientConfig)`. */
  readonly clientConfig: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** What lets an AWS client find this server, as environment variables. */
  readonly env: Record<
    "AWS_ENDPOINT_URL" | "AWS_REGION" | "AWS_DEFAULT_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY",
    string
  >;
  /** What the server has logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a server on a free port of this machine, and resolves once it answers. */
export function startTopiq(options?: TopiqOptions): Promise<Topiq>;

/** The path of topiq's program. */
export function executable(): string;
