// Counts outcomes for `compat-tests/run`, which wants them as one line: suite, client and version, passed, failed,
// seconds.
import { appendFileSync, readFileSync } from "node:fs";
import type { Reporter, TestModule, Vitest } from "vitest/node";

// By project: the client's package in node_modules, and its description.
const CLIENTS: Record<string, [name: string, remark: string]> = {
  sqs: ["@aws-sdk/client-sqs", "(JSON)"],
  sns: ["@aws-sdk/client-sns", "(Query)"],
  events: ["@aws-sdk/client-eventbridge", "(JSON)"],
  powertools: ["@aws-lambda-powertools/parser", ""],
  "sqs-query": ["client-sqs-query", "(Query)"],
  "sdk-v2": ["aws-sdk", "(Query)"],
  "sqs-consumer": ["sqs-consumer", ""],
  "sqs-producer": ["sqs-producer", ""],
  "sns-validator": ["sns-validator", ""],
};

export default class Tally implements Reporter {
  private started = performance.now();
  private project = "";

  onInit(vitest: Vitest) {
    this.project = vitest.projects[0].name;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that does not even load fails without a test, and so does an unawaited promise.
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    const seconds = Math.round((performance.now() - this.started) / 1000);
    const line = ["javascript", client(this.project), count("passed"), count("failed") + broken, seconds].join("\t");
    if (process.env.COMPAT_RESULTS) appendFileSync(process.env.COMPAT_RESULTS, line + "\n");
  }
}

function client(project: string): string {
  const [folder, remark] = CLIENTS[project];
  const manifest = new URL(`../node_modules/${folder}/package.json`, import.meta.url);
  const { name, version } = JSON.parse(readFileSync(manifest, "utf8"));
  return `${name.replace("@aws-sdk/", "")} ${version} ${remark}`.trim();
}
