"use strict";

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { mkdtemp, open, readFile, rm } = require("node:fs/promises");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

const { executable } = require("./executable.js");

const REGION = "us-east-1";
// The line of the log that says where it listens, whatever the log's format.
const READY = /\((http:\/\/[^ )]+)[^)]*\)\. Ready\./;
const POLL_MS = 2;
const KILL_AFTER_MS = 10_000;

exports.executable = executable;

exports.startTopiq = async function startTopiq({ flags = [], env = process.env, timeoutMs = 30_000 } = {}) {
  const program = executable();
  const folder = await mkdtemp(join(tmpdir(), "topiq-"));
  const logFile = join(folder, "log");
  const log = await open(logFile, "w");
  const child = spawn(
    program,
    ["--host", "127.0.0.1", "--port", "0", ...flags],
    { stdio: ["ignore", log.fd, log.fd], env },
  );
  const ended = once(child, "exit").then(
    () => "ended",
    (error) => `did not start: ${error.message}`,
  );
  await log.close();
  // Tests that are interrupted, or never stop it, leave nothing behind; and a running server alone keeps no process.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.unref();

  async function stop() {
    child.ref();
    child.kill("SIGTERM");
    const patience = setTimeout(kill, KILL_AFTER_MS);
    await ended;
    clearTimeout(patience);
    process.removeListener("exit", kill);
    await rm(folder, { recursive: true, force: true });
  }

  const url = await waitUntilReady();
  return {
    url,
    port: Number(new URL(url).port),
    clientConfig: { endpoint: url, region: REGION, credentials: { accessKeyId: "test", secretAccessKey: "test" } },
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
    advance: (duration) => clock({ advance: typeof duration === "number" ? `${duration}ms` : duration }),
    clock,
    forget: (account) => ask(`/_topiq/accounts/${account}`, { method: "DELETE" }),
    log: () => readFile(logFile, "utf8"),
    stop,
    [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]: stop,
  };

  function clock(change) {
    return ask("/_topiq/clock", change === undefined ? {} : { method: "POST", body: JSON.stringify(change) });
  }

  async function ask(path, init) {
    const answer = await fetch(url + path, init);
    const said = answer.status === 204 ? undefined : await answer.json();
    if (!answer.ok) {
      throw new Error(said.Message);
    }
    return said;
  }

  async function waitUntilReady() {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const outcome = await Promise.race([ended, sleep(POLL_MS)]);
      const said = await readFile(logFile, "utf8");
      const ready = READY.exec(said);
      if (outcome === undefined && ready !== null) {
        return ready[1];
      }
      if (outcome !== undefined || Date.now() > deadline) {
        await stop();
        throw new Error(`topiq ${outcome ?? `is not ready after ${timeoutMs} ms`}:\n${said}`);
      }
    }
  }
};
