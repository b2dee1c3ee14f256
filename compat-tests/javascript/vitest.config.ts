// Each client is a project of its own, and a line in the table of ../run.
import { defineConfig } from "vitest/config";

const client = (name: string, include: string[], alias: Record<string, string> = {}) => ({
  extends: true as const,
  resolve: { alias },
  test: { name, include },
});

export default defineConfig({
  test: {
    // Most of a scenario's time is waiting: many at once, and all see one set of modules.
    pool: "threads",
    maxWorkers: 2,
    isolate: false,
    sequence: { concurrent: true },
    maxConcurrency: 16,
    testTimeout: 60_000,
    reporters: ["dot", "./scenario/tally.ts"],
    projects: [
      client("sqs", ["sdk/sqs/*.test.ts", "sdk/*.test.ts"]),
      client("sns", ["sdk/sns/*.test.ts"]),
      client("events", ["sdk/events/*.test.ts"]),
      client("powertools", ["powertools/*.test.ts"]),
      // One of the last releases of version 3 that spoke Query to SQS, run with the same scenarios.
      client("sqs-query", ["sdk/sqs/*.test.ts"], { "@aws-sdk/client-sqs": "client-sqs-query" }),
      client("sdk-v2", ["sdk-v2/*.test.js"]),
      client("sqs-consumer", ["sqs-consumer/*.test.ts"]),
      client("sqs-producer", ["sqs-producer/*.test.ts"]),
      client("sns-validator", ["sns-validator/*.test.ts"]),
    ],
  },
});
