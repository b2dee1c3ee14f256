export interface TopiqOptions {
  /** Flags of the command line, such as `["--init", "infra.yaml"]`. */
  flags?: string[];
  /** The environment of the process, in place of this one's. */
  env?: Record<string, string | undefined>;
  /** How long the start may take: 30 seconds by default. */
  timeoutMs?: number;
}

/** A change of the server's time; several are done in this order. */
export interface ClockChange {
  /** Stands still from now on. */
  freeze?: true;
  /** Moves on by a text such as `"5m"` or `"1h 30m"`, or by seconds. */
  advance?: string | number;
  /** Moves on to a moment such as `"2030-01-02T03:04:05Z"`. */
  set?: string;
  /** Runs on. */
  resume?: true;
}

/** What time it is. */
export interface ClockShown {
  /** For the services. */
  Now: string;
  Machine: string;
  Frozen: boolean;
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
  /**
   * Moves the server's time on: by a text such as `"5m"` or `"1h 30m"`, or by milliseconds. All that falls due by then is
   * done when this resolves: messages are visible, schedules have run, deliveries were retried.
   */
  advance(duration: string | number): Promise<ClockShown>;
  /** What time it is for the server; with a change, after that. */
  clock(change?: ClockChange): Promise<ClockShown>;
  /** Deletes all that an account holds, in every region. */
  forget(account: string): Promise<void>;
  /** What the server has logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a server on a free port of this machine, and resolves once it answers. */
export function startTopiq(options?: TopiqOptions): Promise<Topiq>;

/** The path of topiq's program. */
export function executable(): string;
